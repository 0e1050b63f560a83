package vectorgrad.nn;

import java.util.Optional;
import vectorgrad.autograd.Parameter;
import vectorgrad.tensor.Conv3dGeometry;
import vectorgrad.tensor.ConvGeometry;
import vectorgrad.tensor.PadMode;
import vectorgrad.tensor.Shape;

/// A convolution over volumes (a cross-correlation, as everywhere in deep learning), as [Conv2d]
/// with one axis more.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x | (N, in, D, H, W) | |
/// | weight | (out, in / groups, kD, kH, kW) | begins as U(±1/√fanIn), fanIn = in / groups · kD · kH · kW |
/// | bias | (out) | begins as U(±1/√fanIn) |
/// | y | (N, out, D', H', W') | D' = ⌊(D + 2·padding − dilation·(kD − 1) − 1) / stride⌋ + 1 |
///
/// Both distributions are PyTorch's defaults. Cost: 2·N·out·D'·H'·W'·fanIn flops forward, twice
/// that backward; backward keeps x.
///
/// Settings are changed on copies that share the parameters: see [Convolution].
///
/// @param weight the filters
/// @param bias one number for each output channel, or empty
/// @param geometry stride, padding, dilation and groups
/// @param padMode what is seen beyond the border
public record Conv3d(
    Parameter weight, Optional<Parameter> bias, Conv3dGeometry geometry, PadMode padMode)
    implements Convolution<Conv3d> {

  /// Filters of `kernel`³, stride 1, no padding, with a bias; all zeros until it is initialised.
  public Conv3d(int in, int out, int kernel) {
    this(in, out, kernel, kernel, kernel);
  }

  /// Filters of `kernelD` × `kernelH` × `kernelW`, stride 1, no padding, with a bias; all zeros
  /// until it is initialised.
  public Conv3d(int in, int out, int kernelD, int kernelH, int kernelW) {
    this(
        Filters.zeros("Conv3d", 3, out, in, kernelD, kernelH, kernelW),
        Optional.of(Parameter.of(Shape.of(out))),
        Conv3dGeometry.DEFAULT,
        PadMode.CONSTANT);
  }

  /// A copy, sharing the parameters, in which the padding shows what `mode` says instead of zeros.
  public Conv3d padMode(PadMode mode) {
    return new Conv3d(weight, bias, geometry, mode);
  }

  @Override
  public Conv3d with(Parameter weight, Optional<Parameter> bias, ConvGeometry geometry) {
    return new Conv3d(weight, bias, (Conv3dGeometry) geometry, padMode);
  }

  @Override
  public String toString() {
    return tree();
  }
}
