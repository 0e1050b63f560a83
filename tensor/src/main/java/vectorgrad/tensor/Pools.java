package vectorgrad.tensor;

import static vectorgrad.numerics.Formula.input;

import java.util.List;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;

/// Pooling with sliding windows, for any number of spatial axes: a maximum or a sum over windows is
/// one along each axis, one after the other.
final class Pools {
  /// Up to this many elements of a window are added in one pass over shifted views.
  private static final int FUSED = 8;

  private Pools() {}

  /// The shape of the result, once it is known that there is one.
  static Shape output(String operation, Tensor x, List<Pool1dGeometry> axes) {
    checkInput(operation, x, axes.size());
    Shape output = output(x.shape(), axes);
    for (int axis = 0; axis < axes.size(); axis++) {
      if (output.get(axis + 2) < 1) {
        throw new ShapeException(
            Message.of(operation, "the window is larger than the padded " + subject(axes.size()))
                .row("input", x.shape() + "   N C " + Convolved.places(axes.size()))
                .row("window", window(axes)),
            x.shape());
      }
    }
    return output;
  }

  private static Shape output(Shape input, List<Pool1dGeometry> axes) {
    int[] sizes = input.toArray();
    for (int axis = 0; axis < axes.size(); axis++) {
      sizes[axis + 2] = axes.get(axis).outputSize(sizes[axis + 2]);
    }
    return Shape.of(sizes);
  }

  static void checkInput(String operation, Tensor x, int axes) {
    if (x.rank() != axes + 2 || !x.dtype().isFloating()) {
      throw new ShapeException(
          Message.of(
                  operation,
                  "needs floating "
                      + subject(axes)
                      + "s (N, C, "
                      + Convolved.places(axes).replace(" ", ", ")
                      + ")")
              .row("input", x.shape() + " " + x.dtype()),
          x.shape());
    }
  }

  private static Shape window(List<Pool1dGeometry> axes) {
    return Shape.of(axes.stream().mapToInt(Pool1dGeometry::span).toArray());
  }

  private static String subject(int axes) {
    return switch (axes) {
      case 1 -> "signal";
      case 2 -> "picture";
      default -> "volume";
    };
  }

  // ---- maxima ---------------------------------------------------------------------------------

  /// The shape of the result of a maximum: every window must have an element to choose.
  static Shape maxOutput(String operation, Tensor x, List<Pool1dGeometry> axes) {
    Shape output = output(operation, x, axes);
    for (int axis = 0; axis < axes.size(); axis++) {
      if (axes.get(axis).seesNothing(x.size(axis + 2))) {
        throw new ShapeException(
            Message.of(operation, "a window sees nothing but padding on axis " + (axis + 2))
                .row("input", x.shape() + "   N C " + Convolved.places(axes.size()))
                .row("window", window(axes))
                .row("rule", "the dilation does not step over the whole " + subject(axes.size())),
            x.shape());
      }
    }
    return output;
  }

  // ---- means ----------------------------------------------------------------------------------

  /// The mean of every window: its sum over the number of elements that count.
  static Tensor average(
      String operation, Tensor x, List<Pool1dGeometry> axes, boolean countIncludePad) {
    checkDense(operation, axes);
    output(operation, x, axes);
    Tensor sum = x.to(x.dtype().widened());
    for (int axis = axes.size() - 1; axis >= 0; axis--) {
      sum = sumOfWindows(sum, axis + 2, axes.get(axis));
    }
    return perElement(sum, x.shape(), axes, countIncludePad).to(x.dtype());
  }

  /// The adjoint of [#average]: every element of a window gets its share.
  static Tensor averageGradient(
      String operation,
      Tensor dy,
      Shape input,
      List<Pool1dGeometry> axes,
      boolean countIncludePad) {
    checkDense(operation, axes);
    checkInput(operation, dy, axes.size());
    if (input.rank() != axes.size() + 2 || !output(input, axes).equals(dy.shape())) {
      throw doesNotBelong(operation, dy, input);
    }
    Tensor share = perElement(dy.to(dy.dtype().widened()), input, axes, countIncludePad);
    for (int axis = 0; axis < axes.size(); axis++) {
      Pool1dGeometry along = axes.get(axis);
      int[] sizes = java.util.Arrays.copyOf(share.shape().toArray(), share.rank() + 1);
      sizes[share.rank()] = along.kernel();
      Tensor windows = share.unsqueeze(share.rank()).expand(Shape.of(sizes));
      share = Windows.overlapAdd(windows, axis + 2, input.get(axis + 2), along.sliding());
    }
    return share.contiguous().to(dy.dtype());
  }

  static ShapeException doesNotBelong(String operation, Tensor dy, Shape input) {
    return new ShapeException(
        Message.of(operation, "the gradient does not belong to this pooling")
            .row("input", input)
            .row("dy", dy.shape()),
        input,
        dy.shape());
  }

  private static void checkDense(String operation, List<Pool1dGeometry> axes) {
    for (Pool1dGeometry axis : axes) {
      if (axis.dilation() != 1) {
        throw new ShapeException(
            operation, "the windows of a mean are dense, found dilation " + axis.dilation());
      }
    }
  }

  /// Windows along one axis added up: elements of equal place in all windows at once.
  private static Tensor sumOfWindows(Tensor x, int axis, Pool1dGeometry g) {
    int count = g.outputSize(x.size(axis));
    Tensor padded = x.pad(axis, g.padding(), g.after(x.size(axis)), 0);
    if (g.kernel() > FUSED) {
      return padded.window(axis, g.kernel(), g.stride(), 1).sum(-1);
    }
    Formula sum = input(0);
    Tensor[] places = new Tensor[g.kernel()];
    for (int k = 0; k < places.length; k++) {
      places[k] = padded.slice(axis, k, k + (count - 1) * g.stride() + 1, g.stride());
      sum = k == 0 ? sum : sum.plus(input(k));
    }
    return Tensor.map(Program.of(sum), places);
  }

  /// Divided by the number of elements that count in each window.
  private static Tensor perElement(
      Tensor windows, Shape input, List<Pool1dGeometry> axes, boolean withPadding) {
    Tensor counts = Tensor.scalar(1.0);
    for (int axis = 0; axis < axes.size(); axis++) {
      Pool1dGeometry along = axes.get(axis);
      double[] each = new double[windows.size(axis + 2)];
      for (int i = 0; i < each.length; i++) {
        each[i] = along.counted(i, input.get(axis + 2), withPadding);
      }
      counts = counts.unsqueeze(counts.rank()).mul(Tensor.of(each)); // an outer product
    }
    return windows.div(counts.to(windows.dtype()).to(windows.device()));
  }
}
