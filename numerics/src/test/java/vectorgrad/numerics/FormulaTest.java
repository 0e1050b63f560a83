package vectorgrad.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.constant;
import static vectorgrad.numerics.Formula.input;

import java.util.IdentityHashMap;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class FormulaTest {
  private static final Formula X = input(0);
  private static final Formula Y = input(1);

  @Test
  void aFormulaReadsAsMathematics() {
    assertEquals("x·1/(1 + exp(−x))", X.times(X.sigmoid()).toString());
    assertEquals("(x − y)·(x − y)", X.minus(Y).square().toString());
    assertEquals("x − (y − z)", X.minus(Y.minus(input(2))).toString());
    assertEquals("x/(y/x3)", X.over(Y.over(input(3))).toString());
    assertEquals("x ≤ 0 ? 0 : x", X.relu().toString());
    assertEquals("max(x, −0.5)", X.max(constant(-0.5)).toString());
    assertEquals("x·y + 1", X.fma(Y, ONE).toString());
    assertEquals("(x < y ? x : y)·2", X.lessThan(Y).then(X, Y).times(2).toString());
    assertEquals("x·x; √(x·x + 1)", Program.of(X.square(), X.fma(X, ONE).sqrt()).toString());
  }

  @Test
  void aDerivativeHasOnlyTermsThatDoNotVanish() {
    assertEquals("1", X.plus(Y).derivative(0).toString());
    assertEquals("y", X.times(Y).derivative(0).toString());
    assertEquals("0", Y.exp().derivative(0).toString());
    assertEquals("x + x", X.square().derivative(0).toString());
    assertEquals("1 − tanh(x)·tanh(x)", X.tanh().derivative(0).toString());
    assertEquals("x ≤ 0 ? 0 : 1", X.relu().derivative(0).toString());
    assertEquals("1/y", X.over(Y).derivative(0).toString());
    assertEquals("−(x/y/y)", X.over(Y).derivative(1).toString());
  }

  @Test
  void kinksFollowTheConvention() {
    assertEquals(0, X.relu().derivative(0).evaluate(0.0));
    assertEquals(0, X.abs().derivative(0).evaluate(0.0));
    assertEquals(0.5, X.max(Y).derivative(0).evaluate(2.0, 2.0));
    assertEquals(0.5, X.min(Y).derivative(1).evaluate(2.0, 2.0));
    assertEquals(1, X.max(Y).derivative(0).evaluate(3.0, 2.0));
    assertEquals(0, X.max(Y).derivative(1).evaluate(3.0, 2.0));
  }

  @Property(tries = 300)
  void derivativesAgreeWithDifferences(@ForAll long seed) {
    Random random = new Random(seed);
    Formula f = RandomFormulas.smooth(random, 2, 12);
    double x = random.nextGaussian();
    double y = random.nextGaussian();
    Formula first = f.derivative(0);
    double expected = FiniteDifference.richardson(t -> f.evaluate(t, y), x, 0.05, 7);
    assertClose(expected, first.evaluate(x, y), f);
    double second = FiniteDifference.richardson(t -> first.evaluate(x, t), y, 0.05, 7);
    assertClose(second, first.derivative(1).evaluate(x, y), f);
  }

  private static void assertClose(double expected, double found, Formula f) {
    double size = Math.max(1, Math.abs(expected));
    assertEquals(expected, found, 1e-8 * size, f::toString);
  }

  @Property(tries = 300)
  void loweringKeepsTheValue(@ForAll long seed) {
    Random random = new Random(seed);
    Formula f = RandomFormulas.smooth(random, 2, 12);
    double[] in = {random.nextGaussian(), random.nextGaussian()};
    double[] out = new double[1];
    Program.of(f).lowered(Precision.DOUBLE).evaluate(in, out);
    assertClose(f.evaluate(in), out[0], f);
    float single = f.evaluate((float) in[0], (float) in[1]);
    double exact = f.evaluate((double) (float) in[0], (double) (float) in[1]);
    assertEquals(exact, single, 1e-4 * Math.max(1, Math.abs(exact)), f::toString);
  }

  @Property(tries = 300)
  void equalFormulasMakeEqualProgramsWhateverTheyShare(@ForAll long seed) {
    Program one = Program.of(RandomFormulas.any(new Random(seed), 3, 15));
    Program two = Program.of(RandomFormulas.any(new Random(seed), 3, 15));
    assertEquals(one, two);
    assertEquals(one.hashCode(), two.hashCode());
    var seen = new IdentityHashMap<Formula, Boolean>();
    for (Formula node : one.nodes()) {
      switch (node) {
        case Formula.Unary u -> assertTrue(seen.containsKey(u.x()));
        case Formula.Binary b -> assertTrue(seen.containsKey(b.a()) && seen.containsKey(b.b()));
        case Formula.Select s -> assertTrue(seen.containsKey(s.condition()));
        case Formula.Fma m -> assertTrue(seen.containsKey(m.c()));
        case Formula.Input _, Formula.Constant _ -> assertTrue(true, "leaves have no arguments");
      }
      seen.put(node, true);
    }
    assertNotEquals(one, Program.of(one.outputs().get(0), X));
  }

  @Test
  void programsTellDifferentFormulasApart() {
    assertEquals(Program.of(X.plus(Y)), Program.of(input(0).plus(input(1))));
    assertNotEquals(Program.of(X.plus(Y)), Program.of(Y.plus(X)));
    assertNotEquals(Program.of(X.times(0.0)), Program.of(X.times(-0.0)));
    assertNotEquals(Program.of(X, Y), Program.of(Y, X));
  }

  @Test
  void sharingNeverCostsMoreThanItsParts() {
    Formula f = X;
    for (int i = 0; i < 200; i++) {
      f = f.times(f).plus(f.tanh()); // a tree of more than 2²⁰⁰ nodes
    }
    assertEquals(1 + 3 * 200, Program.of(f).nodes().size());
    assertEquals(0, f.evaluate(0.0));
    assertTrue(Program.of(f.derivative(0)).nodes().size() < 4000);
    assertTrue(f.toString().length() < 20_000);
    assertEquals(0, f.substitute(Y).evaluate(1.0, 0.0));
  }

  @Test
  void inputsAreCountedFoundAndReplaced() {
    Formula f = X.plus(input(3));
    assertEquals(4, f.inputs());
    assertTrue(f.uses(3) && !f.uses(1));
    assertEquals("y + 2·y", f.substitute(Y, ZERO, ZERO, constant(2).times(Y)).toString());
    assertEquals(8, X.pow(3).evaluate(2.0));
    assertEquals(0.25, X.pow(-2).evaluate(2.0));
    assertEquals(1, X.pow(0).evaluate(5.0));
  }

  @Test
  void truthValuesAndNumbersDoNotMix() {
    assertEquals(
        """
        select: needs a truth value
          found  x
          help   compare it with something\
        """,
        assertThrows(IllegalArgumentException.class, () -> X.then(X, Y)).getMessage());
    assertEquals(
        """
        add: needs a number
          found  x < y
          help   choose numbers by condition.then(a, b)\
        """,
        assertThrows(IllegalArgumentException.class, () -> X.lessThan(Y).plus(X)).getMessage());
    assertTrue(X.lessThan(Y).not().isTruth());
  }
}
