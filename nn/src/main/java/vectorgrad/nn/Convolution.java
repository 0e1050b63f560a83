package vectorgrad.nn;

import java.util.Optional;
import vectorgrad.autograd.Autocast;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Conv1dGeometry;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.Conv3dGeometry;
import vectorgrad.tensor.ConvGeometry;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.PadMode;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Sliding;

/// What convolutions of signals, pictures and volumes have in common, plain and transposed: filters
/// and a bias, and settings that are changed on copies, which share the parameters.
///
/// ```java
/// conv2d(1, 16, 5).padding(2).stride(2, 1)
/// ```
///
/// Filters and bias begin as U(±1/√fanIn), where fanIn = weight's second axis times the filter's
/// size: PyTorch's default.
///
/// @param <C> the layer itself
public sealed interface Convolution<C extends Convolution<C>> extends Layer
    permits Conv1d, Conv2d, Conv3d, ConvTranspose {

  /// The filters: (out, in / groups, …), or (in, out / groups, …) if transposed.
  Parameter weight();

  /// One number for each output channel, or empty.
  Optional<Parameter> bias();

  /// How the filters move.
  ConvGeometry geometry();

  /// What is seen beyond the border: zeros, unless [#padMode(PadMode)] says otherwise.
  default PadMode padMode() {
    return PadMode.CONSTANT;
  }

  /// The layer of this kind with other parts, its remaining settings being this one's.
  C with(Parameter weight, Optional<Parameter> bias, ConvGeometry geometry);

  /// A copy that moves by `stride`: one number for each spatial axis, or one for all.
  default C stride(int... stride) {
    return along("stride", stride, (s, n) -> new Sliding(n, s.padding(), s.dilation()));
  }

  /// A copy that sees `padding` places beyond every border: one number for each spatial axis, or
  /// one for all. Of a transposed convolution so many places are cut off.
  default C padding(int... padding) {
    return along("padding", padding, (s, n) -> new Sliding(s.stride(), n, s.dilation()));
  }

  /// A copy whose filters take every `dilation`-th place: one number for each spatial axis, or one
  /// for all.
  default C dilation(int... dilation) {
    return along("dilation", dilation, (s, n) -> new Sliding(s.stride(), s.padding(), n));
  }

  /// The same layer with its channels split into `groups` that do not see each other. The filters
  /// become thinner, so they are **new** ones, all zeros until they are initialised; the bias is
  /// shared.
  ///
  /// @throws ShapeException if the channels cannot be split evenly
  default C groups(int groups) {
    Shape shape = weight().shape();
    int in = Filters.in(this);
    int out = Filters.out(this);
    if (groups < 1 || in % groups != 0 || out % groups != 0) {
      throw new ShapeException(
          Message.of(
                  Filters.name(this),
                  in + " and " + out + " channels do not split into " + groups + " groups")
              .row("rule", "the input and the output channels are a multiple of the groups"),
          shape);
    }
    Parameter thinner = Parameter.of(shape.with(1, shape.get(1) * geometry().groups() / groups));
    return with(thinner, bias(), ConvGeometry.of(groups, Filters.sliding(geometry())));
  }

  /// A copy without the bias.
  default C withoutBias() {
    return with(weight(), Optional.empty(), geometry());
  }

  private C along(String setting, int[] numbers, Filters.Change change) {
    Sliding[] axes = Filters.sliding(geometry());
    if (numbers.length != 1 && numbers.length != axes.length) {
      throw new IllegalArgumentException(
          Message.of(
                  Filters.name(this),
                  numbers.length + " numbers for the " + setting + " of " + axes.length + " axes")
              .row("rule", "one number for each spatial axis, or one for all")
              .toString());
    }
    for (int axis = 0; axis < axes.length; axis++) {
      axes[axis] = change.of(axes[axis], numbers[numbers.length == 1 ? 0 : axis]);
    }
    return with(weight(), bias(), ConvGeometry.of(geometry().groups(), axes));
  }

  @Override
  default Variable forward(Variable input) {
    Filters.check(this, input);
    ConvGeometry g = geometry();
    Variable x = input;
    if (padMode() != PadMode.CONSTANT) {
      Sliding[] axes = Filters.sliding(g);
      for (int axis = 0; axis < axes.length; axis++) {
        Sliding s = axes[axis];
        x = x.pad(axis + 2, s.padding(), s.padding(), padMode());
        axes[axis] = new Sliding(s.stride(), 0, s.dilation());
      }
      g = ConvGeometry.of(g.groups(), axes);
    }
    if (g instanceof Conv2dGeometry plane && this instanceof Conv2d && bias().isPresent()) {
      return Conv2d.biased(x, weight(), bias().get(), plane, Optional.empty());
    }
    Variable y = convolved(x, g);
    return bias().isPresent()
        ? y.add(Normalization.channels(Autocast.cast(bias().get()), y.rank()))
        : y;
  }

  private Variable convolved(Variable x, ConvGeometry g) {
    int[] more = new int[3];
    if (this instanceof ConvTranspose transposed) {
      for (int axis = 0; axis < g.axes(); axis++) {
        more[axis] = transposed.outputPadding().get(axis);
      }
    }
    boolean back = this instanceof ConvTranspose;
    Parameter w = weight();
    return switch (g) {
      case Conv1dGeometry f -> back ? x.convTranspose1d(w, f, more[0]) : x.conv1d(w, f);
      case Conv2dGeometry f -> back ? x.convTranspose2d(w, f, more[0], more[1]) : x.conv2d(w, f);
      case Conv3dGeometry f ->
          back ? x.convTranspose3d(w, f, more[0], more[1], more[2]) : x.conv3d(w, f);
    };
  }

  @Override
  default Initializer initializer(String component) {
    double bound = 1 / Math.sqrt(Math.max(1, Initializer.fanIn(weight().shape())));
    return component.equals("weight")
        ? Initializer.kaimingUniform(Math.sqrt(5))
        : Initializer.uniform(-bound, bound);
  }

  @Override
  default String label() {
    return Filters.label(this);
  }
}
