package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a number becomes in another dtype, on both backends: to the bit as in NumPy
/// (`src/test/golden/dtypes.py`), and by hand where NumPy does not say.
class ConversionsTest {
  static List<String[]> golden(String file) {
    try (InputStream in = ConversionsTest.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split(","))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Tensor tensor(DType dtype, String text) {
    return switch (dtype) {
      case I32 -> Tensor.of(Integer.parseInt(text));
      case I64 -> Tensor.of(Long.parseLong(text));
      case U8 -> Tensor.of((byte) Integer.parseInt(text));
      case BOOL -> Tensor.of(text.equals("1"));
      case F64 -> Tensor.of(number(text));
      case F32, F16, BF16 -> Tensor.of(number(text)).to(dtype);
    };
  }

  private static double number(String text) {
    return switch (text) {
      case "nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text.contains("p") ? text : text + ".0");
    };
  }

  private static String bits(Tensor x) {
    if (x.dtype().isFloating() && Double.isNaN(x.item())) {
      return "nan";
    }
    return switch (x.toArray()) {
      case float[] f -> Integer.toHexString(Float.floatToRawIntBits(f[0]));
      case double[] d -> Long.toHexString(Double.doubleToRawLongBits(d[0]));
      case short[] s -> Integer.toHexString(s[0] & 0xffff);
      default -> Long.toString(x.itemLong());
    };
  }

  @Test
  @Checks("to")
  void everyConversionRoundsOnceAsNumPyDoes() {
    List<String[]> lines = golden("conversions.csv");
    assertFalse(lines.isEmpty());
    for (Device device : Device.all()) {
      for (String[] line : lines) {
        DType from = DType.valueOf(line[0]);
        DType to = DType.valueOf(line[1]);
        Tensor converted = tensor(from, line[2]).to(device).to(to);
        assertEquals(to, converted.dtype());
        assertEquals(line[3], bits(converted), String.join(" ", line) + " on " + device);
      }
    }
  }

  @Test
  void beyondTheEndsOfWholeNumbersIsTheNearestAndNanIsZero() {
    double[] values = {Double.NaN, -1e300, 1e300, -0.5, 300, -300, 255.9, 0x1p31, 0x1p63};
    for (Device device : Device.all()) {
      Tensor x = Tensor.of(values).to(device);
      for (Tensor y : new Tensor[] {x, x.to(DType.F32)}) {
        assertArrayEquals(
            new int[] {
              0,
              Integer.MIN_VALUE,
              Integer.MAX_VALUE,
              0,
              300,
              -300,
              255,
              Integer.MAX_VALUE,
              Integer.MAX_VALUE
            },
            y.to(DType.I32).toInts());
        assertArrayEquals(
            new long[] {
              0, Long.MIN_VALUE, Long.MAX_VALUE, 0, 300, -300, 255, 1L << 31, Long.MAX_VALUE
            },
            y.to(DType.I64).toLongs());
        assertArrayEquals(new int[] {0, 0, 255, 0, 255, 0, 255, 255, 255}, y.to(DType.U8).toInts());
        assertArrayEquals(
            new boolean[] {true, true, true, true, true, true, true, true, true},
            y.to(DType.BOOL).toBooleans());
      }
    }
  }

  @Test
  void everyBitPatternOfAHalfSurvivesAllWiderDtypes() {
    for (DType half : new DType[] {DType.F16, DType.BF16}) {
      short[] bits = new short[1 << 16];
      for (int i = 0; i < bits.length; i++) {
        bits[i] = (short) i;
      }
      for (Device device : Device.all()) {
        Tensor x = Tensor.ofArray(bits, Shape.of(bits.length), half).to(device);
        for (DType wide : new DType[] {DType.F32, DType.F64}) {
          Tensor back = x.to(wide).to(half);
          short[] found = (short[]) back.toArray();
          double[] numbers = x.toDoubles();
          for (int i = 0; i < bits.length; i++) {
            if (!Double.isNaN(numbers[i])) {
              assertEquals(bits[i], found[i]);
            }
          }
        }
      }
    }
  }

  @Test
  void whatIsOnlyMovedKeepsItsBits() {
    short[] bits = {0x7c01, (short) 0xfe55, 1, (short) 0x8000}; // a signalling NaN among them
    for (DType half : new DType[] {DType.F16, DType.BF16}) {
      Tensor x = Tensor.ofArray(bits, Shape.of(2, 2), half);
      assertArrayEquals(
          new short[] {0x7c01, 1, (short) 0xfe55, (short) 0x8000},
          (short[]) x.transpose().contiguous().toArray());
      assertArrayEquals(bits, (short[]) x.copy().toArray());
    }
    Tensor same = Tensor.of(1, 2);
    assertSame(same, same.to(DType.I32));
  }
}
