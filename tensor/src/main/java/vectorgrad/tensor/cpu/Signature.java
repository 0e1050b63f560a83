package vectorgrad.tensor.cpu;

import java.util.Arrays;
import vectorgrad.tensor.DType;

/// What a kernel is specialised for besides its program: the dtype of every operand (inputs, then
/// outputs) and whether its stride is 0, 1 or another.
@SuppressWarnings("EnumOrdinal") // codes live as long as the process
final class Signature {
  private static final DType[] DTYPES = DType.values();
  private static final Stride[] STRIDES = Stride.values();

  /// How an operand advances along a row.
  enum Stride {
    /// One element for the whole row: loaded once, before the loop.
    ZERO,
    /// Neighbours in memory: what vectors can load.
    ONE,
    /// Anything else, known when the kernel runs.
    ANY
  }

  private final byte[] codes;

  private Signature(byte[] codes) {
    this.codes = codes;
  }

  /// The signature of a row.
  static Signature of(Object[] arrays, int[] strides) {
    byte[] codes = new byte[arrays.length];
    for (int k = 0; k < codes.length; k++) {
      int stride = strides[k] == 0 || strides[k] == 1 ? strides[k] : 2;
      codes[k] = (byte) (stride << 2 | dtypeOf(arrays[k]).ordinal());
    }
    return new Signature(codes);
  }

  private static DType dtypeOf(Object array) {
    if (array instanceof float[]) {
      return DType.F32;
    } else if (array instanceof double[]) {
      return DType.F64;
    } else if (array instanceof int[]) {
      return DType.I32;
    } else if (array instanceof byte[]) {
      return DType.BOOL;
    }
    throw new IllegalArgumentException("not the memory of a CPU tensor: " + array.getClass());
  }

  /// The number of operands.
  int operands() {
    return codes.length;
  }

  DType dtype(int operand) {
    return DTYPES[codes[operand] & 3];
  }

  Stride stride(int operand) {
    return STRIDES[codes[operand] >> 2];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Signature that && Arrays.equals(codes, that.codes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(codes);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int k = 0; k < codes.length; k++) {
      text.append(k == 0 ? "" : ", ").append(dtype(k)).append(' ').append(stride(k));
    }
    return text.toString();
  }
}
