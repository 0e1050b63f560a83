package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// A layer beside what it is made of: the same output from sums, products, quotients, powers,
/// logarithms and views of variables, with the same parameters. Value and every gradient agree.
///
/// @param name what is compared
/// @param layer the layer
/// @param x its input
/// @param definition the output of the layer's parameters and an input, step by step
record Composition<L extends Layer>(
    String name, L layer, Tensor x, BiFunction<L, Variable, Variable> definition) {
  /// Both sides round a few dozen times in f64, on numbers below 10.
  private static final double TOLERANCE = 1e-10;

  static Tensor draw(int seed, int... sizes) {
    return Tensor.normal(Seed.of(seed), 0, Shape.of(sizes), DType.F64);
  }

  static <L extends Layer> Composition<L> of(
      L layer, BiFunction<L, Variable, Variable> definition, int... shape) {
    return of(layer, draw(1, shape), definition);
  }

  static <L extends Layer> Composition<L> of(
      L layer, Tensor x, BiFunction<L, Variable, Variable> definition) {
    return new Composition<>(layer.label(), layer, x, definition);
  }

  static Stream<DynamicTest> tests(Stream<Composition<?>> all) {
    return all.map(c -> DynamicTest.dynamicTest(c.name(), c::run));
  }

  private void run() {
    layer.initialize(Seed.of(2)).to(DType.F64);
    int seed = 10;
    for (Parameter p : layer.parameters()) { // none at a symmetric value
      p.set(p.value().add(draw(seed++, p.shape().toArray()).mul(0.3)));
    }
    Variable in = x.dtype().isFloating() ? Variable.leaf(x) : Variable.constant(x);
    Variable wanted = definition.apply(layer, in); // first: a draw moves on with the layer's pass
    Variable found = layer.forward(in);
    assertEquals(wanted.shape(), found.shape());
    assertClose(name, wanted.value(), found.value());
    Gradients theirs = weighed(wanted).backward();
    Gradients ours = weighed(found).backward();
    if (x.dtype().isFloating()) {
      assertClose("input", theirs.get(in), ours.get(in));
    }
    layer.namedParameters().forEach((p, cell) -> assertClose(p, theirs.get(cell), ours.get(cell)));
  }

  private static void assertClose(String what, Tensor wanted, Tensor found) {
    assertArrayEquals(
        wanted.contiguous().toDoubles(), found.contiguous().toDoubles(), TOLERANCE, what);
  }

  private static Variable weighed(Variable y) {
    return y.mul(Variable.constant(draw(3, y.shape().toArray()))).sum();
  }
}
