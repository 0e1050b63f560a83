package vectorgrad.nn;

import java.util.Optional;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;

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
/// Settings are changed on copies that share the parameters: `conv2d(1, 16,
/// 5).padding(2).stride(2)`.
///
/// @param weight the filters
/// @param bias one number for each output channel, or empty
/// @param geometry stride, padding, dilation and groups
public record Conv2d(Parameter weight, Optional<Parameter> bias, Conv2dGeometry geometry)
    implements Layer {

  /// Square filters of `kernel` × `kernel`, stride 1, no padding, with a bias; all zeros until it
  /// is initialised.
  public Conv2d(int in, int out, int kernel) {
    this(in, out, kernel, kernel);
  }

  /// Filters of `kernelH` × `kernelW`, stride 1, no padding, with a bias; all zeros until it is
  /// initialised.
  public Conv2d(int in, int out, int kernelH, int kernelW) {
    this(
        Parameter.of(Shape.of(out, in, kernelH, kernelW)),
        Optional.of(Parameter.of(Shape.of(out))),
        Conv2dGeometry.DEFAULT);
  }

  /// A copy, sharing the parameters, that moves by `stride` rows and columns.
  public Conv2d stride(int stride) {
    return stride(stride, stride);
  }

  /// A copy, sharing the parameters, that moves by `strideH` rows and `strideW` columns.
  public Conv2d stride(int strideH, int strideW) {
    Conv2dGeometry g = geometry;
    return with(
        new Conv2dGeometry(
            strideH,
            strideW,
            g.paddingH(),
            g.paddingW(),
            g.dilationH(),
            g.dilationW(),
            g.groups()));
  }

  /// A copy, sharing the parameters, that sees `padding` rows and columns of zeros on every side.
  public Conv2d padding(int padding) {
    return padding(padding, padding);
  }

  /// A copy, sharing the parameters, that sees `paddingH` rows of zeros above and below and
  /// `paddingW` columns of zeros left and right.
  public Conv2d padding(int paddingH, int paddingW) {
    Conv2dGeometry g = geometry;
    return with(
        new Conv2dGeometry(
            g.strideH(),
            g.strideW(),
            paddingH,
            paddingW,
            g.dilationH(),
            g.dilationW(),
            g.groups()));
  }

  /// A copy, sharing the parameters, whose filters take every `dilation`-th row and column.
  public Conv2d dilation(int dilation) {
    return dilation(dilation, dilation);
  }

  /// A copy, sharing the parameters, whose filters take every `dilationH`-th row and every
  /// `dilationW`-th column.
  public Conv2d dilation(int dilationH, int dilationW) {
    Conv2dGeometry g = geometry;
    return with(
        new Conv2dGeometry(
            g.strideH(),
            g.strideW(),
            g.paddingH(),
            g.paddingW(),
            dilationH,
            dilationW,
            g.groups()));
  }

  /// The same layer with its channels split into `groups` that do not see each other. The filters
  /// become thinner, so they are **new** ones, all zeros until they are initialised; the bias is
  /// shared.
  ///
  /// @throws ShapeException if the channels cannot be split evenly
  public Conv2d groups(int groups) {
    Shape shape = weight.shape();
    int in = shape.get(1) * geometry.groups();
    int out = shape.get(0);
    if (groups < 1 || in % groups != 0 || out % groups != 0) {
      throw new ShapeException(
          Message.of(
                  "Conv2d",
                  in + " and " + out + " channels do not split into " + groups + " groups")
              .row("rule", "the input and the output channels are multiples of the groups"),
          shape);
    }
    Conv2dGeometry g = geometry;
    return new Conv2d(
        Parameter.of(shape.with(1, in / groups)),
        bias,
        new Conv2dGeometry(
            g.strideH(),
            g.strideW(),
            g.paddingH(),
            g.paddingW(),
            g.dilationH(),
            g.dilationW(),
            groups));
  }

  /// A copy without the bias, sharing the filters.
  public Conv2d withoutBias() {
    return new Conv2d(weight, Optional.empty(), geometry);
  }

  private Conv2d with(Conv2dGeometry other) {
    return new Conv2d(weight, bias, other);
  }

  @Override
  public Variable forward(Variable x) {
    Shape shape = x.shape();
    int channels = weight.shape().get(1) * geometry.groups();
    if (shape.rank() != 4) {
      throw refused(shape, "the input has " + shape.rank() + " axes instead of 4");
    }
    if (shape.get(1) != channels) {
      throw refused(
          shape, "the input has " + channels(shape.get(1)) + ", the filters expect " + channels);
    }
    Variable y = x.conv2d(weight, geometry);
    return bias.isPresent() ? y.add(bias.get().reshape(1, weight.shape().get(0), 1, 1)) : y;
  }

  private ShapeException refused(Shape shape, String problem) {
    return new ShapeException(
        Location.message(this, "Conv2d", problem)
            .row("input", Location.column(shape, weight.shape()) + "N C H W")
            .row(
                "weight",
                Location.column(weight.shape(), shape)
                    + (geometry.groups() == 1 ? "out in kH kW" : "out in/groups kH kW")),
        shape,
        weight.shape());
  }

  private static String channels(int count) {
    return count + (count == 1 ? " channel" : " channels");
  }

  @Override
  public Initializer initializer(String component) {
    double bound = 1 / Math.sqrt(Math.max(1, Initializer.fanIn(weight.shape())));
    return component.equals("weight")
        ? Initializer.kaimingUniform(Math.sqrt(5))
        : Initializer.uniform(-bound, bound);
  }

  @Override
  public String label() {
    Shape shape = weight.shape();
    Conv2dGeometry g = geometry;
    StringBuilder text = new StringBuilder("Conv2d(");
    text.append(shape.get(1) * g.groups()).append(", ").append(shape.get(0));
    text.append(", ").append(shape.get(2)).append('×').append(shape.get(3));
    setting(text, "stride", g.strideH(), g.strideW(), 1);
    setting(text, "padding", g.paddingH(), g.paddingW(), 0);
    setting(text, "dilation", g.dilationH(), g.dilationW(), 1);
    setting(text, "groups", g.groups(), g.groups(), 1);
    return text.append(bias.isPresent() ? ")" : ", without bias)").toString();
  }

  private static void setting(StringBuilder text, String name, int height, int width, int usual) {
    if (height != usual || width != usual) {
      text.append(", ").append(name).append(' ').append(height);
      if (width != height) {
        text.append('×').append(width);
      }
    }
  }

  @Override
  public String toString() {
    return tree();
  }
}
