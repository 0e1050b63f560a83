package vectorgrad.cli;

import java.util.List;
import vectorgrad.autograd.Parameter;
import vectorgrad.optim.WeightAverage;

/// What holds a run back from learning its samples by heart.
///
/// @param mixup α of the mixing of samples; 0 for none
/// @param maxNorm the largest norm of a unit's weights; 0 for any
/// @param clip the largest norm of a step's gradients; 0 for any
/// @param accumulate the batches of a step
/// @param average `ema:DECAY` or `swa`; empty for none
/// @param patience after how many epochs without a better one the run ends; 0 for never
/// @param snapshots how many are taken, in as many cycles of the learning rate; 0 for none
record Regularisation(
    double mixup,
    double maxNorm,
    double clip,
    int accumulate,
    String average,
    int patience,
    int snapshots) {
  static final Regularisation NONE = new Regularisation(0, 0, 0, 1, "", 0, 0);
  static final String SWA = "swa";
  static final String EMA = "ema:";

  /// The decay of an exponential average.
  ///
  /// @throws NumberFormatException if it is none
  static double decay(String average) {
    return Double.parseDouble(average.substring(EMA.length()));
  }

  /// The average that [#average] names.
  WeightAverage averageOf(List<Parameter> parameters) {
    return average.equals(SWA)
        ? WeightAverage.equal(parameters)
        : WeightAverage.exponential(parameters, decay(average));
  }

  /// After which epoch a plain mean begins: with the last quarter of the run.
  static int beforeAveraging(int epochs) {
    return epochs - epochs / 4;
  }
}
