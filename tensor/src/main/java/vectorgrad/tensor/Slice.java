package vectorgrad.tensor;

/// A range of places on an axis, by the rules of Python's `x[from:to:step]`: `from` is included,
/// `to` is not, negative places count from the end, and what lies outside the axis is cut off.
///
/// | on an axis of size 5 | chooses |
/// |---|---|
/// | `new Slice(1, 4, 1)` | 1, 2, 3 |
/// | `new Slice(-2, 100, 1)` | 3, 4 |
/// | `new Slice(0, 5, 2)` | 0, 2, 4 |
/// | `new Slice(-1, Slice.START, -1)` | 4, 3, 2, 1, 0 |
/// | `new Slice(4, 1, 1)` | nothing |
///
/// @param from the first place
/// @param to the place before which it ends
/// @param step how far to the next place; negative steps walk backwards
public record Slice(int from, int to, int step) {
  /// As `to`, everything up to the end; cut off to the size of the axis.
  public static final int END = Integer.MAX_VALUE;

  /// As `to` of a negative step, everything down to the first element: −1 would count from the end.
  public static final int START = Integer.MIN_VALUE;

  /// Refuses a step of 0.
  ///
  /// @throws ShapeException if `step` is 0
  public Slice {
    if (step == 0) {
      throw new ShapeException(
          Message.of("slice", "a step of 0 goes nowhere")
              .row("help", "select(axis, index) takes a single part, unsqueeze and expand repeat"));
    }
  }

  /// The same places of an axis of the given `size`, counted from 0 and cut off: `from` and `to`
  /// are in `[0, size]`, or in `[−1, size − 1]` for a negative step, and equal if there is nothing.
  public Slice within(int size) {
    int lowest = step > 0 ? 0 : -1;
    int first = cut(from, size, lowest);
    int last = cut(to, size, lowest);
    boolean nothing = step > 0 ? last <= first : last >= first;
    return new Slice(first, nothing ? first : last, Math.max(step, -Integer.MAX_VALUE));
  }

  private static int cut(int place, int size, int lowest) {
    return place < 0 ? Math.max(place + size, lowest) : Math.min(place, lowest + size);
  }
}
