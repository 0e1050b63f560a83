package vectorgrad.tensor.cpu;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Kernels that are made when they are first asked for, and found again by their numbers. An
/// emitted one takes over from a scalar one when it is compiled, see [Warmup].
///
/// @param <K> the type of the kernels
final class MadeKernels<K> {
  private final boolean warming;
  private final AtomicReferenceArray<K> made;

  /// @param warming whether there are emitted ones
  MadeKernels(int count, boolean warming) {
    this.warming = warming;
    this.made = new AtomicReferenceArray<>(count);
  }

  /// The kernel of that number, or null if it was not made yet.
  K get(int number) {
    return made.get(number);
  }

  /// Makes a kernel: where it has to be warmed, one that does its work until then.
  ///
  /// @param call one call of the kernel, or two if there are two kinds of them
  /// @param nanos more than the call of a compiled kernel takes, and less than that of one that is
  ///   not
  K make(int number, Supplier<K> emitted, Supplier<K> scalar, Consumer<K> call, long nanos) {
    if (warming && !Warmup.impatient) {
      if (made.compareAndSet(number, null, scalar.get())) {
        Warmup.start(Warmup.Kind.PRODUCT, emitted, call, nanos, kernel -> made.set(number, kernel));
      }
    } else { // whoever comes second makes the same
      made.set(number, warming ? emitted.get() : scalar.get());
    }
    return made.get(number);
  }
}
