package example;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.nn.Layers.dropout;
import static vectorgrad.nn.Layers.linear;
import static vectorgrad.nn.Layers.sequential;
import static vectorgrad.nn.Layers.sigmoid;

import org.junit.jupiter.api.Test;
import vectorgrad.autograd.Op;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Pointwise;
import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.nn.Layer;
import vectorgrad.numerics.Formula;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Tensor;

/// What a user's test classes look like; run by the tests of the engine only, since some of it is
/// to fail. This package sees what is public, and nothing else.
final class OwnChecks {
  private OwnChecks() {}

  record Swish() implements Pointwise {
    @Override
    public Formula value(Formula x) {
      return x.times(x.sigmoid());
    }
  }

  /// `a − b`, whose second gradient forgot the minus.
  record Wrong() implements Op.Binary {
    @Override
    public Tensor forward(Tensor a, Tensor b) {
      return a.sub(b);
    }

    @Override
    public Pair backward(Variable dy, Variable a, Variable b, Variable y) {
      return gradients(() -> dy, () -> dy);
    }
  }

  record Scaled(Parameter scale, Layer body) implements Layer {
    @Override
    public Variable forward(Variable x) {
      return body.forward(x).apply(new Wrong(), scale.expand(x.shape()));
    }
  }

  /// Beside a test of Jupiter.
  static class GoodTest {
    private final Layer layer =
        sequential(linear(4, 3), sigmoid(), dropout(0.4), linear(3, 2)).initialize(Seed.of(1));

    @GradCheck
    static Variable swish(Variable x) {
      return x.map(new Swish());
    }

    @GradCheck(shapes = "2,4", distinct = true, jacobian = true)
    Variable network(Variable x) {
      return layer.forward(x);
    }

    @Test
    void isTrue() {
      assertTrue(true);
    }
  }

  static class InheritingTest extends GoodTest {}

  static class BadTest {
    private final Layer layer =
        new Scaled(Parameter.of(Tensor.of(1f, 2, 3)), linear(3, 3)).initialize(Seed.of(1));

    @GradCheck(
        of = "minus",
        shapes = {"2,3", "3"},
        distinct = true,
        seed = 7)
    static Variable wrong(Variable a, Variable b) {
      return a.apply(new Wrong(), b.expand(a.shape()));
    }

    @GradCheck(shapes = "2,3")
    Variable scaled(Variable x) {
      return layer.forward(x);
    }

    @GradCheck(shapes = "three", distinct = true)
    static Variable misspelt(Variable x) {
      return x;
    }
  }

  static class OuterTest {
    private final double factor = 3;

    class InnerTest {
      @GradCheck(orders = 1)
      Variable inner(Variable x) {
        return x.mul(factor);
      }
    }
  }
}
