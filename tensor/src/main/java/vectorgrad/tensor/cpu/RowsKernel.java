package vectorgrad.tensor.cpu;

/// All passes of a row program over rows that are equally far apart: what [WholeRow] has emitted.
abstract class RowsKernel {
  /// Visits `rows` rows of `n` elements, one after the other. What an operand of step 1 has at
  /// element `i` of row `r` is `arrays[k][offsets[k] + r·advances[k] + i]`.
  ///
  /// @param arrays the inputs, the sums, then what is stored
  /// @param offsets where the first row begins in each
  /// @param advances from there to the next row
  abstract void run(Object[] arrays, int[] offsets, int n, int[] advances, int rows);
}
