package vectorgrad.tensor;

import java.lang.reflect.Array;

/// An array lent out as a tensor and taken back later: how a loader hands over its batches without
/// allocating new memory for each.
///
/// Until [#end()] the tensor is like any other. Afterwards touching it, or a view of it, throws a
/// [ClosedScopeException], so the lender may write the array again and nobody reads numbers that
/// have changed behind their back. Whoever called [Tensor#keep()] in the meantime keeps the array
/// for good, and the lender goes on with another one.
///
/// A lease lives outside every [Scope]. Tensor and lease belong to one thread at a time.
public final class Lease {
  private final String term;
  private final Scope lender;
  private final Tensor tensor;

  private Lease(Object array, DType dtype, Shape shape, String term) {
    this.term = term;
    this.lender = Scope.lender();
    Storage storage =
        new Storage(Device.CPU.backend(), dtype, Array.getLength(array), array, lender);
    this.tensor = new Tensor(storage, Layout.contiguous(shape), Device.CPU);
  }

  /// Lends `array` as an F32 tensor on the CPU, without copying.
  ///
  /// @param term when the lease ends, as the error says it to whoever touches the tensor later
  /// @throws ShapeException if the array has not as many elements as the shape
  public static Lease of(float[] array, Shape shape, String term) {
    return of(array, DType.F32, shape, term, array.length);
  }

  /// Lends `array` as an I32 tensor on the CPU, without copying.
  ///
  /// @param term when the lease ends, as the error says it to whoever touches the tensor later
  /// @throws ShapeException if the array has not as many elements as the shape
  public static Lease of(int[] array, Shape shape, String term) {
    return of(array, DType.I32, shape, term, array.length);
  }

  private static Lease of(Object array, DType dtype, Shape shape, String term, int length) {
    if (length != shape.size()) {
      throw new ShapeException(
          "lease",
          shape + " has " + shape.size() + " elements, found " + length + " values",
          shape);
    }
    return new Lease(array, dtype, shape, term);
  }

  /// The tensor lent out.
  public Tensor tensor() {
    return tensor;
  }

  /// Ends the lease.
  ///
  /// @return whether the array came back; `false` if the tensor was kept, or the lease had ended
  public boolean end() {
    if (tensor.storage().scope() != lender) {
      return false;
    }
    tensor.storage().recycle(term);
    return true;
  }
}
