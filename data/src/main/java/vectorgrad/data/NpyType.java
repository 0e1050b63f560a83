package vectorgrad.data;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import vectorgrad.tensor.DType;

/// The type of the elements of an npy file, in NumPy's notation `<f4`: byte order, kind, bytes.
///
/// | code | is read as | |
/// |---|---|---|
/// | `f2` `f4` `f8` | `F16` `F32` `F64` | |
/// | `i1` `i2` `i4` | `I32` | widened |
/// | `i8` | `I64` | |
/// | `u1` | `U8` | |
/// | `u2` | `I32` | widened |
/// | `u4` | `I64` | widened |
/// | `u8` | `I64` | widened; numbers from 2⁶³ on are refused |
/// | `b1` | `BOOL` | |
/// | `V2` | `BF16` | the format has no code for it; `ml_dtypes.bfloat16` is written so |
record NpyType(String code, ByteOrder order) {
  private static final Pattern NOTATION = Pattern.compile("([<>|=])?([a-zA-Z])(\\d*)(.*)");

  /// The type in NumPy's notation, known or not.
  static NpyType parse(String notation) {
    Matcher matcher = NOTATION.matcher(notation);
    if (!matcher.matches()) {
      return new NpyType(notation, ByteOrder.LITTLE_ENDIAN);
    }
    String code = matcher.group(2) + matcher.group(3) + matcher.group(4);
    boolean big = ">".equals(matcher.group(1));
    return new NpyType(code, big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
  }

  /// The type in which tensors of `dtype` are written.
  static NpyType of(DType dtype) {
    String code =
        switch (dtype) {
          case F16 -> "f2";
          case F32 -> "f4";
          case F64 -> "f8";
          case I32 -> "i4";
          case I64 -> "i8";
          case U8 -> "u1";
          case BOOL -> "b1";
          case BF16 -> "V2";
        };
    return new NpyType(code, ByteOrder.LITTLE_ENDIAN);
  }

  /// As NumPy writes it; the order of single bytes does not matter.
  String notation() {
    return (bytes() == 1 ? "|" : order == ByteOrder.BIG_ENDIAN ? ">" : "<") + code;
  }

  boolean isKnown() {
    return code.matches("f[248]|[iu][1248]|b1|V2");
  }

  /// What an array of an unknown type holds, in words.
  String inWords() {
    return switch (code.isEmpty() ? ' ' : code.charAt(0)) {
      case 'O' -> "Python objects";
      case 'U', 'S', 'a' -> "text";
      case 'c' -> "complex numbers";
      case 'M' -> "dates";
      case 'm' -> "durations";
      case 'f' -> "floating-point numbers that Java does not have";
      default -> "elements of an unknown type";
    };
  }

  /// The bytes of one element.
  int bytes() {
    return code.charAt(1) - '0';
  }

  /// The dtype of the tensor that holds such elements.
  DType dtype() {
    return switch (code) {
      case "f2" -> DType.F16;
      case "f4" -> DType.F32;
      case "f8" -> DType.F64;
      case "i1", "i2", "i4", "u2" -> DType.I32;
      case "i8", "u4", "u8" -> DType.I64;
      case "u1" -> DType.U8;
      case "b1" -> DType.BOOL;
      case "V2" -> DType.BF16;
      default -> throw new IllegalStateException("no dtype for " + code);
    };
  }

  /// How an element of the tensor's own size lies in the file.
  private ValueLayout layout() {
    return switch (bytes()) {
      case 1 -> JAVA_BYTE;
      case 2 -> JAVA_SHORT_UNALIGNED.withOrder(order);
      case 4 -> (code.equals("f4") ? JAVA_FLOAT_UNALIGNED : JAVA_INT_UNALIGNED).withOrder(order);
      default -> (code.equals("f8") ? JAVA_DOUBLE_UNALIGNED : JAVA_LONG_UNALIGNED).withOrder(order);
    };
  }

  /// Copies `count` elements from `offset` on in `bytes` into the Java array of the dtype, from
  /// place `from` on.
  ///
  /// @throws ArithmeticException naming the first number that does not fit
  void decode(MemorySegment bytes, long offset, Object array, int from, int count) {
    switch (code) {
      case "i1", "i2", "u2" -> {
        int[] ints = (int[]) array;
        for (int i = 0; i < count; i++) {
          ints[from + i] = narrow(bytes, offset + (long) i * bytes());
        }
      }
      case "u4" -> {
        var layout = JAVA_INT_UNALIGNED.withOrder(order);
        long[] longs = (long[]) array;
        for (int i = 0; i < count; i++) {
          longs[from + i] = Integer.toUnsignedLong(bytes.get(layout, offset + 4L * i));
        }
      }
      case "u8" -> {
        long[] longs = (long[]) array;
        MemorySegment.copy(bytes, layout(), offset, longs, from, count);
        for (int i = from; i < from + count; i++) {
          if (longs[i] < 0) {
            throw new ArithmeticException(Long.toUnsignedString(longs[i]));
          }
        }
      }
      case "b1" -> {
        byte[] truths = (byte[]) array;
        for (int i = 0; i < count; i++) {
          truths[from + i] = (byte) (bytes.get(JAVA_BYTE, offset + i) == 0 ? 0 : 1);
        }
      }
      default -> MemorySegment.copy(bytes, layout(), offset, array, from, count);
    }
  }

  private int narrow(MemorySegment bytes, long offset) {
    if (code.equals("i1")) {
      return bytes.get(JAVA_BYTE, offset);
    }
    short value = bytes.get(JAVA_SHORT_UNALIGNED.withOrder(order), offset);
    return code.equals("u2") ? Short.toUnsignedInt(value) : value;
  }

  /// Copies `count` elements of the Java array of the dtype, from place `from` on, to the beginning
  /// of `bytes`.
  void encode(Object array, int from, MemorySegment bytes, int count) {
    MemorySegment.copy(array, from, bytes, layout(), 0, count);
  }
}
