package vectorgrad.gradcheck;

import java.util.Locale;
import java.util.stream.Stream;
import vectorgrad.autograd.GradCheck.Evaluation;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.DeviceException;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Tensor;

/// How far the f32 kernels of the CPU are from the definition in f64, for the value of one subject
/// and for its gradients of order 1: the largest difference, in ulps of f32 of the largest element.
///
/// @param subject what was computed twice
/// @param layout how its inputs lay in memory
/// @param against the device of the f64 numbers: the reference, or the CPU where the subject has
///   tensors of its own there
/// @param of what is furthest away: `the value`, `the gradient of input 0 (3, 4)`
/// @param ulps how far
/// @param allowed how far it may be, by [Precision]
public record Rounding(
    Subject subject, Layouts layout, Device against, String of, double ulps, double allowed) {
  private static final double ULP = Math.ulp(1f);

  static Rounding of(Subject subject, Layouts layout, Seed seed) {
    try {
      return of(subject, layout, Device.REFERENCE, seed);
    } catch (DeviceException e) {
      return of(subject, layout, Device.CPU, seed);
    }
  }

  private static Rounding of(Subject subject, Layouts layout, Device against, Seed seed) {
    Tensor[] inputs = subject.inputs(layout, seed);
    Evaluation single = evaluate(subject, DType.F32, Device.CPU, seed, inputs);
    Evaluation exact = evaluate(subject, DType.F64, against, seed, inputs);
    String of = "the value";
    double ulps = ulps(single.value(), exact.value());
    for (int i = 0; i < exact.names().size(); i++) {
      int same = single.names().indexOf(exact.names().get(i));
      double distance =
          same < 0
              ? Double.POSITIVE_INFINITY
              : ulps(single.gradients().get(same), exact.gradients().get(i));
      if (Double.compare(distance, ulps) > 0) {
        of = "the gradient of " + exact.names().get(i);
        ulps = distance;
      }
    }
    int joined =
        Stream.concat(Stream.of(exact.value()), exact.gradients().stream())
            .mapToInt(Tensor::size)
            .max()
            .orElse(1);
    double allowed = subject.precision().ulps(joined);
    return new Rounding(subject, layout, against, of, ulps, allowed);
  }

  private static Evaluation evaluate(
      Subject subject, DType dtype, Device device, Seed seed, Tensor[] inputs) {
    return vectorgrad.autograd.GradCheck.evaluate(subject.function(), dtype, device, seed, inputs);
  }

  private static double ulps(Tensor single, Tensor exact) {
    double[] a = single.toDoubles();
    double[] b = exact.toDoubles();
    double largest = Float.MIN_NORMAL;
    double furthest = 0;
    for (int i = 0; i < b.length; i++) {
      largest = Math.max(largest, Math.abs(b[i]));
      furthest = Math.max(furthest, Math.abs(a[i] - b[i])); // NaN stays
    }
    return furthest / largest / ULP;
  }

  /// Whether it is near enough.
  public boolean passes() {
    return ulps <= allowed;
  }

  /// Returns if it is near enough.
  ///
  /// @throws AssertionError with what is furthest away otherwise
  public Rounding orThrow() {
    if (!passes()) {
      throw new AssertionError(toString());
    }
    return this;
  }

  @Override
  public String toString() {
    return Message.of(
            subject.operation(),
            String.format(Locale.ROOT, "%s is %.1f ulp from f64 in f32", of, ulps))
        .row("passes", String.format(Locale.ROOT, "%.1f, %s", allowed, subject.precision()))
        .row("inputs", layout.label())
        .row("at", subject.source())
        .toString();
  }
}
