package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import vectorgrad.numerics.Formula;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

class GradCheckTest {
  /// `x²` with a slope that is wrong by a part in a million.
  private record Wrong() implements Pointwise {
    @Override
    public Formula value(Formula x) {
      return x.square();
    }

    @Override
    public Formula slope(Formula x, Formula y) {
      return x.times(2.000001);
    }
  }

  /// The sum of the inputs, where a mistake makes one element's gradient a thousandth too large.
  private record WrongInOnePlace(int row, int column) implements Op.Binary {
    @Override
    public Tensor forward(Tensor a, Tensor b) {
      return a.add(b);
    }

    @Override
    public Pair backward(Variable dc, Variable a, Variable b, Variable c) {
      return gradients(() -> dc, () -> dc.mul(Variable.constant(factors())));
    }

    private Tensor factors() {
      double[] factors = {1, 1, 1, 1, 1, 1};
      factors[3 * row + column] = 1.001;
      return Tensor.of(factors, Shape.of(2, 3));
    }
  }

  private static final Tensor X = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, Shape.of(2, 3));

  @Test
  void aGradientThatIsWrongByAMillionthIsFound() {
    GradCheck.Report report = GradCheck.of(xs -> xs.get(0).map(new Wrong()), X);
    assertFalse(report.passes());
    // the slope of the wrong slope is wrong too, by as much
    assertEquals(5e-7, report.worst().error(), 4e-7);
    assertThrows(AssertionError.class, report::orThrow);
  }

  @Test
  void aFailureNamesTheWorstElementAndHowToRepeatIt() {
    GradCheck.Report report =
        GradCheck.of(
            xs -> xs.get(0).apply(new WrongInOnePlace(1, 2), xs.get(1)), Seed.of(7), 1, X, X);
    GradCheck.Element worst = report.worstElement().orElseThrow();
    assertEquals(1, worst.input());
    assertEquals(List.of(1, 2), worst.at());
    assertEquals(1.001, worst.analytic() / worst.numeric(), 1e-8);
    String text = report.toString();
    assertTrue(text.startsWith("GradCheck: the gradients differ, worst relative error "), text);
    assertTrue(text.contains("\n  worst      input 1 at [1, 2]: "), text);
    assertTrue(
        text.endsWith("\n  repeat     GradCheck.of(function, Seed.of(7L), 1, inputs)"), text);
  }

  @Test
  void theJacobianListsEveryWrongEntry() {
    assertEquals(
        List.of(List.of(1, 1)),
        GradCheck.jacobian(xs -> xs.get(0).apply(new WrongInOnePlace(1, 1), xs.get(1)), X, X)
            .stream()
            .map(GradCheck.Entry::output)
            .toList());
    assertEquals(6, GradCheck.jacobian(xs -> xs.get(0).map(new Wrong()), X).size());
    assertEquals(List.of(), GradCheck.jacobian(xs -> xs.get(0).softmax(1), X));
  }

  @Test
  void aSmallGradientIsHeldToItsOwnSize() {
    Function<List<Variable>, Variable> small = xs -> xs.get(0).map(new Wrong()).mul(1e-6);
    assertFalse(GradCheck.of(small, X).passes());
    GradCheck.of(xs -> xs.get(0).square().mul(1e-6), X).orThrow();
  }

  @Test
  void gradientsThatAreZeroAgreeWithZero() {
    GradCheck.of(xs -> xs.get(0).mul(0), X).orThrow();
    GradCheck.of(xs -> Variable.constant(X), X).orThrow();
  }

  @Test
  void aPathThatWasCutFails() {
    assertFalse(GradCheck.of(xs -> xs.get(0).detach(), X).passes());
    assertFalse(GradCheck.of(xs -> xs.get(0).add(xs.get(0).detach()), X).passes());
  }

  @Test
  void thirdDerivativesCanBeCheckedToo() {
    assertEquals(
        9, GradCheck.of(xs -> xs.get(0).sin(), Seed.of(3), 3, X).orThrow().measurements().size());
  }

  @Test
  void aFunctionThatJumpsFails() {
    record Step() implements Pointwise {
      @Override
      public Formula value(Formula x) {
        return x.greaterThan(Formula.ZERO).then(Formula.ONE, Formula.ZERO);
      }
    }
    assertFalse(GradCheck.of(xs -> xs.get(0).map(new Step()), Tensor.of(0.0)).passes());
  }

  @Test
  void aNaNFails() {
    GradCheck.Report report = GradCheck.of(xs -> xs.get(0).log(), Tensor.of(-1.0, 1.0));
    assertFalse(report.passes());
    assertTrue(Double.isNaN(report.worst().error()));
  }
}
