package vectorgrad.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static vectorgrad.numerics.FloatFormat.BF16;
import static vectorgrad.numerics.FloatFormat.E4M3;
import static vectorgrad.numerics.FloatFormat.E5M2;
import static vectorgrad.numerics.FloatFormat.FP16;
import static vectorgrad.numerics.FloatFormat.FP32;
import static vectorgrad.numerics.FloatFormat.FP64;
import static vectorgrad.numerics.FloatFormat.TF32;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class EmulationTest {
  private static final Formula X = Formula.input(0);
  private static final Formula Y = Formula.input(1);
  private static final Formula Z = Formula.input(2);

  /// Small enough for float32.
  private static final List<FloatFormat> FORMATS =
      List.of(FP16, BF16, E4M3, E5M2, E4M3.saturated(), E5M2.saturated());

  private static void assertSame(double expected, double found, Object what) {
    if (Double.compare(expected, found) != 0) {
      assertEquals(expected, found, what::toString);
      assertEquals(1 / expected, 1 / found, () -> "the sign of zero: " + what);
    }
  }

  /// All floats whose last bits are zero, and those beside them: every exponent, every tie.
  @Test
  void theFormulaOfRoundingIsRounding() {
    for (FloatFormat format : FORMATS) {
      Program program = Program.of(format.round(X));
      Program single = program.lowered(Precision.SINGLE);
      float[] in = new float[1];
      float[] out = new float[1];
      double[] wide = new double[1];
      for (int high = 0; high < 1 << 16; high += 3) {
        for (int low : new int[] {0, 1, 0x8000, 0x7fff, 0x8001, 0xffff, 0x1000, 0x0fff}) {
          in[0] = Float.intBitsToFloat(high << 16 | low);
          single.evaluate(in, out);
          double expected = format.round(in[0]);
          assertSame(expected, out[0], format + " of " + in[0]);
          program.evaluate(new double[] {in[0]}, wide);
          assertSame(expected, wide[0], format + " of " + in[0] + " in float64");
        }
      }
    }
  }

  @Property(tries = 1000)
  void inFloat64LargerFormatsRoundToo(@ForAll long bits) {
    for (FloatFormat format : List.of(FP64, FP32, TF32, FP16, BF16, E4M3)) {
      double x = Double.longBitsToDouble(bits);
      double folded = Math.scalb(x, -Math.getExponent(x) + (int) (bits & 255) - 128);
      for (double y : new double[] {x, folded, Double.POSITIVE_INFINITY, -0.0}) {
        if (!format.equals(FP64) || Math.abs(y) >= Double.MIN_NORMAL || y == 0) {
          assertSame(format.round(y), format.round(X).evaluate(y), format + " of " + y);
        }
      }
    }
  }

  /// Every operation that processors have, on all pairs of numbers that are as hard as can be.
  @Property(tries = 300)
  void arithmeticInFloat32IsThatOfTheFormat(@ForAll long seed) {
    Random random = new Random(seed);
    Program[] operations = {
      Program.of(X.plus(Y)),
      Program.of(X.minus(Y)),
      Program.of(X.times(Y)),
      Program.of(X.over(Y)),
      Program.of(X.fma(Y, Z)),
      Program.of(X.sqrt()),
      Program.of(X.fmod(Y)),
      Program.of(X.floor(), X.rint(), X.min(Y), X.max(Y), X.negate(), X.abs(), X.sign()),
    };
    for (FloatFormat format : FORMATS) {
      double[] in = new double[3];
      for (int i = 0; i < 3; i++) {
        in[i] = number(format, random);
      }
      for (Program operation : operations) {
        agree(operation, format, in);
      }
    }
  }

  /// Any bits, or one of the numbers around which something happens.
  private static double number(FloatFormat format, Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> format.decode(random.nextLong());
      case 1 -> format.round(random.nextGaussian());
      case 2 -> format.minSubnormal() * random.nextInt(9);
      default -> format.max() / (1 << random.nextInt(4));
    };
  }

  private static void agree(Program program, FloatFormat format, double[] in) {
    int outputs = program.outputs().size();
    double[] direct = new double[outputs];
    program.evaluate(format, in, direct);
    double[] rewritten = new double[outputs];
    program.rounded(format).evaluate(in, rewritten);
    float[] single = new float[outputs];
    float[] narrow = {(float) in[0], (float) in[1], (float) in[2]};
    program.rounded(format).evaluate(narrow, single);
    for (int i = 0; i < outputs; i++) {
      String what = "%s of %s, %s, %s in %s".formatted(program, in[0], in[1], in[2], format);
      assertSame(direct[i], rewritten[i], what + ", in float64");
      assertSame(direct[i], single[i], what + ", in float32");
    }
  }

  @Property(tries = 300)
  void bothReadingsOfRandomProgramsAgree(@ForAll long seed) {
    Random random = new Random(seed);
    Formula any = RandomFormulas.any(random, 3, 15);
    FloatFormat format = FORMATS.get(random.nextInt(FORMATS.size()));
    double[] in = {number(format, random), random.nextGaussian(), random.nextGaussian()};
    double[] direct = new double[1];
    double[] rewritten = new double[1];
    Program.of(any).evaluate(format, in, direct);
    Program.of(any).rounded(format).evaluate(in, rewritten);
    assertSame(direct[0], rewritten[0], any + " in " + format);
    assertSame(direct[0], any.evaluate(format, in), any);
  }

  @Test
  void constantsAndInputsAreRoundedToo() {
    assertEquals(0.10009765625, X.evaluate(BF16, 0.1));
    assertEquals(0.10009765625, Formula.constant(0.1).evaluate(BF16));
    assertEquals(Double.POSITIVE_INFINITY, X.square().evaluate(FP16, 300));
    assertEquals(Double.NaN, X.square().evaluate(E4M3, 32));
    assertEquals(448, X.square().evaluate(E4M3.saturated(), 32));
    assertEquals(0, X.times(Y).evaluate(FP16, 1e-5, 1e-4));
  }
}
