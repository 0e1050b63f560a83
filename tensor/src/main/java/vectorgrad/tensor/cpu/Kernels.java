package vectorgrad.tensor.cpu;

import java.util.concurrent.ConcurrentHashMap;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;

/// The kernels of this process: each is compiled when first needed, and found again in some 20 ns.
final class Kernels {
  /// A program that makes new formulas all the time (constants that change should be inputs of
  /// stride 0) must not fill the memory with classes.
  private static final int MOST = 4096;

  private record Key(Program program, Signature signature) {}

  private static final ConcurrentHashMap<Key, RowKernel> KERNELS = new ConcurrentHashMap<>();

  private Kernels() {}

  /// The kernel of `program` for rows of these dtypes (inputs, then outputs) with these strides.
  static RowKernel of(Program program, DType[] dtypes, int[] strides) {
    return of(program, Signature.of(dtypes, strides));
  }

  /// The kernel of `program` for rows of this signature.
  static RowKernel of(Program program, Signature signature) {
    Key key = new Key(program, signature);
    RowKernel kernel = KERNELS.get(key);
    if (kernel == null) {
      if (KERNELS.size() >= MOST) {
        KERNELS.clear();
      }
      kernel =
          KERNELS.computeIfAbsent(
              key, k -> FormulaCompiler.compile(k.program(), k.signature(), Lanes.bits()));
    }
    return kernel;
  }
}
