package vectorgrad.nn;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import vectorgrad.autograd.Autocast;
import vectorgrad.autograd.Op;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Pointwise;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.ConvGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Epilogue;
import vectorgrad.tensor.PadMode;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

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
    implements Convolution<Conv2d>, Finish {

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

  @Override
  public Variable forward(Variable x, Activation last) {
    if (bias.isEmpty() || padMode != PadMode.CONSTANT) {
      return forward(x).map(last);
    }
    Filters.check(this, x);
    return biased(x, weight, bias.get(), geometry, Optional.of(last));
  }

  /// In one operation, unless something is rounded to fewer digits in between.
  static Variable biased(
      Variable input,
      Variable filters,
      Variable numbers,
      Conv2dGeometry g,
      Optional<Activation> last) {
    Variable x = Autocast.cast(input);
    Variable weight = Autocast.cast(filters);
    Variable bias = Autocast.cast(numbers);
    DType dtype = x.dtype();
    boolean alike = weight.dtype() == dtype && bias.dtype() == dtype && !dtype.isHalf();
    if (!alike) {
      return Finishing.then(x.conv2d(weight, g).add(Normalization.channels(bias, 4)), last);
    }
    return Finishing.apply(new Biased(g), last, x, weight, bias);
  }

  /// `y = x ⋆ w + b`, with a number of b for each filter, which is added as y is written; `db = Σ
  /// dy` over pictures and places.
  ///
  /// @param geometry of the convolution
  public record Biased(Conv2dGeometry geometry) implements Op.Finishable {
    @Override
    public String name() {
      return "Conv2d";
    }

    @Override
    public Autocast.Policy autocast() {
      return Autocast.Policy.LOW;
    }

    @Override
    public Saved saved() {
      return Saved.OTHER_INPUTS;
    }

    @Override
    public Tensor forward(List<Tensor> xs) {
      return xs.get(0).conv2dThen(xs.get(1), geometry, Epilogue.sum(bias(xs)));
    }

    @Override
    public Tensor forward(List<Tensor> xs, Pointwise last) {
      return xs.get(0).conv2dThen(xs.get(1), geometry, Finishing.biased(bias(xs), last));
    }

    private static Tensor bias(List<Tensor> xs) {
      return xs.get(2).unsqueeze(-1).unsqueeze(-1);
    }

    @Override
    public List<Supplier<Variable>> backward(Variable dy, List<Variable> xs, Variable y) {
      Variable x = xs.get(0);
      Variable weight = xs.get(1);
      return List.of(
          () -> dy.conv2dInputGradient(weight, x.shape(), geometry),
          () -> dy.conv2dWeightGradient(x, weight.shape(), geometry),
          () -> dy.sum(0, 2, 3));
    }
  }
}
