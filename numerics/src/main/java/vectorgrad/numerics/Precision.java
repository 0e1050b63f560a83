package vectorgrad.numerics;

/// The floating-point format a formula is computed in.
public enum Precision {
  /// IEEE 754 binary32, Java's `float`.
  SINGLE,
  /// IEEE 754 binary64, Java's `double`.
  DOUBLE;

  /// `eˣ` of `x ≤ 0`, as a softmax needs it, in primitives: two thirds of what [Formula#exp] takes.
  /// The same bits where that is a normal number; below, 0.
  public Formula decay(Formula x) {
    return Exponentials.decay(x, this == SINGLE);
  }
}
