package vectorgrad.tensor.cpu;

/// One row of an elementwise program: what [FormulaCompiler] makes, and [Kernels] hands out.
///
/// A row is the run of elements over which all operands advance by constant strides; the number of
/// its elements is the only loop left.
abstract class RowKernel {

  /// Evaluates the program at `n` elements. Element `i` of operand `k` is `arrays[k][offsets[k] +
  /// i·strides[k]]`.
  ///
  /// Every array must be of the type, and every stride of the kind (0, 1, any), that the kernel was
  /// made for. An output may be the very same elements as an input, since all outputs of an element
  /// are computed before one is stored; otherwise outputs overlap nothing.
  ///
  /// @param arrays the inputs, then the outputs
  /// @param offsets where each begins
  /// @param strides how far apart its elements are
  abstract void run(Object[] arrays, int[] offsets, int[] strides, int n);

  // ---- for what is emitted --------------------------------------------------------------------

  /// The processor has no remainder by 0, and NumPy's is 0.
  static int fmod(int a, int b) {
    return b == 0 ? 0 : a % b;
  }

  static long fmod(long a, long b) {
    return b == 0 ? 0 : a % b;
  }
}
