package vectorgrad.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.TWO;
import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.constant;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SimplificationTest {
  private static final Formula X = Formula.input(0);
  private static final Formula Y = Formula.input(1);
  private static final Formula MINUS_ZERO = constant(-0.0);
  private static final float[] NASTY = {
    0f,
    -0f,
    1f,
    -1f,
    0.1f,
    -3.5f,
    Float.MIN_VALUE,
    -0x1p-130f,
    1e30f,
    3e38f,
    -3e38f,
    1 / 0f,
    -1 / 0f,
    0f / 0f
  };

  @Property(tries = 1000)
  void noBitIsChanged(@ForAll long seed) {
    Random random = new Random(seed);
    Program program = Program.of(RandomFormulas.any(random, 3, 20));
    Program shorter = program.simplified();
    assertTrue(operations(shorter) <= operations(program));
    for (int i = 0; i < 30; i++) {
      float[] in = {any(random), any(random), any(random)};
      float[] expected = new float[1];
      float[] found = new float[1];
      program.evaluate(in, expected);
      shorter.evaluate(in, found);
      assertEquals(expected[0], found[0], program::toString); // −0 is not 0, NaN is NaN
      double[] wide = {in[0] * 1.1, in[1] / 3.0, in[2]};
      double[] exact = new double[1];
      double[] same = new double[1];
      program.evaluate(wide, exact);
      shorter.evaluate(wide, same);
      assertEquals(exact[0], same[0], program::toString);
    }
  }

  private static long operations(Program program) {
    return program.nodes().stream().filter(node -> !(node instanceof Formula.Constant)).count();
  }

  private static float any(Random random) {
    return random.nextBoolean()
        ? NASTY[random.nextInt(NASTY.length)]
        : (float) (random.nextGaussian() * Math.pow(2, random.nextInt(40) - 20));
  }

  private static void becomes(Formula expected, Formula formula) {
    assertEquals(expected, formula.simplified());
  }

  @Test
  void whatMakesNoDifferenceIsLeftOut() {
    becomes(X, X.times(1));
    becomes(X, ONE.times(X));
    becomes(X, X.over(1));
    becomes(X, X.plus(MINUS_ZERO));
    becomes(X, X.minus(ZERO));
    becomes(X, X.negate().negate());
    becomes(X, X.min(X));
    becomes(X.negate(), X.times(-1));
    becomes(X.negate(), MINUS_ZERO.minus(X));
    becomes(X.minus(Y), X.plus(Y.negate()));
    becomes(X.plus(Y), X.minus(Y.negate()));
    becomes(X.times(Y), X.negate().times(Y.negate()));
    becomes(X.times(0.25), X.over(4));
    becomes(X.abs(), X.negate().abs().abs());
    becomes(X.times(Y), X.fma(Y, MINUS_ZERO));
    becomes(X.plus(Y), X.fma(ONE, Y));
    becomes(X, X.lessThan(Y).then(X, X));
    becomes(X.lessThan(Y).then(Y, X), X.lessThan(Y).not().then(X, Y));
    becomes(constant(3), ONE.plus(TWO));
    becomes(constant(0.75), constant(3).over(4).times(1));
    becomes(constant(-2), TWO.negate());
    becomes(
        X, X.times(Y.over(Y).plus(ONE).minus(Y.over(Y).plus(ONE)).plus(1)).lessThan(Y).then(X, X));
  }

  @Test
  void whatOnlySeemsToMakeNoDifferenceStays() {
    for (Formula f :
        new Formula[] {
          X.plus(ZERO),
          X.minus(MINUS_ZERO),
          X.times(ZERO),
          X.minus(X),
          X.over(X),
          ZERO.minus(X),
          X.over(3),
          X.plus(Y).minus(Y),
          X.equalTo(X).then(ONE, ZERO),
          X.square().sqrt(),
          constant(0.1).plus(0.2), // rounded otherwise in float32
          ONE.over(3),
          constant(1e30).times(1e30), // ∞ in float32
          constant(1e-30).times(1e-30),
          ONE.over(0.0)
        }) {
      becomes(f, f);
    }
  }

  @Test
  void equalPartsAreComputedOnce() {
    Formula one = X.times(Y).plus(ONE).exp();
    Formula same = Formula.input(0).times(Formula.input(1)).plus(ONE).exp();
    assertEquals(Program.of(one).nodes().size() + 1, Program.of(one.minus(same)).nodes().size());
    // parts that become equal when they are simplified too: max(x, x) is found to be x
    becomes(X, X.times(1).max(X.negate().negate()));
  }
}
