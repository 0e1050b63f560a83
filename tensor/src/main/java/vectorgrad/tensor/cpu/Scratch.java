package vectorgrad.tensor.cpu;

/// Arrays that each thread keeps for its kernels, so that a call allocates nothing once it is warm.
///
/// A kernel that hands part of its work to [Workers] finds itself in its own chunks again, on the same
/// thread, so whatever is alive at the same time has a name of its own.
enum Scratch {
  /// A packed left operand, shared by the tiles of one product.
  LEFT,
  /// A packed right operand, shared by the tiles of one product.
  RIGHT,
  /// A tile of a left operand that was found by tables.
  GATHERED,
  /// One panel of a right operand that a single thread packs and uses.
  PANEL,
  /// One tile of a result, where the result itself has no room for a whole one.
  TILE,
  /// A transposed result, or sums that are joined at the end.
  RESULT,
  /// A picture with its border of zeros.
  PICTURE;

  private static final ThreadLocal<float[][]> ARRAYS =
      ThreadLocal.withInitial(() -> new float[values().length][0]);

  /// This thread's array of that name, of at least `size` elements and unspecified content.
  float[] floats(int size) {
    float[][] arrays = ARRAYS.get();
    if (arrays[ordinal()].length < size) {
      arrays[ordinal()] = new float[Math.max(size, 1024)];
    }
    return arrays[ordinal()];
  }
}
