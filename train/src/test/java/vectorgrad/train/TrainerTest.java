package vectorgrad.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vectorgrad.autograd.GradientFlow;
import vectorgrad.autograd.Variable;
import vectorgrad.data.Dataset;
import vectorgrad.data.Digits;
import vectorgrad.data.Loader;
import vectorgrad.nn.CrossEntropy;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Layers;
import vectorgrad.optim.Adam;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Seed;

class TrainerTest {
  private static final Dataset DATA = Digits.all().take(160);

  @TempDir private Path folder;

  /// A network with all that a resumed run must restore: weights, dropout's random stream, Adam's
  /// moments.
  private static Layer network() {
    return Layers.sequential(
            Layers.flatten(),
            Layers.linear(64, 24),
            Layers.relu(),
            Layers.dropout(0.3),
            Layers.linear(24, 10))
        .initialize(Seed.of(1));
  }

  private static Loader loader() {
    return DATA.shuffled(Seed.of(3)).batches(16);
  }

  private static double[] weights(Layer model) {
    return model.parameters().stream()
        .flatMapToDouble(p -> java.util.Arrays.stream(p.value().toDoubles()))
        .toArray();
  }

  private static Trainer trainer(Layer model, Adam adam) {
    return new Trainer(model, new CrossEntropy(), adam.learningRate(1e-2), loader())
        .metrics(Metric.ACCURACY);
  }

  @Test
  void twentyStepsAreTenStepsACheckpointAndTenSteps() throws IOException {
    Layer whole = network();
    Adam adam = new Adam(whole.parameters());
    Trainer uninterrupted = trainer(whole, adam);
    assertTrue(uninterrupted.run(2));
    assertEquals(20, adam.steps());
    List<History.Epoch> expected = uninterrupted.history().epochs();

    Path file = folder.resolve("checkpoint.safetensors");
    for (int until : new int[] {10, 7, 13}) {
      Layer first = network();
      Adam before = new Adam(first.parameters());
      Trainer stopped = trainer(first, before).stopWhen(() -> before.steps() == until);
      assertFalse(stopped.run(2));
      assertEquals(until, before.steps());
      stopped.checkpoint("{}").write(file);

      Layer second = network().initialize(Seed.of(99));
      Trainer resumed = trainer(second, new Adam(second.parameters()));
      resumed.restore(Checkpoint.read(file));
      assertTrue(resumed.run(2));
      assertArrayEquals(weights(whole), weights(second));
      assertArrayEquals(uninterrupted.history().losses(), resumed.history().losses());
      List<History.Epoch> epochs = resumed.history().epochs();
      assertEquals(2, epochs.size());
      assertEquals(expected.get(1).training(), epochs.get(1).training());
    }
  }

  @Test
  void theBitsDoNotDependOnTheNumberOfThreads() {
    int threads = Device.threads();
    try {
      Device.threads(1);
      Layer one = network();
      trainer(one, new Adam(one.parameters())).run(1);
      for (int more : new int[] {2, 7}) {
        Device.threads(more);
        Layer other = network();
        trainer(other, new Adam(other.parameters())).run(1);
        assertArrayEquals(weights(one), weights(other));
      }
    } finally {
      Device.threads(threads);
    }
  }

  @Test
  void theLossFallsAndValidationUsesTheModelAsInUse() {
    Layer model = network();
    Trainer trainer = trainer(model, new Adam(model.parameters())).validateOn(DATA.batches(50));
    trainer.run(6);
    List<History.Epoch> epochs = trainer.history().epochs();
    assertEquals(6, epochs.size());
    double first = epochs.get(0).training().loss();
    assertTrue(epochs.get(5).training().loss() < 0.5 * first, () -> "" + epochs);
    assertTrue(epochs.get(5).validation().accuracy() > 0.8, () -> "" + epochs);
    Evaluation again = Evaluation.of(model, new CrossEntropy(), DATA.batches(7), Metric.ACCURACY);
    assertEquals(epochs.get(5).validation().accuracy(), again.averages().accuracy());
  }

  @Test
  void aCheckpointThatDoesNotFitShowsTheDifferencesAndChangesNothing() throws IOException {
    Layer model = network();
    Trainer trained = trainer(model, new Adam(model.parameters()));
    trained.run(1);
    Path file = folder.resolve("checkpoint.safetensors");
    trained.checkpoint("{}").write(file);
    Layer other =
        Layers.sequential(Layers.flatten(), Layers.linear(64, 12), Layers.linear(12, 10))
            .initialize(Seed.of(5));
    double[] before = weights(other);
    Trainer refusing = trainer(other, new Adam(other.parameters()));
    String message =
        assertThrows(CheckpointException.class, () -> refusing.restore(Checkpoint.read(file)))
            .getMessage();
    for (String name : List.of("1.bias", "1.weight", "2.weight", "3.state", "4.weight")) {
      assertTrue(message.contains(name), message);
    }
    assertTrue(message.contains("(12, 64)") && message.contains("(24, 64)"), message);
    assertArrayEquals(before, weights(other));
    assertEquals(0, refusing.position().epoch());
  }

  @Test
  void aRunDoesNotGoOnWithOtherBatches() throws IOException {
    Layer model = network();
    Trainer trained = trainer(model, new Adam(model.parameters()));
    trained.run(1);
    Path file = folder.resolve("checkpoint.safetensors");
    trained.checkpoint("{}").write(file);
    Trainer other =
        new Trainer(
            model,
            new CrossEntropy(),
            new Adam(model.parameters()),
            DATA.shuffled(Seed.of(4)).batches(16));
    assertThrows(CheckpointException.class, () -> other.restore(Checkpoint.read(file)));
  }

  @Test
  void weightsAloneAreNoCheckpointButCanBeReadBack() throws IOException {
    Layer model = network();
    Path file = folder.resolve("model.safetensors");
    Weights.write(model, file, Map.of());
    assertTrue(
        assertThrows(CheckpointException.class, () -> Checkpoint.read(file))
            .getMessage()
            .startsWith("checkpoint: the file holds tensors, but not the state of a run"));
    Layer other = network().initialize(Seed.of(8));
    Weights.read(other, file);
    assertArrayEquals(weights(model), weights(other));
  }

  @Test
  void aLossThatIsNoNumberEndsTheRunWithItsStep() {
    Layer model = network();
    Trainer trainer =
        new Trainer(
            model, new CrossEntropy(), new Adam(model.parameters()).learningRate(1e30), loader());
    assertThrows(TrainingException.class, () -> trainer.run(20));
  }

  @Test
  void picturesOfARunOpen() throws IOException {
    Layer model = network();
    Trainer trainer = trainer(model, new Adam(model.parameters())).validateOn(DATA.batches(50));
    trainer.run(2);
    Path curves = folder.resolve("curves.png");
    Path confusion = folder.resolve("confusion.png");
    Path csv = folder.resolve("history.csv");
    LearningCurves.write(trainer.history(), "a title", curves);
    Evaluation evaluation = Evaluation.of(model, new CrossEntropy(), DATA.batches(50));
    ConfusionPlot.write(evaluation.confusion().orElseThrow(), "a title", confusion);
    trainer.history().write(csv);
    for (Path picture : List.of(curves, confusion)) {
      assertTrue(ImageIO.read(picture.toFile()).getWidth() > 400);
    }
    assertEquals(3, Files.readAllLines(csv).size());
  }

  /// A layer whose output keeps no history.
  private record Cut(Layer body) implements Layer {
    @Override
    public Variable forward(Variable x) {
      return body.forward(x).detach();
    }
  }

  @Test
  void theFirstStepIsWatchedAndTellsWhereAPathWasCut() {
    Layer model =
        Layers.sequential(Layers.flatten(), new Cut(Layers.linear(64, 8)), Layers.linear(8, 10))
            .initialize(Seed.of(1));
    List<GradientFlow> flows = new ArrayList<>();
    trainer(model, new Adam(model.parameters()))
        .listen(
            new Trainer.Listener() {
              @Override
              public void onAudit(GradientFlow flow) {
                flows.add(flow);
              }
            })
        .run(2);
    assertEquals(1, flows.size());
    assertEquals(
        List.of("1.body.weight", "1.body.bias"),
        flows.getFirst().cutOff().stream().map(GradientFlow.Entry::name).toList());
    assertTrue(
        flows.getFirst().toString().contains("no path: cut by detach at "),
        flows.getFirst()::toString);
  }
}
