package vectorgrad.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class SmallFloatTest {
  /// Beyond the middle of two halves by less than a float can see.
  private static final double JUST_ABOVE_A_TIE = 1 + 0x1p-11 + 0x1p-40;

  @Test
  void everyPatternComesBackAsJavaHasIt() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      short half = (short) bits;
      float x = Half.bitsToFloat(half);
      assertEquals(Float.float16ToFloat(half), x);
      assertEquals(x, new Half(half).toDouble());
      float brain = BFloat16.bitsToFloat(half);
      assertEquals(Float.intBitsToFloat(bits << 16), brain);
      if (!Float.isNaN(x)) {
        assertEquals(half, Half.floatToBits(x));
        assertEquals(half, Half.of(x).bits());
      }
      if (!Float.isNaN(brain)) {
        assertEquals(half, BFloat16.floatToBits(brain));
        assertEquals(half, BFloat16.of(brain).bits());
      }
      byte eighth = (byte) bits;
      float e4 = E4M3.bitsToFloat(eighth);
      float e5 = E5M2.bitsToFloat(eighth);
      assertEquals(Half.bitsToFloat((short) (eighth << 8)), e5, "the upper half of a half");
      assertEquals(Float.isNaN(e4), (eighth & 0x7f) == 0x7f);
      if (!Float.isNaN(e4)) {
        assertEquals(eighth, E4M3.floatToBits(e4));
      }
      if (!Float.isNaN(e5)) {
        assertEquals(eighth, E5M2.doubleToBits(e5));
      }
    }
  }

  @Test
  void theFastConversionsAreThoseOfTheFormat() {
    for (long i = 0; i < 1L << 32; i += 65_521 * 7) { // a prime apart, all exponents and signs
      float x = Float.intBitsToFloat((int) i);
      if (!Float.isNaN(x)) {
        assertEquals((short) FloatFormat.FP16.encode(x), Half.floatToBits(x));
        assertEquals((short) FloatFormat.BF16.encode(x), BFloat16.floatToBits(x));
        double y = Math.nextUp((double) x);
        assertEquals((short) FloatFormat.FP16.encode(y), Half.doubleToBits(y));
        assertEquals((short) FloatFormat.BF16.encode(y), BFloat16.doubleToBits(y));
      }
    }
  }

  @Test
  void doublesAreRoundedOnce() {
    assertEquals(1 + 0x1p-10, Half.of(JUST_ABOVE_A_TIE).toDouble());
    assertEquals(1, Half.of((float) JUST_ABOVE_A_TIE).toDouble(), "rounded twice");
    assertEquals(1 + 0x1p-7, BFloat16.of(1 + 0x1p-8 + 0x1p-40).toDouble());
    assertEquals(1.125, E4M3.of(1.0625 + 0x1p-50).toDouble());
  }

  @Test
  void operationsAreExactAndThenRounded() {
    Half third = Half.of(1).over(Half.of(3));
    assertEquals(0.333251953125, third.toDouble());
    assertEquals("0.3333", third.toString());
    assertEquals(Half.of(1), third.times(Half.of(3)));
    assertEquals("0.1", Half.of(0.1).toString());
    assertEquals("0.3", BFloat16.of(0.1).plus(BFloat16.of(0.2)).toString());
    assertEquals(E4M3.of(448), E4M3.of(440).minus(E4M3.of(-8)));
    assertEquals(E5M2.of(1.5), E5M2.of(2).sqrt());
    assertEquals(E5M2.of(-1.5), E5M2.of(2).sqrt().negate());
    assertEquals(E5M2.of(1.5), E5M2.of(-1.5).abs());
    assertEquals(1 + 0x1p-10, Half.of(1).next().toDouble());
    assertEquals(1 - 0x1p-11, Half.of(1).previous().toDouble());
    assertTrue(Half.of(1).compareTo(third) > 0);
  }

  @Test
  void whatIsTooLargeIsAsTheFormatSays() {
    assertTrue(E4M3.of(465).isNaN());
    assertEquals(448, E4M3.of(464).toDouble());
    assertEquals(448, E4M3.saturated(1e9).toDouble());
    assertEquals(-448, E4M3.saturated(Double.NEGATIVE_INFINITY).toDouble());
    assertTrue(E4M3.saturated(Double.NaN).isNaN());
    assertEquals(Double.POSITIVE_INFINITY, E5M2.of(61440).toDouble());
    assertEquals(57344, E5M2.saturated(61440).toDouble());
    assertEquals(Double.NEGATIVE_INFINITY, Half.of(-65520).toDouble());
    assertEquals(65504, Half.of(65519).toDouble());
    assertNotEquals(Half.of(0), Half.of(-0.0));
    assertEquals((byte) 0x7f, E4M3.of(Double.POSITIVE_INFINITY).bits());
    assertEquals((byte) 0xff, E4M3.of(Double.NEGATIVE_INFINITY).bits());
  }

  /// For all numbers of a format of 8 bits: `x·y + z` by decimals, rounded once.
  @Test
  void theFusedProductIsRoundedOnce() {
    for (int a = 0; a < 0x7c; a += 3) {
      for (int b = 0; b < 0x7c; b += 2) {
        for (int c = 0; c < 0x100; c += 5) {
          E5M2 x = new E5M2((byte) a);
          E5M2 y = new E5M2((byte) b);
          E5M2 z = new E5M2((byte) c);
          if (z.isFinite()) {
            BigDecimal exact =
                new BigDecimal(x.toDouble())
                    .multiply(new BigDecimal(y.toDouble()))
                    .add(new BigDecimal(z.toDouble()));
            assertEquals(E5M2.of(exact.doubleValue()).toDouble(), x.fma(y, z).toDouble());
          }
        }
      }
    }
    BFloat16 large = BFloat16.of(0x1.1p60); // its square is a tie
    BFloat16 small = BFloat16.of(0x1p-60);
    assertEquals(0x1.20p120, large.times(large).toDouble());
    assertEquals(0x1.22p120, large.fma(large, small).toDouble());
    assertEquals(0x1.20p120, large.fma(large, small.negate()).toDouble());
  }
}
