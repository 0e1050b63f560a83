package vectorgrad.tensor.cpu;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Tensor;

/// The kernels of this process: each is compiled when first needed, and found again.
final class Kernels {
  /// A program that makes new formulas all the time (constants that change should be inputs of
  /// stride 0) must not fill the memory with classes.
  private static final int MOST = 4096;

  private record Key(Program program, Signature signature) {
    // by hand, since the JVM makes those of a record anew in each start

    @Override
    public boolean equals(Object other) {
      return other instanceof Key that
          && program.equals(that.program)
          && signature.equals(that.signature);
    }

    @Override
    public int hashCode() {
      return 31 * program.hashCode() + signature.hashCode();
    }
  }

  private static final ConcurrentHashMap<Key, RowKernel> KERNELS = new ConcurrentHashMap<>();

  /// A kernel that was asked for a moment ago, with the code of its signature.
  private record Recent(Program program, long code, RowKernel kernel) {}

  /// Where the next search looks first. Threads overwrite each other's entries, which are whole
  /// whoever wrote them.
  private static final Recent[] RECENT = new Recent[256];

  private Kernels() {}

  /// The kernel of `program` for rows of these tensors. That of a program which runs again and
  /// again is found in a few nanoseconds, without a signature being made.
  static RowKernel of(Program program, Tensor[] inputs, Tensor[] outputs, int[] strides) {
    if (strides.length > Signature.MOST_CODED) {
      return of(program, Signature.of(inputs, outputs, strides));
    }
    long code = Signature.code(inputs, outputs, strides);
    int slot =
        (program.hashCode() ^ Long.hashCode(code * 0x9E3779B97F4A7C15L)) & (RECENT.length - 1);
    Recent recent = RECENT[slot];
    if (recent == null || !recent.program.equals(program) || recent.code != code) {
      RowKernel kernel = of(program, Signature.of(inputs, outputs, strides));
      recent = new Recent(program, code, kernel);
      RECENT[slot] = recent;
    }
    return recent.kernel;
  }

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
      kernel = KERNELS.computeIfAbsent(key, Kernels::make);
    }
    return kernel;
  }

  private static RowKernel make(Key key) {
    boolean joins = false; // scalar code does not join in lanes
    for (int k = 0; k < key.signature.operands(); k++) {
      joins |= key.signature.stride(k) == Signature.Stride.LANES;
    }
    if (joins
        || Warmup.impatient
        || !FormulaCompiler.isVector(key.program, key.signature, Lanes.bits())) {
      return FormulaCompiler.compile(key.program, key.signature, Lanes.bits());
    }
    RowKernel scalar = FormulaCompiler.compile(key.program, key.signature, 0);
    return new ColdKernel(scalar, key.program, key.signature, fast -> replace(key, fast));
  }

  private static void replace(Key key, RowKernel kernel) {
    KERNELS.put(key, kernel);
    Arrays.fill(RECENT, null);
  }
}
