package vectorgrad.tensor.cpu;

import java.util.Arrays;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Tensor;

/// What a kernel is specialised for besides its program: the dtype of every operand (inputs, then
/// outputs) and what kind of [Stride] it has.
@SuppressWarnings("EnumOrdinal") // codes live as long as the process
final class Signature {
  private static final DType[] DTYPES = DType.values();
  private static final Stride[] STRIDES = Stride.values();
  private static final int DTYPE_BITS = 4;

  private static final int CODE_BITS = DTYPE_BITS + 2;

  /// The signature of so many operands fits into a `long`.
  static final int MOST_CODED = Long.SIZE / CODE_BITS - 1;

  /// How an operand advances along a row.
  enum Stride {
    /// One element for the whole row: loaded once, before the loop.
    ZERO,
    /// Neighbours in memory: what vectors can load.
    ONE,
    /// Anything else, known when the kernel runs.
    ANY,
    /// The lanes of a [Fold]: element `i` of the row is at place `i mod 64`. The last inputs, what
    /// the lanes begin as, and the last outputs, what they become, are of this kind: the same lanes
    /// in the same order. What an element finds in its lane is what the last one left there.
    ///
    /// Rows of a whole number of 64 elements leave the total of each formula in its lane 0; others
    /// leave 64 lanes, yet to be joined.
    LANES
  }

  /// The stride that stands for [Stride#LANES].
  static final int OF_LANES = Integer.MIN_VALUE;

  private final byte[] codes;

  private Signature(byte[] codes) {
    this.codes = codes;
  }

  /// The signature of a row. Arrays alone do not tell: a `byte[]` may hold numbers or truth values.
  static Signature of(DType[] dtypes, int[] strides) {
    byte[] codes = new byte[dtypes.length];
    for (int k = 0; k < codes.length; k++) {
      codes[k] = code(dtypes[k], strides[k]);
    }
    return new Signature(codes);
  }

  /// The signature of a row of these tensors.
  static Signature of(Tensor[] inputs, Tensor[] outputs, int[] strides) {
    byte[] codes = new byte[strides.length];
    for (int k = 0; k < codes.length; k++) {
      Tensor tensor = k < inputs.length ? inputs[k] : outputs[k - inputs.length];
      codes[k] = code(tensor.dtype(), strides[k]);
    }
    return new Signature(codes);
  }

  /// The signature of a row of these tensors, at most [#MOST_CODED], as a number of its own.
  static long code(Tensor[] inputs, Tensor[] outputs, int[] strides) {
    long code = 1;
    for (int k = 0; k < strides.length; k++) {
      Tensor tensor = k < inputs.length ? inputs[k] : outputs[k - inputs.length];
      code = (code << CODE_BITS) | code(tensor.dtype(), strides[k]);
    }
    return code;
  }

  private static byte code(DType dtype, int stride) {
    int kind = stride == 0 || stride == 1 ? stride : stride == OF_LANES ? 3 : 2;
    return (byte) (kind << DTYPE_BITS | dtype.ordinal());
  }

  /// The number of operands.
  int operands() {
    return codes.length;
  }

  DType dtype(int operand) {
    return DTYPES[codes[operand] & (1 << DTYPE_BITS) - 1];
  }

  Stride stride(int operand) {
    return STRIDES[codes[operand] >> DTYPE_BITS];
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
