package vectorgrad.autograd;

/// Sets of what a gradient reads, as the bits of a `long`: one for each input (the last one for all
/// from number 62 on), one for the output.
final class Reads {
  /// All inputs.
  static final long INPUTS = Long.MAX_VALUE;

  /// The output.
  static final long OUTPUT = Long.MIN_VALUE;

  private static final int SHARED = 62;

  private Reads() {}

  /// Input `i`.
  static long input(int i) {
    return 1L << Math.min(i, SHARED);
  }

  /// All inputs but number `i`.
  static long inputsBut(int i) {
    return i < SHARED ? INPUTS & ~input(i) : INPUTS;
  }
}
