package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.nn.CrossEntropy;
import vectorgrad.nn.Loss;
import vectorgrad.nn.Losses;
import vectorgrad.tensor.Tensor;

/// Losses; every one of `nn` has a sample here.
final class LossSamples {
  private static final int[] LABELS = {2, 0, 3};

  private LossSamples() {}

  @GradCheck
  static Variable crossEntropy(Variable logits) {
    return Losses.crossEntropy(logits, Tensor.of(LABELS));
  }

  @GradCheck(of = "crossEntropy")
  static Variable crossEntropySmoothed(Variable logits) {
    return Losses.crossEntropy(logits, Tensor.of(LABELS), 0.2);
  }

  @GradCheck(of = "CrossEntropy")
  static Variable crossEntropyOfEachExample(Variable logits) {
    return new CrossEntropy().reduction(Loss.Reduction.NONE).of(logits, Tensor.of(LABELS));
  }

  @GradCheck(of = "CrossEntropy")
  static Variable crossEntropyWithoutPadding(Variable logits) {
    return new CrossEntropy().ignoreIndex(3).of(logits, Tensor.of(LABELS));
  }

  @GradCheck
  static Variable mse(Variable prediction, Variable target) {
    return Losses.mse(prediction, target);
  }

  @GradCheck
  static Variable mae(Variable prediction, Variable target) {
    return Losses.mae(prediction, target.mul(0.1)).square();
  }

  @GradCheck
  static Variable binaryCrossEntropyWithLogits(Variable logits, Variable targets) {
    return Losses.binaryCrossEntropyWithLogits(logits, targets.sigmoid());
  }
}
