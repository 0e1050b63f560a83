package vectorgrad.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vectorgrad.data.Dataset;
import vectorgrad.data.Digits;
import vectorgrad.data.Loader;
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

  @Test
  void twentyStepsAreTenStepsACheckpointAndTenSteps() throws IOException {
    Layer whole = network();
    Adam adam = new Adam(whole.parameters()).learningRate(1e-2);
    History expected = new Trainer(whole, adam, loader()).epochs(2).run();
    assertEquals(20, adam.steps());

    Path file = folder.resolve("checkpoint.safetensors");
    for (int until : new int[] {10, 7, 13}) {
      Layer first = network();
      Adam before = new Adam(first.parameters()).learningRate(1e-2);
      Trainer stopped = new Trainer(first, before, loader()).epochs(2);
      stopped.listen(
          new Trainer.Listener() {
            @Override
            public void onStep(Trainer.Step step) {
              if (before.steps() == until) {
                stopped.stop();
              }
            }
          });
      stopped.run();
      assertEquals(until, before.steps());
      Checkpoint.save(file, first, before, stopped.progress(), "{}");

      Layer second = network().initialize(Seed.of(99));
      Adam after = new Adam(second.parameters()).learningRate(1e-2);
      Checkpoint saved = Checkpoint.load(file);
      saved.restore(second, after);
      History resumed =
          new Trainer(second, after, loader()).epochs(2).resume(saved.progress()).run();
      assertArrayEquals(weights(whole), weights(second));
      assertEquals(expected.stepLosses(), resumed.stepLosses());
      assertEquals(expected.epochs().get(1).loss(), resumed.epochs().get(1).loss());
      assertEquals(expected.epochs().get(1).accuracy(), resumed.epochs().get(1).accuracy());
    }
  }

  @Test
  void theBitsDoNotDependOnTheNumberOfThreads() {
    int threads = Device.threads();
    try {
      Device.threads(1);
      Layer one = network();
      new Trainer(one, new Adam(one.parameters()), loader()).run();
      Device.threads(3);
      Layer three = network();
      new Trainer(three, new Adam(three.parameters()), loader()).run();
      assertArrayEquals(weights(one), weights(three));
    } finally {
      Device.threads(threads);
    }
  }

  @Test
  void theLossFallsAndValidationUsesTheModelAsInUse() {
    Layer model = network();
    Trainer trainer =
        new Trainer(model, new Adam(model.parameters()).learningRate(1e-2), loader())
            .epochs(6)
            .validateOn(DATA.batches(50), 10);
    History history = trainer.run();
    List<History.Epoch> epochs = history.epochs();
    assertEquals(6, epochs.size());
    assertTrue(epochs.get(5).loss() < 0.5 * epochs.get(0).loss(), () -> "" + epochs);
    assertTrue(epochs.get(5).validationAccuracy() > 0.8, () -> "" + epochs);
    Evaluation again = Evaluation.of(model, DATA.batches(7), 10);
    assertEquals(epochs.get(5).validationAccuracy(), again.accuracy());
    assertEquals(160, again.samples());
  }

  @Test
  void aCheckpointThatDoesNotFitShowsTheDifferencesAndChangesNothing() throws IOException {
    Layer model = network();
    Adam adam = new Adam(model.parameters());
    new Trainer(model, adam, loader()).run();
    Path file = folder.resolve("checkpoint.safetensors");
    Checkpoint.save(file, model, adam, Checkpoint.Progress.START, "{}");
    Layer other =
        Layers.sequential(Layers.flatten(), Layers.linear(64, 12), Layers.linear(12, 10))
            .initialize(Seed.of(5));
    double[] before = weights(other);
    String message =
        assertThrows(
                CheckpointException.class,
                () -> Checkpoint.load(file).restore(other, new Adam(other.parameters())))
            .getMessage();
    assertEquals(
        """
        checkpoint: the saved tensors do not fit the model; nothing was loaded
          1.bias model (12) f32, saved (24) f32
          1.weight model (12, 64) f32, saved (24, 64) f32
          2.bias model (10) f32, saved has none
          2.weight model (10, 12) f32, saved has none
          3.state model has none, saved (4) i32
          4.bias model has none, saved (10) f32
          4.weight model has none, saved (10, 24) f32
          help   load it into the network it was saved from\
        """,
        message);
    assertArrayEquals(before, weights(other));
  }

  @Test
  void parametersAloneAreNoCheckpoint() throws IOException {
    RunFolder run = RunFolder.create(folder.resolve("run"));
    run.model(network());
    Path file = run.path().resolve("model.safetensors");
    assertTrue(
        assertThrows(CheckpointException.class, () -> Checkpoint.load(file))
            .getMessage()
            .startsWith("checkpoint: the file holds tensors but no state of a run"));
  }

  @Test
  void aRunFolderHoldsPicturesThatOpen() throws IOException {
    RunFolder run = RunFolder.create(folder.resolve("run"));
    Layer model = network();
    History history =
        new Trainer(model, new Adam(model.parameters()), loader())
            .epochs(2)
            .validateOn(DATA.batches(50), 10)
            .run();
    run.history(history, "a title");
    Evaluation evaluation = Evaluation.of(model, DATA.batches(50), 10);
    run.confusion(evaluation.confusion(), DATA.classes(), "a title");
    for (String name : List.of("curves.png", "confusion.png")) {
      assertTrue(ImageIO.read(run.path().resolve(name).toFile()).getWidth() > 400);
    }
    List<String> csv = Files.readAllLines(run.path().resolve("history.csv"));
    assertEquals(
        "epoch,loss,accuracy,validation_loss,validation_accuracy,learning_rate,seconds",
        csv.get(0));
    assertEquals(3, csv.size());
    assertTrue(csv.get(1).startsWith("1," + history.epochs().get(0).loss() + ","));
  }
}
