package vectorgrad.nn;

import java.util.Optional;
import vectorgrad.autograd.Parameter;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.ConvGeometry;
import vectorgrad.tensor.PadMode;
import vectorgrad.tensor.Shape;

/// A convolution over pictures (a cross-correlation, as everywhere in deep learning): `y[n, o, i,
/// j] = b[o] + Σ_c,u,v x[n, c, i·stride + u·dilation − padding, …] · weight[o, c, u, v]`.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x | (N, in, H, W) | |
/// | weight | (out, in / groups, kH, kW) | begins as U(±1/√fanIn), fanIn = in / groups · kH · kW |
/// | bias | (out) | begins as U(±1/√fanIn) |
/// | y | (N, out, H', W') | H' = ⌊(H + 2·padding − dilation·(kH − 1) − 1) / stride⌋ + 1 |
///
/// Both distributions are PyTorch's defaults. Cost: 2·N·out·H'·W'·fanIn flops forward, twice that
/// backward; backward keeps x.
///
/// Settings are changed on copies that share the parameters: see [Convolution].
///
/// @param weight the filters
/// @param bias one number for each output channel, or empty
/// @param geometry stride, padding, dilation and groups
/// @param padMode what is seen beyond the border
public record Conv2d(
    Parameter weight, Optional<Parameter> bias, Conv2dGeometry geometry, PadMode padMode)
    implements Convolution<Conv2d> {

  /// Square filters of `kernel` × `kernel`, stride 1, no padding, with a bias; all zeros until it
  /// is initialised.
  public Conv2d(int in, int out, int kernel) {
    this(in, out, kernel, kernel);
  }

  /// Filters of `kernelH` × `kernelW`, stride 1, no padding, with a bias; all zeros until it is
  /// initialised.
  public Conv2d(int in, int out, int kernelH, int kernelW) {
    this(
        Filters.zeros("Conv2d", 2, out, in, kernelH, kernelW),
        Optional.of(Parameter.of(Shape.of(out))),
        Conv2dGeometry.DEFAULT,
        PadMode.CONSTANT);
  }

  /// A copy, sharing the parameters, in which the padding shows what `mode` says instead of zeros.
  public Conv2d padMode(PadMode mode) {
    return new Conv2d(weight, bias, geometry, mode);
  }

  @Override
  public Conv2d with(Parameter weight, Optional<Parameter> bias, ConvGeometry geometry) {
    return new Conv2d(weight, bias, (Conv2dGeometry) geometry, padMode);
  }

  @Override
  public String toString() {
    return tree();
  }
}
