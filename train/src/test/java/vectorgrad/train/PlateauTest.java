package vectorgrad.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vectorgrad.data.Digits;
import vectorgrad.nn.CrossEntropy;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Layers;
import vectorgrad.optim.Plateau;
import vectorgrad.optim.Schedule;
import vectorgrad.optim.Sgd;
import vectorgrad.tensor.Seed;

/// A rate that is lowered when the loss stops falling, over a checkpoint.
class PlateauTest {
  @TempDir private Path folder;

  private record Run(Layer model, Plateau plateau, Trainer trainer) {
    static Run begin() {
      Layer model =
          Layers.sequential(Layers.flatten(), Layers.linear(64, 10)).initialize(Seed.of(1));
      // at once at a plateau: nothing counts as better
      Plateau plateau =
          new Plateau(Schedule.constant(0.1)).factor(0.5).patience(0).absoluteThreshold(100);
      Trainer trainer =
          new Trainer(
                  model,
                  new CrossEntropy(),
                  new Sgd(model.parameters()).learningRate(plateau),
                  Digits.all().take(64).shuffled(Seed.of(3)).batches(16))
              .listen(
                  new Trainer.Listener() {
                    @Override
                    public void onEpoch(History.Epoch epoch) {
                      plateau.observe(epoch.training().loss());
                    }
                  });
      return new Run(model, plateau, trainer);
    }

    double[] weights() {
      return model.parameters().stream()
          .flatMapToDouble(p -> Arrays.stream(p.value().toDoubles()))
          .toArray();
    }
  }

  @Test
  void aResumedRunGoesOnWithTheLoweredRate() throws IOException {
    Run whole = Run.begin();
    whole.trainer().run(4);
    assertEquals(
        0.1 / 8, whole.plateau().rate(0)); // the first loss is the best, then three halvings

    Run first = Run.begin();
    first.trainer().run(2);
    Path file = folder.resolve("checkpoint.safetensors");
    first.trainer().checkpoint("{}").write(file);
    Run second = Run.begin();
    second.trainer().restore(Checkpoint.read(file));
    assertEquals(0.1 / 2, second.plateau().rate(0));
    second.trainer().run(4);
    assertArrayEquals(whole.weights(), second.weights());
    assertEquals(whole.plateau().rate(0), second.plateau().rate(0));
  }
}
