package vectorgrad.gradcheck;

/// How near the f32 kernels are to be to f64, in ulps of f32 of the largest element. All of these
/// tolerances stand here.
///
/// An element that joins `n` numbers, in a sum or a product of matrices, is rounded once on each of
/// the `log₂ n` levels of a tree; `n` is at most the number of elements of the largest input or
/// output.
public enum Precision {
  /// A formula, its slope, and sums of what does not cancel.
  WELL_CONDITIONED(1),
  /// Differences of almost equal numbers, as in a variance, a determinant or a logarithm near one,
  /// lose up to six bits more than their operations round.
  ILL_CONDITIONED(64);

  /// A formula, its slope and what a sample puts behind them round some sixteen times, by half an
  /// ulp each.
  private static final double ROUNDINGS = 8;

  /// Half an ulp for each level of the tree of a sum, four times as much where terms of both signs
  /// leave a quarter of their size.
  private static final double PER_LEVEL = 2;

  private final double factor;

  Precision(double factor) {
    this.factor = factor;
  }

  /// The ulps allowed where up to `n` numbers are joined.
  public double ulps(int n) {
    return factor * (ROUNDINGS + PER_LEVEL * Math.log(Math.max(1.0, n)) / Math.log(2));
  }
}
