package vectorgrad.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class FormulaParserTest {
  private static final Formula X = Formula.input(0);
  private static final Formula Y = Formula.input(1);

  @Test
  void aFormulaIsReadAsItIsWritten() {
    assertEquals(X.pow(3).times(X.sin()), Formula.parse("x^3*sin(x)"));
    assertEquals(X.plus(Y.times(X)), Formula.parse("x + y*x"));
    assertEquals(X.minus(Y).minus(1), Formula.parse("x-y-1"));
    assertEquals(X.over(Y).over(2), Formula.parse("x/y/2"));
    assertEquals(X.square().negate(), Formula.parse("-x^2"));
    assertEquals(X.pow(-2), Formula.parse("x^-2"));
    assertEquals(X.pow(Formula.constant(0.5)), Formula.parse("x^0.5"));
    assertEquals(Formula.TWO.pow(X.pow(Y)), Formula.parse("2^x^y"));
    assertEquals(X.times(Math.PI).plus(Math.E), Formula.parse(" x*pi + e "));
    assertEquals(X.times(1.5e-3), Formula.parse("x*1.5e-3"));
    assertEquals(X.max(Formula.ZERO), Formula.parse("max(x, 0)"));
    assertEquals(X.lessThan(Formula.ZERO).then(X.negate(), X), Formula.parse("x < 0 ? -x : x"));
    assertEquals(X.times(Y.negate().exp()), Formula.parse("a*exp(-t)", "a", "t"));
    assertEquals(-4, Formula.parse("-2^2").evaluate(0.0));
    assertEquals(0.5, Formula.parse("((x))").evaluate(0.5));
  }

  private static void fails(String expected, String text, String... names) {
    assertEquals(
        expected,
        assertThrows(IllegalArgumentException.class, () -> Formula.parse(text, names))
            .getMessage());
  }

  @Test
  void anErrorShowsWhereItIs() {
    fails(
        """
        formula: expected a number, a name or a bracket, at column 5
          x + *2
              ^\
        """,
        "x + *2");
    fails(
        """
        formula: there is no input w, at column 3
          x*w
            ^
          help   inputs are x, y, z, x3, x4, …; constants are pi and e\
        """,
        "x*w");
    fails(
        """
        formula: there is no input x, at column 1
          x*t
          ^
          help   inputs are a, t; constants are pi and e\
        """,
        "x*t",
        "a",
        "t");
    fails(
        """
        formula: expected ), at column 6
          sin(x
               ^\
        """,
        "sin(x");
    fails(
        """
        formula: this bracket was never opened, at column 3
          x+1)
             ^\
        """
            .replace("column 3", "column 4"),
        "x+1)");
    fails(
        """
        formula: expected an operation before this, at column 2
          2x
           ^\
        """,
        "2x");
    fails(
        """
        formula: this sign has no meaning here, at column 3
          x $ 2
            ^\
        """,
        "x $ 2");
    fails(
        """
        formula: expected a formula, at column 1
         \s
          ^\
        """,
        "");
    fails(
        """
        formula: sin is a function, at column 1
          sin x
          ^
          help   its argument stands in brackets, as in sin(x)\
        """,
        "sin x");
    fails(
        """
        formula: sin takes one argument, at column 6
          sin(x, 2)
               ^\
        """,
        "sin(x, 2)");
    fails(
        """
        formula: add: needs a number, at column 1
          (x < 1) + 2
          ^\
        """,
        "(x < 1) + 2");
  }

  @Test
  void anUnknownFunctionIsToldTheKnownOnes() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Formula.parse("1 + sine(x)"))
            .getMessage();
    assertEquals(
        "formula: there is no function sine, at column 5", message.lines().findFirst().get());
    assertEquals(true, message.contains("help   functions are abs, acos, acosh, "));
  }

  @Property(tries = 500)
  void whatIsWrittenCanBeReadAgain(@ForAll long seed) {
    Formula f = RandomFormulas.any(new Random(seed), 3, 8);
    // x·(y·z) is written as (x·y)·z is, so it is the text that comes back
    assertEquals(f.toString(), Formula.parse(f.toString()).toString());
  }
}
