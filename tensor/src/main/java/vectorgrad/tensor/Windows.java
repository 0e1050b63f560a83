package vectorgrad.tensor;

import static vectorgrad.numerics.Formula.input;

import vectorgrad.numerics.Program;

/// Windows that slide along one axis, and the adjoint, which adds what overlaps.
final class Windows {
  private static final Program SUM = Program.of(input(0).plus(input(1)));

  private Windows() {}

  /// The windows of `kernel` elements along `axis` in a new last axis, once the axis is padded with
  /// `border`: a view where there is no padding.
  static Tensor along(Tensor x, int axis, int kernel, Sliding sliding, double border) {
    return x.pad(axis, sliding.padding(), sliding.padding(), border)
        .window(axis, kernel, sliding.stride(), sliding.dilation());
  }

  /// The adjoint of [#along] with a border of 0: every element of the windows, which are in the
  /// last axis, is added to the place of an axis of `size` that it is read from. What meets is
  /// added in the order of the elements in their windows.
  static Tensor overlapAdd(Tensor windows, int axis, int size, Sliding sliding) {
    int last = windows.rank() - 1;
    int kernel = windows.size(last);
    int count = windows.size(axis);
    int padding = sliding.padding();
    int needed = count == 0 ? 0 : (count - 1) * sliding.stride() + sliding.reach(kernel);
    Shape shape = windows.layout().select(last, 0).shape();
    Tensor padded =
        Tensor.zeros(
            shape.with(axis, Math.max(needed, size + 2 * padding)),
            windows.dtype(),
            windows.device());
    for (int k = 0; k < kernel && windows.size() > 0; k++) {
      int from = k * sliding.dilation();
      int to = from + (count - 1) * sliding.stride() + 1;
      Tensor places = padded.slice(axis, from, to, sliding.stride());
      windows
          .device()
          .backend()
          .pointwise(SUM, new Tensor[] {places, windows.select(last, k)}, new Tensor[] {places});
    }
    return padded.narrow(axis, padding, size);
  }
}
