package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import vectorgrad.numerics.Formula;
import vectorgrad.tensor.DType;
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
    GradCheck.Diagnosis diagnosis = report.diagnosis().orElseThrow();
    assertEquals(1, diagnosis.wrong());
    assertEquals("input 1 (2, 3)", diagnosis.worst().of());
    assertEquals(List.of(1, 2), diagnosis.worst().at());
    assertEquals(1.001, diagnosis.worst().analytic() / diagnosis.worst().numeric(), 1e-8);
    assertEquals(
        """
        GradCheck: the gradient of input 1 (2, 3) is wrong at [1, 2]
          found  1.04400885488, by the backward pass
          wanted 1.042965889, by differences down to a step of 0.03125
          error  2.3e-04, where 1.0e-07 passes
          wrong  1 of 12 elements
          again  GradCheck.of(function, Seed.of(7L), 1, inputs)\
        """,
        report.toString());
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

  private static Variable linear(Parameter weight, Variable x) {
    return x.matmul(weight).sigmoid();
  }

  /// A product whose gradient for its second factor is twice as large as it should be.
  private record Twice() implements Op.Binary {
    @Override
    public Tensor forward(Tensor a, Tensor b) {
      return a.mul(b);
    }

    @Override
    public Pair backward(Variable dc, Variable a, Variable b, Variable c) {
      return gradients(() -> dc.mul(b), () -> dc.mul(a).mul(2));
    }
  }

  @Test
  void parametersThatAFunctionReadsAreCheckedAndKeepTheirBits() {
    Parameter weight = Parameter.of(Tensor.of(.1f, .2f, .3f).reshape(3, 1)).name("0.weight");
    GradCheck.of(xs -> linear(weight, xs.get(0)), X).orThrow();
    assertEquals(List.of(), GradCheck.jacobian(xs -> linear(weight, xs.get(0)), X));
    assertEquals(DType.F32, weight.value().dtype());
    assertArrayEquals(new float[] {.1f, .2f, .3f}, weight.value().toFloats());

    Parameter scale = Parameter.of(Tensor.of(2f, 3, 4)).name("scale");
    GradCheck.Report report =
        GradCheck.of(xs -> xs.get(0).apply(new Twice(), scale.expand(xs.get(0).shape())), X);
    assertEquals(
        """
        GradCheck: the gradient of "scale" (3) is wrong at [0]
          found  8.53604732238, by the backward pass
          wanted 4.26802366119, by differences down to a step of 0.03125
          error  3.7e-01, where 1.0e-07 passes
          wrong  3 of 9 elements
          why    each wrong element is 2 times what it should be
          again  GradCheck.of(function, Seed.of(1L), 2, inputs)\
        """,
        report.toString());
  }

  @Test
  void parametersAndBuffersAreSetBackWhenTheFunctionFails() {
    Parameter weight = Parameter.of(Tensor.of(.1f, .2f, .3f));
    Buffer calls = new Buffer(Tensor.of(0));
    int[] call = {0};
    assertThrows(
        IllegalStateException.class,
        () ->
            GradCheck.of(
                xs -> {
                  calls.set(calls.value().add(1));
                  if (call[0]++ == 20) {
                    throw new IllegalStateException("the twentieth");
                  }
                  return xs.get(0).mul(weight);
                },
                X));
    assertEquals(DType.F32, weight.value().dtype());
    assertArrayEquals(new float[] {.1f, .2f, .3f}, weight.value().toFloats());
    assertEquals(0, calls.value().item());
  }

  @Test
  void aFunctionWhoseStateIsABufferIsTheSameEachTime() {
    Buffer state = new Buffer(Tensor.of(3.0));
    GradCheck.of(
            xs -> {
              state.set(state.value().add(1));
              return xs.get(0).mul(Variable.constant(state.value().copy()));
            },
            X)
        .orThrow();
    assertEquals(3, state.value().item());
  }

  @Test
  void aFunctionThatChangesFromCallToCallIsRefused() {
    Random random = new Random(1);
    var e =
        assertThrows(
            GradientException.class,
            () -> GradCheck.of(xs -> xs.get(0).mul(random.nextInt(1000)), Tensor.of(1.0)));
    assertEquals(
        """
        GradCheck: the function changes from call to call, 588.0 and 847.0 at [0]
          why    it draws random numbers, or keeps state outside of a Buffer
          help   draw from a Seed, or check without training: Mode.training(false)\
        """,
        e.getMessage());
  }

  @Test
  void aLayerThatIsMadeAnewByEachCallIsRefused() {
    var e =
        assertThrows(
            GradientException.class,
            () -> GradCheck.of(xs -> xs.get(0).mul(Parameter.of(Tensor.of(1f))), X));
    assertEquals(
        """
        GradCheck: the function reads other parameters from call to call
          why    a layer is made anew each time, or which one is used is drawn
          help   make the layer once, outside: in a field\
        """,
        e.getMessage());
  }

  @Test
  void aFunctionThatConvertsIsRefused() {
    var e =
        assertThrows(GradientException.class, () -> GradCheck.of(xs -> xs.get(0).to(DType.F32), X));
    assertEquals(
        """
        GradCheck: the output is f32, the inputs f64
          why    the function converts, and rounding hides its slope from differences
          help   leave dtypes as they are: x.dtype(), not DType.F32\
        """,
        e.getMessage());
  }

  @Test
  void aFailureSaysWhatTheNumbersSuggest() {
    List<String> why =
        Stream.<Function<List<Variable>, Variable>>of(
                xs -> xs.get(0).mul(xs.get(0).detach()),
                xs -> xs.get(0).detach().square(),
                xs -> xs.get(0).sub(1.0001).abs(),
                xs -> xs.get(0).apply(new OnceOnly()))
            .map(f -> GradCheck.of(f, X).diagnosis().orElseThrow().why().orElseThrow())
            .toList();
    assertEquals(
        List.of(
            "each wrong element is 0.5 times what it should be",
            "no gradient arrives: its path is cut, by detach() or by computing with value()",
            "the differences do not settle: a kink or a jump is near, or something is rounded",
            "the gradient is right, its own gradient is not: backward must compute with variables"),
        why);
  }

  /// A cube whose gradient is a constant to further gradients.
  private record OnceOnly() implements Op.Unary {
    @Override
    public Tensor forward(Tensor x) {
      return x.mul(x).mul(x);
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return dy.mul(x.detach().square().mul(3).add(x.sub(x.detach())));
    }
  }
}
