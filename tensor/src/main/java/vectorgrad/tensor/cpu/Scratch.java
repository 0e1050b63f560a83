package vectorgrad.tensor.cpu;

/// An array that each thread keeps for its kernels, so that a call allocates nothing once it is
/// warm.
///
/// A kernel that hands part of its work to [Workers] finds itself in its own chunks again, on the
/// same thread, so whatever is alive at the same time has an array of its own.
final class Scratch {
  /// A packed left operand, shared by the tiles of one product.
  static final Scratch LEFT = new Scratch();

  /// A packed right operand, shared by the tiles of one product.
  static final Scratch RIGHT = new Scratch();

  /// What a scalar kernel found by tables.
  static final Scratch GATHERED = new Scratch();

  /// One panel of a right operand that a single thread packs and uses.
  static final Scratch PANEL = new Scratch();

  /// One tile of a result, where the result itself has no room for a whole one.
  static final Scratch TILE = new Scratch();

  /// A transposed result, or sums that are joined at the end.
  static final Scratch RESULT = new Scratch();

  /// Scores of attention.
  static final Scratch SCORES = new Scratch();

  /// Keys and values of a head.
  static final Scratch HEAD = new Scratch();

  /// Gradients of scores.
  static final Scratch SLOPES = new Scratch();

  /// Numbers of 16 bits, widened.
  static final Scratch WIDE = new Scratch();

  /// Pictures with their borders of zeros, or cut into strips.
  static final Scratch PICTURE = new Scratch();

  private final ThreadLocal<float[]> array = ThreadLocal.withInitial(() -> new float[1024]);

  private Scratch() {}

  /// This thread's array, of at least `size` elements and unspecified content.
  float[] floats(int size) {
    float[] found = array.get();
    if (found.length < size) {
      found = new float[size];
      array.set(found);
    }
    return found;
  }
}
