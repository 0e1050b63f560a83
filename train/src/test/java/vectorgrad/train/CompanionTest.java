package vectorgrad.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Variable;
import vectorgrad.data.Loader;
import vectorgrad.nn.CrossEntropy;
import vectorgrad.nn.Ensemble;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Layers;
import vectorgrad.optim.Schedule;
import vectorgrad.optim.Sgd;
import vectorgrad.optim.WeightAverage;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Tensor;

/// What listens to a run and remembers.
class CompanionTest {
  private static final Loader LOADER = ResumeCase.DATA.shuffled(Seed.of(3)).batches(16);

  private static Trainer trainer(Schedule rate, Loader loader) {
    Layer model = Layers.sequential(Layers.flatten(), Layers.linear(64, 10)).initialize(Seed.of(1));
    Sgd sgd = new Sgd(model.parameters()).learningRate(rate);
    return new Trainer(model, new CrossEntropy(), sgd, loader).metrics(Metric.ACCURACY);
  }

  private static Trainer trainer(Schedule rate) {
    return trainer(rate, LOADER);
  }

  private static Trainer trainer(double rate) {
    return trainer(Schedule.constant(rate));
  }

  private static double[] weights(Layer model) {
    return Weights.of(model).get("1.weight").toDoubles();
  }

  private static History.Epoch epoch(int number, double loss, double accuracy) {
    Averages averages = Averages.NONE.plus(2, loss, Map.of("accuracy", 2 * accuracy));
    return new History.Epoch(number, number, 1, 0, averages, averages);
  }

  // ---- early stopping -------------------------------------------------------------------------

  @Test
  void patienceEndsAfterSoManyEpochsWithoutANewBest() {
    EarlyStopping stopping = new EarlyStopping(Watch.loss().by(0.1), 3);
    double[] losses = {5, 4, 3.95, 3.85, 3.9, Double.NaN, 3.8, 1};
    List<Boolean> finished = new ArrayList<>();
    List<Double> best = new ArrayList<>();
    for (double loss : losses) {
      stopping.onEpoch(epoch(1, loss, 0));
      finished.add(stopping.finished());
      best.add(stopping.best());
    }
    assertEquals(List.of(false, false, false, false, false, false, true, false), finished);
    assertEquals(List.of(5.0, 4.0, 4.0, 3.85, 3.85, 3.85, 3.85, 1.0), best);
  }

  @Test
  void whatRisesIsBetterWhenItIsMore() {
    EarlyStopping stopping = new EarlyStopping(Watch.accuracy(), 2);
    for (double accuracy : new double[] {0.5, 0.7, 0.6}) {
      stopping.onEpoch(epoch(1, 0, accuracy));
    }
    assertEquals(0.7, stopping.best());
    assertEquals(1, stopping.since());
  }

  @Test
  void aRunEndsEarlyAndSoDoesOneThatGoesOnFromIt() throws IOException {
    Watch watch = Watch.loss().inTraining().by(1e-3); // more than orders of summing do
    Trainer first = trainer(0); // no epoch is better than the first one
    assertTrue(first.listen(new EarlyStopping(watch, 2)).run(50));
    assertEquals(3, first.position().epoch());
    Trainer second = trainer(0).listen(new EarlyStopping(watch, 2));
    second.restore(first.checkpoint(""));
    assertTrue(second.run(50));
    assertEquals(3, second.position().epoch());
  }

  @Test
  void whatNobodyMeasuresIsNamed() {
    assertEquals(
        """
        training: nobody measures the validation loss
          help   trainer.validateOn(samples), or watch it inTraining()\
        """,
        assertThrows(
                TrainingException.class,
                () -> trainer(0.1).listen(new EarlyStopping(Watch.loss(), 2)).run(1))
            .getMessage());
    assertEquals(
        """
        training: there is no metric "f1"
          known  loss, accuracy
          help   trainer.metrics(…) measures others\
        """,
        assertThrows(TrainingException.class, () -> Watch.of("f1").of(epoch(1, 1, 1)))
            .getMessage());
    assertEquals(
        "EarlyStopping: the patience is at least 1 epoch, found 0",
        refused(() -> new EarlyStopping(Watch.loss(), 0)));
    assertEquals(
        "Watch: the least difference must be at least 0, found -0.1",
        refused(() -> Watch.loss().by(-0.1)));
  }

  private static String refused(org.junit.jupiter.api.function.Executable work) {
    return assertThrows(IllegalArgumentException.class, work).getMessage();
  }

  // ---- the best epoch -------------------------------------------------------------------------

  @Test
  void theBestEpochIsKeptWhateverComesAfter(@TempDir Path folder) throws IOException {
    // two good epochs, then steps far too large
    Schedule rate = Schedule.constant(0.1, 20).then(Schedule.constant(50));
    Trainer trainer = trainer(rate).validateOn(ResumeCase.HELD_OUT.batches(50));
    Best best = new Best(trainer, Watch.loss());
    List<double[]> after = new ArrayList<>();
    trainer
        .listen(best)
        .listen(
            new Trainer.Listener() {
              @Override
              public void onEpoch(History.Epoch epoch) {
                after.add(weights(trainer.model()));
              }
            });
    trainer.run(4);
    assertEquals(2, best.epoch());
    History.Epoch second = trainer.history().epochs().get(1);
    assertEquals(second.validation().loss(), best.value());
    double[] last = weights(trainer.model());
    Evaluation evaluation = best.evaluate(ResumeCase.HELD_OUT.batches(50)).orElseThrow();
    assertEquals(best.value(), evaluation.averages().loss());
    assertArrayEquals(last, weights(trainer.model()));
    best.write(folder.resolve("best.safetensors"), Map.of());
    best.apply();
    assertArrayEquals(after.get(1), weights(trainer.model()));
    Layer other = trainer.model().copy();
    other.initialize(Seed.of(5));
    Weights.read(other, folder.resolve("best.safetensors"));
    assertArrayEquals(after.get(1), weights(other));
  }

  @Test
  void withoutAnEpochThereIsNoBest() {
    assertEquals(
        """
        Best: no epoch has ended with a number for its loss
          help   trainer.listen(best) before trainer.run(…)\
        """,
        assertThrows(TrainingException.class, () -> new Best(trainer(0.1), Watch.loss()).apply())
            .getMessage());
  }

  // ---- snapshots ------------------------------------------------------------------------------

  @Test
  void aSnapshotIsTakenWhereverTheRateTurnsUp() {
    Schedule rate = Schedule.warmup(4).then(Schedule.warmRestarts(7, 1, 0)).times(0.3);
    Trainer trainer = trainer(rate);
    List<double[]> bottoms = new ArrayList<>();
    Snapshots snapshots = new Snapshots(trainer);
    trainer
        .listen(snapshots)
        .listen(
            new Trainer.Listener() {
              @Override
              public void onStep(Trainer.Step step) {
                int made = trainer.history().steps();
                if (made > 4 && (made - 4) % 7 == 0) {
                  bottoms.add(weights(trainer.model()));
                }
              }
            });
    ResumeCase.until(25, trainer); // 4 and 3·7: to the very end of the third cycle
    assertEquals(3, snapshots.taken().size());
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(bottoms.get(i), weights(snapshots.taken().get(i)));
    }
    Ensemble ensemble = snapshots.ensemble();
    Variable x = Variable.constant(ResumeCase.HELD_OUT.images());
    Tensor mean =
        Mode.inference(() -> {
          Tensor sum = null;
          for (Layer one : snapshots.taken()) {
            Tensor p = one.forward(x).softmax(-1).value();
            sum = sum == null ? p : sum.add(p);
          }
          return sum.div(3).log();
        });
    Tensor found = Mode.inference(() -> ensemble.forward(x).value());
    // a few roundings of logarithms, to some tens in size
    assertTrue(mean.sub(found).abs().max().item() < 1e-5);
  }

  @Test
  void onlyTheLastSnapshotsAreKept() {
    Trainer trainer = trainer(Schedule.triangular(2, 3, 0.1).times(0.3));
    Snapshots all = new Snapshots(trainer);
    ResumeCase.until(21, trainer.listen(all)); // a step at the bottom, then up
    Trainer again = trainer(Schedule.triangular(2, 3, 0.1).times(0.3));
    Snapshots two = new Snapshots(again, 2);
    ResumeCase.until(21, again.listen(two));
    assertEquals(4, all.taken().size());
    assertEquals(2, two.taken().size());
    assertArrayEquals(weights(all.taken().get(3)), weights(two.taken().get(1)));
    assertArrayEquals(weights(all.taken().get(2)), weights(two.taken().get(0)));
  }

  @Test
  void aRateThatNeverTurnsUpGivesNoSnapshot() {
    Trainer trainer = trainer(Schedule.constant(0.1));
    Snapshots snapshots = new Snapshots(trainer);
    trainer.listen(snapshots).run(1);
    assertEquals(
        """
        Snapshots: none was taken
          rule   one is taken where the learning rate begins to rise after a fall
          rate   0.1
          help   train by Schedule.warmRestarts(…), to the end of a cycle\
        """,
        assertThrows(TrainingException.class, snapshots::ensemble).getMessage());
    assertEquals(
        "Snapshots: at least 1 is kept, found 0", refused(() -> new Snapshots(trainer, 0)));
  }

  // ---- averages, accumulation, clipping -------------------------------------------------------

  @Test
  void theAverageIsEvaluatedAndTheRunGoesOnWithItsOwn() {
    Trainer trainer = trainer(0.5).validateOn(ResumeCase.HELD_OUT.batches(50));
    WeightAverage average = WeightAverage.equal(trainer.model().parameters());
    trainer.average(average, 2, 4).run(1);
    assertEquals(3, average.updates()); // after the steps 6, 8 and 10
    double[] own = weights(trainer.model());
    double loss = trainer.history().epochs().getFirst().validation().loss();
    Evaluation plain =
        Evaluation.of(trainer.model(), new CrossEntropy(), ResumeCase.HELD_OUT.batches(50));
    assertTrue(plain.averages().loss() != loss);
    assertArrayEquals(own, weights(trainer.model()));
    average.apply();
    Evaluation averaged =
        Evaluation.of(trainer.model(), new CrossEntropy(), ResumeCase.HELD_OUT.batches(50));
    assertEquals(loss, averaged.averages().loss());
  }

  @Test
  void batchesOfFourFourAtATimeLearnAsOnesOfSixteen() {
    Trainer whole = trainer(0.5);
    whole.run(2);
    Trainer parts =
        trainer(Schedule.constant(0.5), ResumeCase.DATA.shuffled(Seed.of(3)).batches(4));
    parts.accumulate(4).run(2);
    assertEquals(whole.history().steps(), parts.history().steps());
    assertArrayEquals(weights(whole.model()), weights(parts.model()), 1e-6); // sums of f32 in parts
    assertEquals(
        whole.history().epochs().getLast().training().loss(),
        parts.history().epochs().getLast().training().loss(),
        1e-6);
  }

  @Test
  void theLastStepOfAnEpochTakesWhatIsLeft() {
    Loader sevens = ResumeCase.DATA.shuffled(Seed.of(3)).batches(7); // 22 of 7, one of 6
    Trainer trainer = trainer(Schedule.constant(0.1), sevens).accumulate(5);
    List<Integer> ends = new ArrayList<>();
    trainer.listen(
        new Trainer.Listener() {
          @Override
          public void onStep(Trainer.Step step) {
            ends.add(step.batch());
          }
        });
    trainer.run(1);
    assertEquals(List.of(5, 10, 15, 20, 23), ends);
    assertEquals(160, trainer.history().epochs().getFirst().training().samples());
  }

  @Test
  void aStepIsNoLongerThanItsClippedGradient() {
    Trainer trainer = trainer(1.0).clipNorm(0.01);
    double[] before = weights(trainer.model());
    ResumeCase.until(1, trainer);
    double[] after = weights(trainer.model());
    double squares = 0;
    for (int i = 0; i < before.length; i++) {
      squares += (after[i] - before[i]) * (after[i] - before[i]);
    }
    assertTrue(Math.sqrt(squares) <= 0.01 && Math.sqrt(squares) > 0.005, () -> "" + after[0]);
  }

  @Test
  void mixedSamplesAreEvaluatedByTheirLikeliestClass() {
    Trainer trainer = trainer(0.3);
    trainer.run(10);
    Loader plain = ResumeCase.DATA.batches(40);
    Loader mixed = plain.mixup(1e-9, Seed.of(1)); // whole samples, in another order
    Evaluation expected =
        Evaluation.of(trainer.model(), new CrossEntropy(), plain, Metric.ACCURACY);
    Evaluation found = Evaluation.of(trainer.model(), new CrossEntropy(), mixed, Metric.ACCURACY);
    assertEquals(expected.averages().accuracy(), found.averages().accuracy());
    assertEquals(expected.averages().loss(), found.averages().loss(), 1e-6);
    assertTrue(expected.confusion().isPresent() && found.confusion().isEmpty());
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    Trainer trainer = trainer(0.1);
    assertEquals(
        "training: a step takes at least 1 batch, found 0", refused(() -> trainer.accumulate(0)));
    assertEquals(
        "training: gradients are clipped to a norm above 0, found -1.0",
        refused(() -> trainer.clipNorm(-1)));
    WeightAverage average = WeightAverage.equal(trainer.model().parameters());
    assertEquals(
        """
        training: an average is made every so many steps, after some or none
          found  every 0 after 0\
        """,
        refused(() -> trainer.average(average, 0)));
    trainer.average(average, 1);
    assertEquals(
        """
        training: there are two companions named "average"
          rule   checkpoints keep their states by name; one of a kind in a run\
        """,
        refused(() -> trainer.average(average, 1)));
  }
}
