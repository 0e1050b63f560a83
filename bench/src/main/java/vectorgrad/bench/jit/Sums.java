package vectorgrad.bench.jit;

import java.util.Locale;
import vectorgrad.bench.Rung;

/// How the sum of an array is written.
public enum Sums implements Rung {
  /// One sum, each addition after the one before: what the compiler may not change.
  ONE_SUM,

  /// Four sums side by side.
  FOUR_SUMS,

  /// By a kernel of Vectorgrad: vectors of sums.
  VECTORS;

  @Override
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
