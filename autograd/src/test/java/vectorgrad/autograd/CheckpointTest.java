package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

class CheckpointTest {
  private static final int LAYERS = 16;
  private static final int WIDTH = 64;

  private final List<Parameter> weights = new ArrayList<>();
  private final Tensor input = Tensor.normal(Seed.of(99), 0, Shape.of(256, WIDTH), DType.F32);

  CheckpointTest() {
    for (int i = 0; i < LAYERS; i++) {
      weights.add(
          Parameter.of(Tensor.normal(Seed.of(i), 0, Shape.of(WIDTH, WIDTH), DType.F32).mul(.1)));
    }
  }

  private Variable layers(Variable x, int from, int to) {
    for (int i = from; i < to; i++) {
      x = x.matmul(weights.get(i)).tanh();
    }
    return x;
  }

  /// All layers, four stretches of four.
  private Variable loss(boolean checkpointed) {
    Variable x = Variable.constant(input);
    for (int from = 0; from < LAYERS; from += 4) {
      int start = from;
      UnaryOperator<Variable> stretch = h -> layers(h, start, start + 4);
      x = checkpointed ? x.checkpoint(stretch) : stretch.apply(x);
    }
    return x.square().mean();
  }

  @Test
  void gradientsHaveTheSameBits() {
    Gradients kept = loss(false).backward();
    Gradients again = loss(true).backward();
    for (Parameter weight : weights) {
      assertArrayEquals(kept.get(weight).toFloats(), again.get(weight).toFloats());
    }
  }

  @Test
  void theMostMemoryInUseFalls() {
    long kept = peak(false);
    long again = peak(true);
    // 16 layers keep 16 activations; four stretches keep 4, and 4 of one stretch at a time. Either
    // way there are the 16 gradients of the weights, a quarter of an activation each.
    assertTrue(again < 0.7 * kept, again + " of " + kept);
  }

  private long peak(boolean checkpointed) {
    try (var step = Scope.open()) {
      loss(checkpointed).backward();
      return step.peakBytes();
    }
  }

  @Test
  void gradientsInsideAScopeHaveTheSameBitsToo() {
    Gradients outside = loss(true).backward();
    try (var _ = Scope.open()) {
      Gradients inside = loss(true).backward();
      for (Parameter weight : weights) {
        assertArrayEquals(outside.get(weight).toFloats(), inside.get(weight).toFloats());
      }
    }
  }

  @Test
  void checkpointsNestAndHaveDerivativesOfHigherOrder() {
    Tensor x = Tensor.of(.3, -.7, 1.1);
    UnaryOperator<Variable> inner = v -> v.tanh().mul(v);
    UnaryOperator<Variable> plain = v -> inner.apply(inner.apply(v).add(v)).exp();
    UnaryOperator<Variable> nested =
        v -> v.checkpoint(u -> u.checkpoint(inner).add(u).checkpoint(inner).exp());
    assertArrayEquals(
        Derivatives.hessian(v -> plain.apply(v).sum(), x).toDoubles(),
        Derivatives.hessian(v -> nested.apply(v).sum(), x).toDoubles(),
        1e-14);
    GradCheck.of(xs -> nested.apply(xs.getFirst()), x).orThrow();
  }

  @Test
  void anInputThatLeadsToAnotherIsDifferentiatedApart() {
    Tensor x = Tensor.of(2.0);
    Variable a = Variable.leaf(x);
    Variable b = a.square();
    Variable y = Variable.checkpoint(in -> in.get(0).mul(in.get(1)), a, b).sum();
    assertEquals(3 * 4, y.backward().get(a).item());
    Variable c = Variable.leaf(x);
    Variable z = Variable.checkpoint(in -> in.get(0).mul(in.get(1)), c, c.square()).sum();
    Variable first = z.backwardWithGraph().variable(c);
    assertEquals(12, first.item());
    assertEquals(12, first.sum().backward().get(c).item());
  }

  @Test
  void buffersAreWrittenOnceAndReadAsTheyWere() {
    Buffer count = new Buffer(Tensor.of(0.0));
    Variable x = Variable.leaf(Tensor.of(5.0));
    UnaryOperator<Variable> timesCount =
        v -> {
          count.set(count.value().add(1));
          return v.mul(Variable.constant(count.value().copy()));
        };
    Variable first = x.checkpoint(timesCount);
    Variable second = x.checkpoint(timesCount);
    assertEquals(2, count.value().item());
    assertEquals(5 + 10, first.item() + second.item());
    assertEquals(1 + 2, first.add(second).sum().backward().get(x).item());
    assertEquals(2, count.value().item());
  }

  @Test
  void whatNobodyDifferentiatesIsComputedOnce() {
    AtomicInteger calls = new AtomicInteger();
    UnaryOperator<Variable> counted =
        v -> {
          calls.incrementAndGet();
          return v.exp();
        };
    Variable x = Variable.leaf(Tensor.of(1.0));
    Mode.inference(() -> x.checkpoint(counted));
    assertEquals(1, calls.get());
    Variable y = x.checkpoint(counted);
    assertEquals(2, calls.get());
    y.sum().backward();
    assertEquals(3, calls.get());
  }

  @Test
  void aParameterThatChangedInBetweenIsRefused() {
    Parameter w = Parameter.of(Tensor.of(2.0)).name("w");
    Variable y = Variable.leaf(Tensor.of(3.0)).checkpoint(x -> x.mul(w)).sum();
    w.set(Tensor.of(4.0));
    String message = assertThrows(GradientException.class, y::backward).getMessage();
    assertTrue(
        message.startsWith("backward: \"w\" (1) was changed after the forward pass"), message);
  }
}
