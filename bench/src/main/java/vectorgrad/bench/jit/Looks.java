package vectorgrad.bench.jit;

import java.util.Locale;
import vectorgrad.bench.Rung;

/// How a function of every element is written.
public enum Looks implements Rung {
  /// One of four functions for each quarter of the array: called for every element.
  FOUR_FUNCTIONS,

  /// A function, the only one that was ever passed: inlined.
  ONE_FUNCTION,

  /// A loop over arrays with a place in each where it begins.
  OFFSETS,

  /// A loop over arrays.
  LOOP,

  /// A formula that Vectorgrad compiles.
  FORMULA;

  @Override
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
