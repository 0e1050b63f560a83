package vectorgrad.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.nn.Layers.batchNorm;
import static vectorgrad.nn.Layers.dropout;
import static vectorgrad.nn.Layers.flatten;
import static vectorgrad.nn.Layers.linear;
import static vectorgrad.nn.Layers.relu;
import static vectorgrad.nn.Layers.sequential;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vectorgrad.autograd.GradientFlow;
import vectorgrad.autograd.Variable;
import vectorgrad.data.Dataset;
import vectorgrad.data.Digits;
import vectorgrad.data.Loader;
import vectorgrad.nn.CrossEntropy;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Loss;
import vectorgrad.nn.Replica;
import vectorgrad.optim.Adam;
import vectorgrad.optim.LossScaler;
import vectorgrad.optim.WeightAverage;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Seed;

/// A [Trainer] with replicas.
class ReplicasTest {
  /// The processor again, on a thread of its own.
  private static final Device SECOND = Device.of("second", Device.CPU.backend());

  /// The last batch of an epoch has 7 samples.
  private static final Dataset DATA = Digits.all().take(151);

  @TempDir private Path folder;

  private static Layer plain() {
    return sequential(flatten(), linear(64, 24), relu(), linear(24, 10)).initialize(Seed.of(1));
  }

  private static Layer withState() {
    return sequential(
            flatten(), linear(64, 24), batchNorm(24), relu(), dropout(0.3), linear(24, 10))
        .initialize(Seed.of(1));
  }

  private static Trainer trainer(Layer model) {
    Loader loader = DATA.shuffled(Seed.of(3)).batches(16);
    Adam adam = new Adam(model.parameters()).learningRate(1e-2);
    return new Trainer(model, new CrossEntropy(), adam, loader)
        .metrics(Metric.ACCURACY)
        .validateOn(Digits.all().take(40).batches(40));
  }

  private static double[] weights(Layer model) {
    return Weights.of(model).values().stream()
        .flatMapToDouble(tensor -> java.util.Arrays.stream(tensor.toDoubles()))
        .toArray();
  }

  /// The tolerance is one of rounding: weights and losses are below 4, where a unit in the last
  /// place is 2.4e-7, and twenty steps of Adam carry some of them on.
  private static void sameWithin(double tolerance, Trainer expected, Trainer found) {
    assertEquals(expected.history().steps(), found.history().steps());
    for (int i = 0; i < expected.history().epochs().size(); i++) {
      History.Epoch one = expected.history().epochs().get(i);
      History.Epoch other = found.history().epochs().get(i);
      assertEquals(one.training().samples(), other.training().samples());
      assertEquals(one.training().loss(), other.training().loss(), tolerance);
      assertEquals(one.training().accuracy(), other.training().accuracy());
      assertEquals(one.validation().loss(), other.validation().loss(), tolerance);
      assertEquals(one.validation().accuracy(), other.validation().accuracy());
    }
    assertArrayEquals(weights(expected.model()), weights(found.model()), tolerance);
  }

  @Test
  void replicasTrainAsTheModelAloneDoes() {
    Trainer alone = trainer(plain());
    Trainer group = trainer(plain()).replicas(Device.CPU, SECOND, Device.CPU);
    assertTrue(alone.run(2));
    assertTrue(group.run(2));
    sameWithin(2e-5, alone, group);
  }

  @Test
  void replicasAccumulateClipAndAverageAsTheModelAloneDoes() {
    Layer one = plain();
    Layer other = plain();
    Trainer alone = trainer(one).accumulate(3).clipNorm(0.5);
    alone.average(WeightAverage.exponential(one.parameters(), 0.9), 1);
    Trainer group = trainer(other).accumulate(3).clipNorm(0.5).replicas(Device.CPU, SECOND);
    group.average(WeightAverage.exponential(other.parameters(), 0.9), 1);
    assertTrue(alone.run(2));
    assertTrue(group.run(2));
    sameWithin(2e-5, alone, group);
  }

  @Test
  void twentyStepsAreTenStepsACheckpointAndTenSteps() throws IOException {
    Trainer whole = trainer(withState()).replicas(Device.CPU, SECOND);
    assertTrue(whole.run(2));
    Trainer first = trainer(withState()).replicas(Device.CPU, SECOND);
    Trainer stopped = first.stopWhen(() -> first.history().steps() == 13);
    assertFalse(stopped.run(2));
    Path file = folder.resolve("checkpoint.safetensors");
    stopped.checkpoint("{}").write(file);
    Layer fresh = withState().initialize(Seed.of(99));
    Trainer second = trainer(fresh).replicas(Device.CPU, SECOND);
    second.restore(Checkpoint.read(file));
    assertTrue(second.run(2));
    assertArrayEquals(whole.history().losses(), second.history().losses());
    assertArrayEquals(weights(whole.model()), weights(second.model()));

    // a checkpoint knows of no devices
    Trainer alone = trainer(withState());
    alone.restore(Checkpoint.read(file));
    assertTrue(alone.run(2));
    assertEquals(whole.history().steps(), alone.history().steps());
  }

  @Test
  void replicasComputeInHalfPrecision() {
    Trainer full = trainer(plain()).replicas(Device.CPU, SECOND);
    LossScaler scaler = new LossScaler();
    Trainer half = trainer(plain()).replicas(Device.CPU, SECOND).precision(DType.F16).scale(scaler);
    assertTrue(full.run(2));
    assertTrue(half.run(2));
    assertEquals(0, scaler.skipped());
    double expected = full.history().epochs().getLast().training().loss();
    double found = half.history().epochs().getLast().training().loss();
    assertTrue(expected != found, "nothing was rounded");
    assertEquals(expected, found, 1e-2 * expected); // f16 rounds by 5e-4, twenty steps long
  }

  @Test
  void theFirstStepIsAuditedOnce() {
    List<GradientFlow> flows = new ArrayList<>();
    Trainer group = trainer(plain()).replicas(Device.CPU, SECOND);
    group.listen(
        new Trainer.Listener() {
          @Override
          public void onAudit(GradientFlow flow) {
            flows.add(flow);
          }
        });
    assertTrue(group.run(1));
    assertEquals(1, flows.size());
    assertEquals(4, flows.getFirst().entries().size());
    assertTrue(flows.getFirst().cutOff().isEmpty());
  }

  @Test
  void aLossThatIsNotANumberInOneReplicaStopsTheRun() {
    Loss half =
        (prediction, target) -> {
          Variable loss = new CrossEntropy().of(prediction, target);
          return Replica.current() == 1 ? loss.mul(Double.NaN) : loss;
        };
    Layer model = plain();
    double[] before = weights(model);
    Loader loader = DATA.shuffled(Seed.of(3)).batches(16);
    Trainer group =
        new Trainer(model, half, new Adam(model.parameters()), loader).replicas(Device.CPU, SECOND);
    var thrown = assertThrows(TrainingException.class, () -> group.run(1));
    assertTrue(thrown.getMessage().startsWith("training: the loss became NaN"));
    assertArrayEquals(before, weights(model));
  }

  @Test
  void replicasWantALossThatIsAMean() {
    Layer model = plain();
    Loss sum = new CrossEntropy().reduction(Loss.Reduction.SUM);
    Trainer trainer =
        new Trainer(model, sum, new Adam(model.parameters()), DATA.shuffled(Seed.of(3)).batches(8));
    var thrown =
        assertThrows(
            IllegalArgumentException.class, () -> trainer.replicas(Device.CPU, Device.CPU));
    assertTrue(thrown.getMessage().startsWith("DataParallel: the loss is no mean"));
    assertThrows(IllegalArgumentException.class, () -> trainer(plain()).replicas());
    assertSame(model, trainer.model());
  }
}
