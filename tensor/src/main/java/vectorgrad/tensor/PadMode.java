package vectorgrad.tensor;

/// What [Tensor#pad(int, int, int, PadMode)] puts around the elements of an axis, here two on each
/// side of `1 2 3`.
public enum PadMode {
  /// Zeros: `0 0 1 2 3 0 0`.
  CONSTANT,
  /// The elements mirrored at the first and the last, which are not repeated: `3 2 1 2 3 2 1`. The
  /// padding is narrower than the axis.
  REFLECT,
  /// The first and the last element: `1 1 1 2 3 3 3`.
  REPLICATE,
  /// The elements from the other end: `2 3 1 2 3 1 2`, round and round if need be.
  CIRCULAR
}
