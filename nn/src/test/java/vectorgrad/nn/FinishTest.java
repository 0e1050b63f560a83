package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.nn.Layers.batchNorm;
import static vectorgrad.nn.Layers.conv2d;
import static vectorgrad.nn.Layers.linear;
import static vectorgrad.nn.Layers.sequential;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import vectorgrad.autograd.Autocast;
import vectorgrad.autograd.Explanation;
import vectorgrad.autograd.GradCheck;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Variable;
import vectorgrad.numerics.Formula;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.PadMode;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// Layers that apply an activation as they write their output.
final class FinishTest {
  /// Two whose slope is a formula of the output, and some that are done afterwards.
  private static final List<Activation> ACTIVATIONS =
      List.of(new ReLU(), new Sigmoid(), new Tanh(), new GELU(), new LeakyReLU(0.1));

  private record Case(Layer layer, Shape x) {}

  private static final List<Case> CASES =
      List.of(
          new Case(linear(5, 3), Shape.of(7, 5)),
          new Case(linear(300, 200), Shape.of(70, 300)),
          new Case(linear(5, 3), Shape.of(2, 4, 5)),
          new Case(linear(5, 3), Shape.of(5)),
          new Case(linear(5, 3).withoutBias(), Shape.of(7, 5)),
          new Case(conv2d(3, 8, 3).padding(1), Shape.of(2, 3, 9, 8)),
          new Case(conv2d(4, 4, 3).groups(4), Shape.of(2, 4, 9, 8)),
          new Case(conv2d(3, 8, 3).padding(1).padMode(PadMode.REFLECT), Shape.of(2, 3, 9, 8)),
          new Case(conv2d(3, 8, 1).withoutBias(), Shape.of(2, 3, 9, 8)),
          new Case(batchNorm(3), Shape.of(4, 3, 5, 6)),
          new Case(batchNorm(3).withoutAffine(), Shape.of(40, 3)));

  static Stream<Object[]> all() {
    return CASES.stream()
        .flatMap(c -> ACTIVATIONS.stream().map(a -> new Object[] {c.layer, a, c.x}));
  }

  private static Tensor noise(int seed, Shape shape, DType dtype) {
    return Tensor.normal(Seed.of(seed), 0, shape, dtype);
  }

  /// The output, and the gradients of the input and of the parameters.
  private static List<double[]> numbers(
      Layer layer, Tensor input, Function<Variable, Variable> forward) {
    try (var _ = Scope.open()) {
      Variable x = Variable.leaf(input);
      Variable y = forward.apply(x);
      List<double[]> numbers = new ArrayList<>(List.of(y.value().toDoubles()));
      Variable g = Variable.constant(noise(3, y.shape(), DType.F64).to(y.dtype()));
      Gradients gradients = y.mul(g).sum().backward();
      numbers.add(gradients.get(x).toDoubles());
      layer.parameters().forEach(p -> numbers.add(gradients.get(p).toDoubles()));
      return numbers;
    }
  }

  private static void expectSame(List<double[]> expected, List<double[]> found) {
    assertEquals(expected.size(), found.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), found.get(i), 0, "array " + i);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void theNumbersAreThoseOfOneAfterTheOther(Layer layer, Activation last, Shape shape) {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      Layer l = layer.copy();
      l.initialize(Seed.of(1));
      l.to(dtype);
      Tensor x = noise(2, shape, dtype);
      expectSame(
          numbers(l, x, v -> last.forward(l.forward(v))),
          numbers(l, x, v -> ((Finish) l).forward(v, last)));
      expectSame(
          numbers(l, x, v -> last.forward(l.forward(v))),
          numbers(l, x, sequential(l, last)::forward));
    }
  }

  @Test
  void sixteenBitsAreRoundedWhereTheyWere() {
    Layer l = linear(40, 30);
    l.initialize(Seed.of(1));
    Tensor x = noise(2, Shape.of(20, 40), DType.F32);
    Autocast low = Autocast.to(DType.BF16);
    expectSame(
        numbers(l, x, v -> low.call(() -> new ReLU().forward(l.forward(v)))),
        numbers(l, x, v -> low.call(() -> sequential(l, new ReLU()).forward(v))));
  }

  @Test
  void nothingIsBetweenTheTwo() {
    Layer two = sequential(linear(4, 3), new ReLU(), linear(3, 1));
    two.initialize(Seed.of(1));
    Variable loss = two.forward(Variable.leaf(noise(2, Shape.of(2, 4), DType.F32))).sum();
    String steps = Explanation.of(loss).toString();
    assertTrue(steps.contains("affineThenReLU"), steps);
  }

  @Test
  void slopesOfSlopesAreRight() {
    for (Activation last : List.of(new Sigmoid(), new Tanh())) {
      GradCheck.Report report =
          GradCheck.of(
              xs -> Variable.apply(new Linear.Affine(), last, xs.toArray(Variable[]::new)).square(),
              noise(1, Shape.of(3, 4), DType.F64),
              noise(2, Shape.of(2, 4), DType.F64),
              noise(3, Shape.of(2), DType.F64));
      report.orThrow();
    }
  }

  @Test
  void slopesOfSlopesOfLayersAreRight() {
    for (Finish layer : List.of(conv2d(3, 4, 3), batchNorm(3))) {
      layer.initialize(Seed.of(1));
      GradCheck.of(
              xs -> layer.forward(xs.get(0), new Tanh()).square(),
              noise(2, Shape.of(4, 3, 5, 6), DType.F64))
          .orThrow();
    }
  }

  @Test
  void anErrorTellsTheLayerThatIsWrong() {
    Layer net = sequential(linear(4, 3), new ReLU(), linear(5, 1), new ReLU());
    var error =
        assertThrows(
            ShapeException.class, () -> net.forward(Tensor.zeros(Shape.of(2, 4), DType.F32)));
    assertTrue(error.getMessage().contains("at     model.2"), error.getMessage());
  }

  @Test
  void anActivationOfTheUsersIsCalledItself() {
    var calls = new AtomicInteger();
    record Counting(AtomicInteger calls) implements Activation {
      @Override
      public Formula value(Formula x) {
        return x.relu();
      }

      @Override
      public Variable forward(Variable x) {
        calls.incrementAndGet();
        return x.relu();
      }
    }
    sequential(linear(4, 3), new Counting(calls)).forward(Tensor.zeros(Shape.of(2, 4), DType.F32));
    assertEquals(1, calls.get());
  }
}
