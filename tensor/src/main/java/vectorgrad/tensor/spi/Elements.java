package vectorgrad.tensor.spi;

import java.util.List;
import vectorgrad.numerics.BFloat16;
import vectorgrad.numerics.Half;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;

/// The elements of each dtype in Java arrays: how they are read and written one by one, and so the
/// definition of what a number becomes in another dtype.
///
/// | from | to | becomes |
/// |------|----|---------|
/// | any | `BOOL` | false if it is 0, else true, NaN too |
/// | `BOOL` | any | 0 or 1 |
/// | floating | `I32`, `I64`, `U8` | cut towards zero; the nearest there is beyond the ends; 0 for NaN |
/// | `I32`, `I64`, `U8` | a smaller one of them | its lowest bits, as Java's casts and NumPy do |
/// | any | floating | the nearest there is, the even one of two; ±∞ beyond the largest |
///
/// Each conversion rounds once: from `F64` to `F16`, or from `I64` to `BF16`, without a stop on the
/// way.
public final class Elements {
  private Elements() {}

  /// What `program` computes in, on operands of these dtypes: `I32`, `I64`, `F32` or `F64`. The
  /// inputs' common dtype decides, the outputs' where there is no input, halves count as `F32`.
  /// Whole numbers are computed with as such where the program stays among them (sums, products,
  /// comparisons, choices), in 64 bits if any operand has as many, and in `F64` where it does not.
  public static DType computedIn(Program program, List<DType> inputs, List<DType> outputs) {
    DType common = DType.BOOL;
    for (DType dtype : inputs.isEmpty() ? outputs : inputs) {
      common = common.promotesWith(dtype) ? common.promote(dtype) : DType.F64;
    }
    if (common.isFloating()) {
      return common.widened();
    }
    boolean wide = common == DType.I64 || outputs.contains(DType.I64);
    return !program.isWhole(wide ? 64 : 32) ? DType.F64 : wide ? DType.I64 : DType.I32;
  }

  /// A new array for `length` elements.
  public static Object array(DType dtype, int length) {
    return switch (dtype) {
      case F32 -> new float[length];
      case F64 -> new double[length];
      case I32 -> new int[length];
      case I64 -> new long[length];
      case U8, BOOL -> new byte[length];
      case F16, BF16 -> new short[length];
    };
  }

  /// An element as a `double`: exact but for `I64` beyond 2⁵³.
  public static double number(DType dtype, Object array, int place) {
    return switch (dtype) {
      case F32 -> ((float[]) array)[place];
      case F64 -> ((double[]) array)[place];
      case F16 -> Half.bitsToFloat(((short[]) array)[place]);
      case BF16 -> BFloat16.bitsToFloat(((short[]) array)[place]);
      case I32, I64, U8, BOOL -> (double) whole(dtype, array, place);
    };
  }

  /// An element of `I32`, `I64`, `U8` or `BOOL`.
  public static long whole(DType dtype, Object array, int place) {
    return switch (dtype) {
      case I32 -> ((int[]) array)[place];
      case I64 -> ((long[]) array)[place];
      case U8 -> ((byte[]) array)[place] & 0xff;
      case BOOL -> ((byte[]) array)[place];
      case F32, F64, F16, BF16 -> throw new IllegalArgumentException("no whole numbers: " + dtype);
    };
  }

  /// Writes what `value` is in the dtype.
  public static void set(DType dtype, Object array, int place, double value) {
    switch (dtype) {
      case F32 -> ((float[]) array)[place] = (float) value;
      case F64 -> ((double[]) array)[place] = value;
      case I32 -> ((int[]) array)[place] = (int) value;
      case I64 -> ((long[]) array)[place] = (long) value;
      case U8 -> ((byte[]) array)[place] = (byte) Math.clamp((int) value, 0, 255);
      case BOOL -> ((byte[]) array)[place] = (byte) (value != 0 ? 1 : 0);
      case F16 -> ((short[]) array)[place] = Half.doubleToBits(value);
      case BF16 -> ((short[]) array)[place] = BFloat16.doubleToBits(value);
    }
  }

  /// Writes what the whole number `value` is in the dtype.
  public static void set(DType dtype, Object array, int place, long value) {
    switch (dtype) {
      case F32 -> ((float[]) array)[place] = (float) value;
      case F64 -> ((double[]) array)[place] = (double) value;
      case I32 -> ((int[]) array)[place] = (int) value;
      case I64 -> ((long[]) array)[place] = value;
      case U8 -> ((byte[]) array)[place] = (byte) value;
      case BOOL -> ((byte[]) array)[place] = (byte) (value != 0 ? 1 : 0);
      case F16 -> ((short[]) array)[place] = Half.floatToBits((float) value); // else ∞ either way
      case BF16 -> ((short[]) array)[place] = BFloat16.longToBits(value);
    }
  }
}
