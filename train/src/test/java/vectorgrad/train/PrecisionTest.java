package vectorgrad.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vectorgrad.data.Dataset;
import vectorgrad.data.Digits;
import vectorgrad.nn.CrossEntropy;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Layers;
import vectorgrad.optim.Adam;
import vectorgrad.optim.LossScaler;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.Seed;

/// Runs whose products have 16 bits.
class PrecisionTest {
  private static final Dataset DATA = Digits.all().take(160);

  @TempDir private Path folder;

  private final Layer model =
      Layers.sequential(
              Layers.flatten(),
              Layers.linear(64, 24),
              Layers.relu(),
              Layers.dropout(0.3),
              Layers.linear(24, 10))
          .initialize(Seed.of(1));
  private final Adam adam = new Adam(model.parameters());

  private Trainer trainer() {
    return new Trainer(
            model,
            new CrossEntropy(),
            adam.learningRate(1e-2),
            DATA.shuffled(Seed.of(3)).batches(16))
        .metrics(Metric.ACCURACY)
        .validateOn(DATA.batches(80));
  }

  private static double[] weights(Layer model) {
    return model.parameters().stream()
        .flatMapToDouble(p -> Arrays.stream(p.value().toDoubles()))
        .toArray();
  }

  /// So large that the first steps overflow, and growing fast.
  private static LossScaler scaler() {
    return new LossScaler(0x1p30).growEvery(3);
  }

  @Test
  void twentyStepsAreTenStepsACheckpointAndTenStepsAlsoWithAScaler() throws IOException {
    LossScaler scaler = scaler();
    Trainer whole = trainer().precision(DType.F16).scale(scaler);
    assertTrue(whole.run(2));
    assertEquals(20, scaler.steps());
    assertTrue(scaler.skipped() > 0, scaler::toString);
    assertTrue(scaler.growths() > 0, scaler::toString);
    assertEquals(20 - scaler.skipped(), adam.steps());
    for (int until : new int[] {2, 10, 13}) {
      Path file = folder.resolve("checkpoint.safetensors");
      PrecisionTest first = new PrecisionTest();
      LossScaler before = scaler();
      Trainer stopped =
          first
              .trainer()
              .precision(DType.F16)
              .scale(before)
              .stopWhen(() -> before.steps() == until);
      assertFalse(stopped.run(2));
      stopped.checkpoint("{}").write(file);

      PrecisionTest second = new PrecisionTest();
      LossScaler after = scaler();
      Trainer resumed = second.trainer().precision(DType.F16).scale(after);
      resumed.restore(Checkpoint.read(file));
      assertTrue(resumed.run(2));
      assertArrayEquals(weights(model), weights(second.model));
      assertArrayEquals(whole.history().losses(), resumed.history().losses());
      assertEquals(scaler.toString(), after.toString());
      assertEquals(scaler.growths(), after.growths());
    }
  }

  @Test
  void aScaleChangesNoBitOfARunInF32() {
    trainer().accumulate(2).clipNorm(0.5).run(2);
    PrecisionTest scaled = new PrecisionTest();
    scaled.trainer().accumulate(2).clipNorm(0.5).scale(new LossScaler(1024)).run(2);
    assertArrayEquals(weights(model), weights(scaled.model));
  }

  @Test
  void theLossThatIsShownIsNotScaled() {
    Trainer full = trainer();
    full.run(1);
    PrecisionTest other = new PrecisionTest();
    Trainer low = other.trainer().precision(DType.BF16).scale(new LossScaler());
    low.run(1);
    double expected = full.history().losses()[0];
    assertEquals(expected, low.history().losses()[0], 0.02 * expected); // 8 binary places
  }

  @Test
  void aRunGoesOnInItsOwnPrecision() throws IOException {
    Trainer first = trainer().precision(DType.BF16);
    first.run(1);
    Path file = folder.resolve("checkpoint.safetensors");
    first.checkpoint("{}").write(file);
    Trainer second = new PrecisionTest().trainer();
    var e = assertThrows(CheckpointException.class, () -> second.restore(Checkpoint.read(file)));
    assertEquals(
        """
        checkpoint: it belongs to a run with other settings; nothing was changed
          of     precision
          here   f32
          file   bf16
          help   set it as it was; branch(checkpoint) goes on otherwise\
        """,
        e.getMessage());
    second.branch(Checkpoint.read(file));
  }

  @Test
  void activationsBeyondF16AreRefusedWithTheCure() {
    model.parameters().getFirst().set(model.parameters().getFirst().value().mul(1e7));
    var e = assertThrows(TrainingException.class, () -> trainer().precision(DType.F16).run(1));
    assertTrue(
        e.getMessage().endsWith("help   f16 ends at 65504: try bf16, or a smaller learning rate"),
        e.getMessage());
  }

  @Test
  void otherPrecisionsAreRefused() {
    assertThrows(DTypeException.class, () -> trainer().precision(DType.F64));
  }
}
