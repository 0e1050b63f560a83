package vectorgrad.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.PadMode;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Operations of a [Variable] that copy its elements into another arrangement. The gradients of
/// copies of one element add up.
sealed interface Rearranging permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  // ---- padding --------------------------------------------------------------------------------

  /// With `before` and `after` zeros added along `axis`.
  default Variable pad(int axis, int before, int after) {
    return pad(axis, before, after, 0);
  }

  /// With `before` and `after` elements of the given `value` added along `axis`.
  ///
  /// @throws vectorgrad.tensor.ShapeException if `before` or `after` is negative
  default Variable pad(int axis, int before, int after, double value) {
    int[] befores = new int[self().rank()];
    int[] afters = new int[self().rank()];
    int a = self().shape().axis(axis);
    befores[a] = before;
    afters[a] = after;
    return pad(befores, afters, value);
  }

  /// With `before[axis]` and `after[axis]` elements of the given `value` added along every axis.
  /// Its derivative is that of padding with zeros, whose adjoint is a slice.
  ///
  /// @throws vectorgrad.tensor.ShapeException if one is negative, or there is not one for each axis
  default Variable pad(int[] before, int[] after, double value) {
    Variable x = self();
    Tensor padded = x.value().pad(before, after, value);
    int[] from = before.clone();
    Shape inner = x.shape();
    return Variable.known(
        Adjoints.put("Pad", padded.shape(), y -> inside(y, from, inner)), padded, x);
  }

  private static Tensor inside(Tensor y, int[] from, Shape inner) {
    Tensor view = y;
    for (int axis = 0; axis < from.length; axis++) {
      view = view.narrow(axis, from[axis], inner.get(axis));
    }
    return view;
  }

  /// With `before` and `after` elements added along `axis`, which `mode` chooses; the gradients of
  /// what it shows again add to those of the elements themselves.
  ///
  /// @throws vectorgrad.tensor.ShapeException if `before` or `after` is negative, if the mode is
  ///   REFLECT and one is not smaller than the axis, or if there is nothing to repeat
  default Variable pad(int axis, int before, int after, PadMode mode) {
    if (mode == PadMode.CONSTANT) {
      return pad(axis, before, after);
    }
    Variable x = self();
    Tensor padded = x.value().pad(axis, before, after, mode);
    // where its elements come from, told by numbered ones
    Tensor places = Tensor.arange(x.size(axis), DType.I32).pad(0, before, after, mode);
    return selected(padded, axis, places);
  }

  /// `y`, which consists of the parts of this variable at `places` of an axis.
  private Variable selected(Tensor y, int axis, Tensor places) {
    int a = self().shape().axis(axis);
    return Variable.known(new SelectionOps.IndexSelect(a, places.to(self().device())), y, self());
  }

  // ---- moving and repeating -------------------------------------------------------------------

  /// With every element `shift` places further along `axis`; those that leave at the end come back
  /// at the beginning. Gradients are rolled back.
  default Variable roll(int shift, int axis) {
    return roll(new int[] {shift}, new int[] {axis});
  }

  /// Rolled along every one of `axes` by its shift.
  ///
  /// @throws vectorgrad.tensor.ShapeException if there are not as many shifts as axes
  default Variable roll(int[] shifts, int[] axes) {
    int[] forth = shifts.clone();
    int[] along = axes.clone();
    return Variable.apply(
        Adjoints.of(
            "Roll", x -> x.roll(forth, along), y -> y.roll(back(forth, along, y.shape()), along)),
        self());
  }

  private static int[] back(int[] shifts, int[] axes, Shape shape) {
    int[] back = new int[shifts.length];
    for (int i = 0; i < back.length; i++) { // −shift would not be there for the least int
      back[i] = -Math.floorMod(shifts[i], Math.max(1, shape.get(axes[i])));
    }
    return back;
  }

  /// The whole `times[axis]` times along every axis, like a tiled floor; more numbers than axes add
  /// axes on the left. The gradients of the tiles add up.
  ///
  /// @throws vectorgrad.tensor.ShapeException if there are fewer numbers than axes, or one is
  ///   negative
  default Variable repeat(int... times) {
    Variable x = self();
    Tensor repeated = x.value().repeat(times);
    int rank = times.length;
    int[] apart = new int[2 * rank]; // 1, size of axis 0, 1, size of axis 1, …
    Arrays.fill(apart, 1);
    for (int axis = 0; axis < x.rank(); axis++) {
      apart[2 * (rank - x.rank() + axis) + 1] = x.size(axis);
    }
    int[] tiles = apart.clone();
    for (int axis = 0; axis < rank; axis++) {
      tiles[2 * axis] = times[axis];
    }
    return merged(repeated, Shape.of(apart), Shape.of(tiles));
  }

  /// Every element `times` times, one behind the other, along `axis`.
  ///
  /// @throws vectorgrad.tensor.ShapeException if `times` is negative
  default Variable repeatInterleave(int times, int axis) {
    Variable x = self();
    Tensor repeated = x.value().repeatInterleave(times, axis);
    Shape apart = x.value().unsqueeze(x.shape().axis(axis) + 1).shape();
    return merged(repeated, apart, apart.with(x.shape().axis(axis) + 1, times));
  }

  /// `y`, which is this variable in the shape `apart`, expanded to `tiles`, and reshaped.
  private Variable merged(Tensor y, Shape apart, Shape tiles) {
    return Variable.known(new ViewOps.Reshape(y.shape()), y, self().reshape(apart).expand(tiles));
  }

  /// Part `i` along `axis` `times[i]` times, one behind the other.
  ///
  /// @throws vectorgrad.tensor.ShapeException if `times` has not one number for each part, or one
  ///   is negative
  default Variable repeatInterleave(int[] times, int axis) {
    Tensor repeated = self().value().repeatInterleave(times, axis);
    Tensor places = Tensor.arange(times.length, DType.I32).repeatInterleave(times, 0);
    return selected(repeated, axis, places);
  }

  // ---- joining --------------------------------------------------------------------------------

  /// Windows laid where [Variable#window] saw them along `axis` of the result, which has the given
  /// `size`, and added where they overlap: its adjoint.
  ///
  /// @throws vectorgrad.tensor.ShapeException if these are not all windows of such an axis
  default Variable overlapAdd(int axis, int size, int stride, int dilation) {
    Variable windows = self();
    return Variable.apply(
        Adjoints.of(
            "OverlapAdd",
            x -> x.overlapAdd(axis, size, stride, dilation),
            y -> y.window(axis, windows.size(-1), stride, dilation)),
        windows);
  }

  /// The coordinates of a grid: see [Variable#meshgrid].
  static List<Variable> meshgrid(Variable... vectors) {
    Tensor[] values = new Tensor[vectors.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = vectors[i].value();
    }
    List<Tensor> grids = Tensor.meshgrid(values);
    List<Variable> result = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      int[] alone = new int[values.length];
      Arrays.fill(alone, 1);
      alone[i] = values[i].size();
      result.add(vectors[i].reshape(Shape.of(alone)).expand(grids.get(i).shape()));
    }
    return List.copyOf(result);
  }
}
