package vectorgrad.nn;

import java.util.Optional;
import vectorgrad.autograd.Parameter;
import vectorgrad.tensor.Conv1dGeometry;
import vectorgrad.tensor.ConvGeometry;
import vectorgrad.tensor.PadMode;
import vectorgrad.tensor.Shape;

/// A convolution over signals (a cross-correlation, as everywhere in deep learning): `y[n, o, i] =
/// b[o] + Σ_c,u x[n, c, i·stride + u·dilation − padding] · weight[o, c, u]`.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x | (N, in, L) | |
/// | weight | (out, in / groups, k) | begins as U(±1/√fanIn), fanIn = in / groups · k |
/// | bias | (out) | begins as U(±1/√fanIn) |
/// | y | (N, out, L') | L' = ⌊(L + 2·padding − dilation·(k − 1) − 1) / stride⌋ + 1 |
///
/// Both distributions are PyTorch's defaults. Cost: 2·N·out·L'·fanIn flops forward, twice that
/// backward; backward keeps x.
///
/// Settings are changed on copies that share the parameters: see [Convolution].
///
/// @param weight the filters
/// @param bias one number for each output channel, or empty
/// @param geometry stride, padding, dilation and groups
/// @param padMode what is seen beyond the border
public record Conv1d(
    Parameter weight, Optional<Parameter> bias, Conv1dGeometry geometry, PadMode padMode)
    implements Convolution<Conv1d> {

  /// Filters of `kernel`, stride 1, no padding, with a bias; all zeros until it is initialised.
  public Conv1d(int in, int out, int kernel) {
    this(
        Filters.zeros("Conv1d", 1, out, in, kernel),
        Optional.of(Parameter.of(Shape.of(out))),
        Conv1dGeometry.DEFAULT,
        PadMode.CONSTANT);
  }

  /// A copy, sharing the parameters, in which the padding shows what `mode` says instead of zeros.
  public Conv1d padMode(PadMode mode) {
    return new Conv1d(weight, bias, geometry, mode);
  }

  @Override
  public Conv1d with(Parameter weight, Optional<Parameter> bias, ConvGeometry geometry) {
    return new Conv1d(weight, bias, (Conv1dGeometry) geometry, padMode);
  }

  @Override
  public String toString() {
    return tree();
  }
}
