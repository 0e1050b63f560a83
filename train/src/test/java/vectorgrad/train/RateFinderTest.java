package vectorgrad.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vectorgrad.data.Digits;
import vectorgrad.data.Loader;
import vectorgrad.nn.CrossEntropy;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Layers;
import vectorgrad.optim.Adam;
import vectorgrad.optim.Schedule;
import vectorgrad.tensor.Seed;

class RateFinderTest {
  @TempDir private Path folder;

  private static Layer network() {
    return Layers.sequential(
            Layers.flatten(),
            Layers.linear(64, 32),
            Layers.relu(),
            Layers.dropout(0.2),
            Layers.linear(32, 10))
        .initialize(Seed.of(1));
  }

  private static Loader loader() {
    return Digits.all().take(320).shuffled(Seed.of(3)).batches(32);
  }

  private static double[] weights(Layer model) {
    return model.parameters().stream()
        .flatMapToDouble(p -> java.util.Arrays.stream(p.value().toDoubles()))
        .toArray();
  }

  @Test
  void aRateIsFoundBetweenTooSmallAndTooLarge() throws IOException {
    Layer model = network();
    Adam adam = new Adam(model.parameters());
    var tried = new RateFinder(1e-6, 10, 120).run(model, new CrossEntropy(), adam, loader());
    List<RateFinder.Trial> trials = tried.trials();
    assertEquals(1e-6, trials.getFirst().rate(), 1e-18);
    assertTrue(tried.steepest() < tried.lowest());
    assertTrue(tried.steepest() > 1e-4 && tried.steepest() < 0.1, () -> "" + tried.steepest());
    double beginning = trials.getFirst().smoothed();
    assertEquals(beginning, trials.get(20).smoothed(), 0.2); // rates below 1e-4 do nothing
    assertTrue(trials.getLast().smoothed() > beginning); // and those above 1 spoil everything
    Path file = folder.resolve("rates.png");
    tried.write("Adam on digits", file);
    assertTrue(ImageIO.read(file.toFile()).getWidth() > 800);
  }

  @Test
  void afterwardsEverythingIsAsBeforeToTheBit() {
    Layer model = network();
    Adam adam = new Adam(model.parameters());
    Schedule rate = Schedule.cosine(40).times(1e-2);
    adam.learningRate(rate);
    Trainer trainer = new Trainer(model, new CrossEntropy(), adam, loader());
    trainer.run(1);
    double[] before = weights(model);
    new RateFinder(1e-5, 1, 20).run(model, new CrossEntropy(), adam, loader());
    assertArrayEquals(before, weights(model));
    assertSame(rate, adam.schedule());
    assertEquals(10, adam.steps());
    trainer.run(2);

    Layer other = network();
    Adam straight = new Adam(other.parameters()).learningRate(rate);
    new Trainer(other, new CrossEntropy(), straight, loader()).run(2);
    assertArrayEquals(weights(other), weights(model)); // dropout and moments went on as well
  }

  @Test
  void ratesThatDoNotRiseAreRefused() {
    var e = assertThrows(IllegalArgumentException.class, () -> new RateFinder(1, 1e-3, 100));
    assertEquals(
        """
        RateFinder: cannot try 100 rates from 1.0 to 0.001
          rule   0 < from < to, and at least 10 steps\
        """,
        e.getMessage());
  }
}
