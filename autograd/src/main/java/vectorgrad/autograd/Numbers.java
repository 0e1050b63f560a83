package vectorgrad.autograd;

import vectorgrad.tensor.DType;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// The numbers that programs multiply by and add, step after step, as constants on the CPU that are
/// made once.
final class Numbers {
  /// A constant, and what it was asked for by: bits, since 0 is not −0.
  private record Known(long bits, DType dtype, Variable constant) {}

  /// A number's place follows from its bits; a newcomer takes it. Threads overwrite each other's
  /// entries, which are whole whoever wrote them.
  private static final Known[] KNOWN = new Known[256];

  private Numbers() {}

  /// The constant of this value, a single number.
  static Variable of(double value, DType dtype) {
    long bits = Double.doubleToRawLongBits(value);
    int place = Long.hashCode((bits ^ dtype.hashCode()) * 0x9E3779B97F4A7C15L) & (KNOWN.length - 1);
    Known known = KNOWN[place];
    if (known == null || known.bits != bits || known.dtype != dtype) {
      // it outlives the scope of whoever asks first
      Tensor number = Scope.outside(() -> Tensor.full(value, Shape.SCALAR, dtype));
      known = new Known(bits, dtype, Variable.unrecorded(number));
      KNOWN[place] = known;
    }
    return known.constant;
  }
}
