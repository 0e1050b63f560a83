package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.tensor.Device;

/// What looks at a graph or changes how it is walked.
final class ControlSamples {
  private ControlSamples() {}

  @GradCheck(shapes = {"3"})
  static Variable to(Variable x) {
    return x.to(Device.REFERENCE).square().to(Device.CPU);
  }

  @GradCheck
  static Variable hook(Variable x) {
    return x.square().hook(gradient -> gradient);
  }

  @GradCheck
  static Variable checkpoint(Variable x) {
    return x.checkpoint(v -> v.exp().mul(v));
  }
}
