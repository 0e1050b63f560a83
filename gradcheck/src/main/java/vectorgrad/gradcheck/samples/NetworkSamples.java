package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;

/// What networks end with.
final class NetworkSamples {
  private NetworkSamples() {}

  @GradCheck
  static Variable softmax(Variable x) {
    return x.softmax(1);
  }

  @GradCheck(of = "softmax")
  static Variable softmaxDown(Variable x) {
    return x.softmax(0);
  }

  @GradCheck
  static Variable logSoftmax(Variable x) {
    return x.logSoftmax(1);
  }
}
