package vectorgrad.cli;

import java.util.Optional;
import picocli.CommandLine.Option;
import vectorgrad.tensor.Message;

/// The options of `vg train` for [Regularisation], and what they may be.
final class RegularisationOptions {
  @Option(
      names = "--mixup",
      paramLabel = "ALPHA",
      description =
          "Mixes the pictures of each batch with one another, by shares from Beta(ALPHA, ALPHA); 0.2 is usual.")
  private Optional<Double> mixup;

  @Option(
      names = "--max-norm",
      paramLabel = "C",
      description = "Draws the weights of each unit back to a norm of C after every step.")
  private Optional<Double> maxNorm;

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description = "Scales the gradients of a step so that their norm is at most this.")
  private Optional<Double> clip;

  @Option(
      names = "--accumulate",
      paramLabel = "N",
      description = "Batches in a step, for steps larger than memory. Default: 1.")
  private Optional<Integer> accumulate;

  @Option(
      names = "--average",
      paramLabel = "ema:DECAY|swa",
      description =
          "Evaluates and keeps an average of the weights: one that forgets, such as ema:0.999, or the"
              + " mean over the last quarter of the epochs.")
  private Optional<String> average;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description =
          "Ends after N epochs without a smaller validation loss, and keeps the weights of the best one.")
  private Optional<Integer> patience;

  @Option(
      names = "--snapshots",
      paramLabel = "N",
      description =
          "Lets the learning rate fall N times, along cosines, and takes a snapshot each time;"
              + " together they are tested as one network.")
  private Optional<Integer> snapshots;

  /// Refuses what is outside its range.
  void check() {
    TrainCommand.positive("--mixup", mixup);
    TrainCommand.positive("--max-norm", maxNorm);
    TrainCommand.positive("--clip", clip);
    TrainCommand.atLeast("--accumulate", 1, accumulate);
    TrainCommand.atLeast("--patience", 1, patience);
    TrainCommand.atLeast("--snapshots", 1, snapshots);
    average.ifPresent(RegularisationOptions::expectAverage);
    if (patience.isPresent() && snapshots.isPresent()) {
      throw new UserError(
          Message.of("train", "--patience and --snapshots do not go together")
              .row("rule", "snapshots are taken at the ends of cycles, up to the last epoch"));
    }
  }

  private static void expectAverage(String text) {
    if (text.equals(Regularisation.SWA)) {
      return;
    }
    try {
      if (text.startsWith(Regularisation.EMA)) {
        double decay = Regularisation.decay(text);
        if (decay >= 0 && decay < 1) {
          return;
        }
      }
    } catch (NumberFormatException e) {
      // refused below, as everything else
    }
    throw new UserError(
        Message.of("train", "--average is ema:DECAY or swa, found \"" + text + "\"")
            .row("rule", "0 <= DECAY < 1: what is kept of the average at each step")
            .row("help", "ema:0.999 remembers about 1000 steps"));
  }

  /// What was asked for.
  Regularisation chosen() {
    Regularisation none = Regularisation.NONE;
    return new Regularisation(
        mixup.orElse(none.mixup()),
        maxNorm.orElse(none.maxNorm()),
        clip.orElse(none.clip()),
        accumulate.orElse(none.accumulate()),
        average.orElse(none.average()),
        patience.orElse(none.patience()),
        snapshots.orElse(none.snapshots()));
  }

  /// Refuses what differs from the settings of the run that goes on.
  void expectSame(Regularisation saved) {
    TrainCommand.same("--mixup", mixup, saved.mixup());
    TrainCommand.same("--max-norm", maxNorm, saved.maxNorm());
    TrainCommand.same("--clip", clip, saved.clip());
    TrainCommand.same("--accumulate", accumulate, saved.accumulate());
    TrainCommand.same("--average", average, saved.average());
    TrainCommand.same("--patience", patience, saved.patience());
    TrainCommand.same("--snapshots", snapshots, saved.snapshots());
  }
}
