package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static vectorgrad.numerics.Formula.ONE;

import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import vectorgrad.autograd.GradCheck;
import vectorgrad.autograd.Op;
import vectorgrad.autograd.Pointwise;
import vectorgrad.autograd.Variable;
import vectorgrad.numerics.Formula;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Users' operations go through the same doors as ours: this package sees only what is public.
class OwnOperationsTest {
  /// Hyperbolic tangent: `y = tanh(x)`, `dy/dx = 1 − y²`.
  public record Tanh() implements Pointwise {
    @Override
    public Formula value(Formula x) {
      return x.tanh();
    }

    @Override
    public Formula slope(Formula x, Formula y) {
      return ONE.minus(y.times(y));
    }
  }

  record Swish() implements Pointwise {
    @Override
    public Formula value(Formula x) {
      return x.times(x.sigmoid());
    }
  }

  record Hypotenuse() implements Pointwise.Binary {
    @Override
    public Formula value(Formula a, Formula b) {
      return a.square().plus(b.square()).sqrt();
    }
  }

  record Product() implements Op.Binary {
    @Override
    public Tensor forward(Tensor a, Tensor b) {
      return a.matmul(b);
    }

    @Override
    public Pair backward(Variable dc, Variable a, Variable b, Variable c) {
      return gradients(() -> dc.matmul(b.transpose()), () -> a.transpose().matmul(dc));
    }
  }

  record Reverse() implements Op.Linear {
    @Override
    public Tensor forward(Tensor x) {
      return x.flip(0);
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return dy.apply(this);
    }
  }

  record Total() implements Op.Nary {
    @Override
    public Tensor forward(List<Tensor> xs) {
      return xs.stream().reduce(Tensor::add).orElseThrow();
    }

    @Override
    public List<Supplier<Variable>> backward(Variable dy, List<Variable> xs, Variable y) {
      return xs.stream().map(_ -> (Supplier<Variable>) () -> dy).toList();
    }
  }

  private static final Tensor X = Tensor.of(-2.0, 0, .3, 4);
  private static final Tensor MATRIX = Tensor.of(new double[] {1, -2, 3, 4, 5, .5}, Shape.of(2, 3));

  @Test
  void aFormulaIsAllAnElementwiseOperationNeeds() {
    GradCheck.of(xs -> xs.get(0).map(new Swish()), X).orThrow();
    GradCheck.of(xs -> xs.get(0).map(new Tanh()), X).orThrow();
    GradCheck.of(xs -> xs.get(0).map(new Hypotenuse(), xs.get(1)), MATRIX, Tensor.of(-1.0, 5, 2))
        .orThrow();
  }

  @Test
  void aHandWrittenSlopeAgreesWithTheSymbolicOne() {
    Formula x = Formula.input(0);
    Formula byHand = new Tanh().slope(x, x.tanh());
    Formula symbolic = x.tanh().derivative(0);
    for (double at : X.toDoubles()) {
      assertEquals(symbolic.evaluate(at), byHand.evaluate(at), 1e-15);
    }
  }

  @Test
  void aRecordOfForwardAndBackwardIsAllAStructuralOperationNeeds() {
    GradCheck.of(xs -> xs.get(0).apply(new Product(), xs.get(1)), MATRIX, MATRIX.transpose())
        .orThrow();
    GradCheck.of(xs -> xs.get(0).apply(new Reverse()).square(), X).orThrow();
    GradCheck.of(xs -> Variable.apply(new Total(), xs.get(0), xs.get(1), xs.get(0)).sin(), X, X)
        .orThrow();
  }
}
