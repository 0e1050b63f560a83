package vectorgrad.tensor.cpu;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.spi.Elements;

/// A kernel of one element at a time, which asks for vectors when it has proved to be worth them.
///
/// Emitting vector code takes the time of a whole step of a small network, and before the JIT has
/// compiled it, it is slower than this loop; see [Warmup], which hands over what takes its place.
final class ColdKernel extends RowKernel {
  /// Elements after which vectors are asked for.
  private static final int WORTH = 1 << 20;

  /// Elements of a row that warms: some vectors of any width, and a rest.
  private static final int WARMING = 16 * 24 + 1;

  /// More than compiled code takes for one operation on one element.
  private static final double NANOS = 2;

  private final RowKernel scalar;
  private final Program program;
  private final Signature signature;
  private final Consumer<RowKernel> fast;
  private final AtomicBoolean asked = new AtomicBoolean();
  private int left = WORTH; // about: threads may overwrite each other's count

  ColdKernel(RowKernel scalar, Program program, Signature signature, Consumer<RowKernel> fast) {
    this.scalar = scalar;
    this.program = program;
    this.signature = signature;
    this.fast = fast;
  }

  @Override
  void run(Object[] arrays, int[] offsets, int[] strides, int n) {
    left -= n;
    if (left < 0) {
      left = Integer.MAX_VALUE;
      if (asked.compareAndSet(false, true)) {
        warm();
      }
    }
    scalar.run(arrays, offsets, strides, n);
  }

  private void warm() {
    Object[] arrays = new Object[signature.operands()];
    int[] offsets = new int[arrays.length];
    int[] strides = new int[arrays.length];
    for (int k = 0; k < arrays.length; k++) {
      strides[k] = signature.stride(k) == Signature.Stride.ONE ? 1 : 0; // ANY: the input is unused
      arrays[k] = Elements.array(signature.dtype(k), WARMING);
    }
    Warmup.start(
        Warmup.Kind.ELEMENTWISE,
        () -> FormulaCompiler.compile(program, signature, Lanes.bits()),
        kernel -> kernel.run(arrays, offsets, strides, WARMING),
        (long) (100 + NANOS * WARMING * program.nodes().size()),
        fast);
  }
}
