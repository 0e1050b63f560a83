package vectorgrad.accel;

import java.util.List;
import java.util.Locale;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.spi.Reduction;

/// Pieces of OpenCL C that kernels are put together from.
final class Source {
  private Source() {}

  /// What every kernel begins with: no contraction, and the operations that OpenCL C lacks.
  static String prelude(boolean doubles) {
    StringBuilder text = new StringBuilder("#pragma OPENCL FP_CONTRACT OFF\n");
    if (doubles) {
      text.append("#pragma OPENCL EXTENSION cl_khr_fp64 : enable\n");
    }
    text.append(functions("float", "int", 23, "0x1.8p23f", "0x1.0p23f", 127, "0x7fffff"));
    if (doubles) {
      text.append(
          functions("double", "long", 52, "0x1.8p52", "0x1.0p52", 1023, "0xfffffffffffffL"));
    }
    text.append(BFLOAT16);
    if (doubles) {
      text.append(BFLOAT16_OF_DOUBLES);
    }
    return text.toString();
  }

  /// Java's minimum and maximum, of which OpenCL leaves open what becomes of NaN and of −0; and the
  /// primitives that work on bits, see [vectorgrad.numerics.UnaryFunction].
  private static String functions(
      String real, String bits, int fraction, String shift, String whole, int bias, String mask) {
    return """
    REAL vg_min_REAL(REAL a, REAL b) {
      return a < b ? a : b < a ? b : a == b ? as_REAL(as_BITS(a) | as_BITS(b)) : a + b;
    }
    REAL vg_max_REAL(REAL a, REAL b) {
      return a > b ? a : b > a ? b : a == b ? as_REAL(as_BITS(a) & as_BITS(b)) : a + b;
    }
    REAL vg_power_of_two_REAL(REAL n) {
      return as_REAL(as_uBITS(n + (SHIFT + BIAS)) << FRACTION);
    }
    REAL vg_exponent_REAL(REAL x) {
      return as_REAL((as_uBITS(x) >> FRACTION) | as_uBITS((REAL) WHOLE)) - (WHOLE + BIAS);
    }
    REAL vg_significand_REAL(REAL x) {
      return as_REAL((as_uBITS(x) & MASK) | as_uBITS((REAL) 1));
    }
    """
        .replace("SHIFT", shift)
        .replace("WHOLE", whole)
        .replace("BIAS", Integer.toString(bias))
        .replace("FRACTION", Integer.toString(fraction))
        .replace("MASK", mask)
        .replace("REAL", real)
        .replace("BITS", bits);
  }

  /// To the nearest, the even one of two. Numbers of more digits are cut to a float first, whose
  /// last bit then says whether something is missing ("round to odd"), so that they round once.
  private static final String BFLOAT16 =
      """
      ushort vg_bf16_float(float x) {
        const uint b = as_uint(x);
        return x != x ? (ushort) (b >> 16 | 0x40) : (ushort) ((b + 0x7fff + (b >> 16 & 1)) >> 16);
      }
      ushort vg_bf16_long(long x) {
        const float y = convert_float_rtz(x);
        return vg_bf16_float(convert_long_sat(y) == x ? y : as_float(as_uint(y) | 1));
      }
      ushort vg_bf16_int(int x) { return vg_bf16_long(x); }
      """;

  private static final String BFLOAT16_OF_DOUBLES =
      """
      ushort vg_bf16_double(double x) {
        const float y = convert_float_rtz(x);
        return vg_bf16_float(y != y || (double) y == x ? y : as_float(as_uint(y) | 1));
      }
      """;

  /// The type of an element in memory.
  static String stored(DType dtype) {
    return switch (dtype) {
      case F32, F64, I32, I64 -> Numbers.of(dtype).type();
      case U8, BOOL -> "uchar";
      case F16 -> "half";
      case BF16 -> "ushort";
    };
  }

  /// The element of `array` at `place`, as a number to compute with.
  static String load(DType dtype, Numbers numbers, String array, String place) {
    String element =
        switch (dtype) {
          case F32, F64, I32, I64, U8, BOOL -> "%s[%s]".formatted(array, place);
          case F16 -> "vload_half(%s, %s)".formatted(place, array);
          case BF16 -> "as_float((uint) %s[%s] << 16)".formatted(array, place);
        };
    return numbers.dtype() == dtype ? element : "(%s) %s".formatted(numbers.type(), element);
  }

  /// The statement that writes `value` to `array` at `place`, converted as
  /// [vectorgrad.tensor.spi.Elements] says.
  ///
  /// @param from what `value` is; whole numbers, if a truth value
  static String store(DType dtype, Numbers from, String array, String place, String value) {
    String whole = from.isWhole() ? value : "convert_%s_sat(" + value + ")";
    if (dtype == DType.F16) {
      String real = from.isWhole() ? "(float) " + value : value;
      return "vstore_half_rte(%s, %s, %s);".formatted(real, place, array);
    }
    String converted =
        switch (dtype) {
          case F32 -> "(float) " + value;
          case F64 -> "(double) " + value;
          case I32 -> "(int) " + whole.formatted("int");
          case I64 -> "(long) " + whole.formatted("long");
          case U8 ->
              from.isWhole()
                  ? "(uchar) " + value
                  : "(uchar) clamp(" + whole.formatted("int") + ", 0, 255)";
          case BOOL -> value + " != 0";
          case BF16 -> "vg_bf16_%s(%s)".formatted(from.type(), value);
          case F16 -> throw new AssertionError("stored above");
        };
    return "%s[%s] = %s;".formatted(array, place, converted);
  }

  /// The first value of a total.
  static String identity(Reduction reduction, Numbers numbers) {
    return numbers.isWhole()
        ? switch (reduction) {
          case SUM -> "0";
          case PROD -> "1";
          case MAX -> numbers == Numbers.INT ? "INT_MIN" : "LONG_MIN";
          case MIN -> numbers == Numbers.INT ? "INT_MAX" : "LONG_MAX";
        }
        : numbers.literal(reduction.identity());
  }

  /// Two partial results joined.
  static String join(Reduction reduction, Numbers numbers, String a, String b) {
    String type = numbers.type();
    return switch (reduction) {
      case SUM ->
          numbers.isWhole()
              ? "(%s) ((u%s) %s + (u%s) %s)".formatted(type, type, a, type, b)
              : a + " + " + b;
      case PROD ->
          numbers.isWhole()
              ? "(%s) ((u%s) %s * (u%s) %s)".formatted(type, type, a, type, b)
              : a + " * " + b;
      case MAX, MIN -> {
        String name = reduction.name().toLowerCase(Locale.ROOT);
        String function = numbers.isWhole() ? name : "vg_%s_%s".formatted(name, type);
        yield "%s(%s, %s)".formatted(function, a, b);
      }
    };
  }

  /// The parameters `__global T* a0, …` for operands of these dtypes.
  static String parameters(List<DType> dtypes, int outputs) {
    StringBuilder text = new StringBuilder();
    for (int k = 0; k < dtypes.size(); k++) {
      boolean output = k >= dtypes.size() - outputs;
      text.append(", __global ")
          .append(output ? "" : "const ")
          .append(stored(dtypes.get(k)))
          .append("* a")
          .append(k);
    }
    return text.toString();
  }
}
