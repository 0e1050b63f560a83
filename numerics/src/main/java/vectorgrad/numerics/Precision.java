package vectorgrad.numerics;

/// The floating-point format a formula is computed in.
public enum Precision {
  /// IEEE 754 binary32, Java's `float`.
  SINGLE,
  /// IEEE 754 binary64, Java's `double`.
  DOUBLE
}
