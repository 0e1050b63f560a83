package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import example.Forward;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.ClosedScopeException;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// What a graph keeps and what a pass over it does.
class GraphTest {
  private static Variable leaf(float... values) {
    return Variable.leaf(Tensor.of(values));
  }

  private static void expectError(String expected, Runnable work) {
    assertEquals(expected, assertThrows(GradientException.class, work::run).getMessage());
  }

  // ---- what is computed -----------------------------------------------------------------------

  @Test
  void onlyWhatLeadsToTheWantedVariablesIsComputed() {
    AtomicInteger computed = new AtomicInteger();
    record Counting(AtomicInteger count) implements Op.Binary {
      @Override
      public Tensor forward(Tensor a, Tensor b) {
        return a.mul(b);
      }

      @Override
      public Pair backward(Variable dc, Variable a, Variable b, Variable c) {
        return gradients(
            () -> {
              count.incrementAndGet();
              return dc.mul(b);
            },
            () -> dc.mul(a));
      }
    }
    Variable a = leaf(2);
    Variable b = leaf(3);
    Variable loss = a.apply(new Counting(computed), b).sum();
    Gradients gradients = loss.backward(b);
    assertEquals(0, computed.get());
    assertFalse(gradients.has(a));
    assertArrayEquals(new float[] {2}, gradients.get(b).toFloats());
    Variable middle = a.square();
    Gradients inner = middle.mul(b).sum().backward(middle, b);
    assertArrayEquals(new float[] {3}, inner.get(middle).toFloats());
  }

  @Test
  void graphsMayBeAHundredThousandNodesDeep() {
    Variable x = leaf(1);
    Variable y = x;
    for (int i = 0; i < 100_000; i++) {
      y = y.add(x);
    }
    assertEquals(100_001, y.sum().backward().get(x).item());
  }

  @Test
  void secondDerivativesOfDeepGraphsNeedNoStackEither() {
    Variable x = Variable.leaf(Tensor.of(1.0));
    Variable y = x;
    for (int i = 0; i < 20_000; i++) {
      y = y.mul(x);
    }
    Gradients first = y.sum().backwardWithGraph();
    assertEquals(20_001, first.get(x).item());
    assertEquals(20_001.0 * 20_000, first.variable(x).sum().backward().get(x).item());
  }

  @Test
  void theOrderOfAdditionFollowsFromTheGraphAlone() {
    // 1e8 + 1 − 1e8 depends on the order; built in another order, the graph gives the same bits
    Variable x = leaf(1);
    Variable big = x.mul(1e8);
    Variable one = x.mul(1);
    Variable small = x.mul(-1e8);
    float[] first = big.add(one).add(small).sum().backward().get(x).toFloats();
    small = x.mul(-1e8);
    big = x.mul(1e8);
    one = x.mul(1);
    float[] second = big.add(one).add(small).sum().backward().get(x).toFloats();
    assertArrayEquals(first, second);
  }

  @Test
  void theGradientOfASumOfProductsIsTheOtherFactorItself() {
    Variable x = leaf(1, 2, 3);
    Variable g = leaf(4, 5, 6);
    Gradients gradients = x.mul(g).sum().backward();
    assertSame(g.value().memory(), gradients.get(x).memory());
    assertSame(x.value().memory(), gradients.get(g).memory());
    assertFalse(gradients.variable(x).requiresGrad());
    assertArrayEquals(new float[] {7, 7, 7}, x.mul(7).sum().backward().get(x).toFloats());
    Gradients differentiable = x.mul(g).sum().backwardWithGraph();
    Variable again = differentiable.variable(x).mul(leaf(1, 10, 100)).sum();
    assertArrayEquals(new float[] {1, 10, 100}, again.backward(g).get(g).toFloats());
    assertArrayEquals(new float[] {1, 4, 9}, x.mul(g).mul(x).sum().backward(g).get(g).toFloats());
  }

  @Test
  void aGradientNeverShowsMemoryThatIsWrittenLater() {
    Parameter weight = Parameter.of(Tensor.of(1f, 2));
    Variable x = leaf(3, 4);
    Tensor dx = x.mul(weight).sum().backward().get(x);
    Tensor throughAView = x.mul(weight.detach()).sum().backward().get(x);
    weight.set(Tensor.of(0f, 0));
    assertArrayEquals(new float[] {1, 2}, dx.toFloats());
    assertArrayEquals(new float[] {1, 2}, throughAView.toFloats());
  }

  @Test
  void aGradientMadeInsideAScopeDoesNotEndWithIt() {
    Variable x = leaf(3, 4);
    Tensor dx;
    try (var _ = Scope.open()) {
      Variable loss = x.mul(x.detach().mul(2)).sum();
      dx = Scope.outside(() -> loss.backward()).get(x);
    }
    assertArrayEquals(new float[] {6, 8}, dx.toFloats());
  }

  @Test
  void aGradientOfZeroByStructureIsStillThere() {
    Variable x = leaf(2, 3);
    assertArrayEquals(new float[] {0, 0}, x.pow(0).sum().backward().get(x).toFloats());
  }

  // ---- what is kept ---------------------------------------------------------------------------

  @Test
  void aGraphLetsGoOfNumbersThatNoBackwardReads() {
    Variable x = leaf(1, 2);
    assertTrue(x.mul(2).relu().node().input(0) instanceof Outline); // of its output
    assertTrue(x.mul(2).tanh().node().input(0) instanceof Outline); // of its output
    assertTrue(x.mul(2).add(x.mul(3)).node().input(1) instanceof Outline); // of nothing
    assertTrue(x.mul(2).reshape(2, 1).node().input(0) instanceof Outline); // of shapes
    assertTrue(x.mul(2).softmax(0).node().input(0) instanceof Outline); // of its output
    assertFalse(x.mul(2).square().node().input(0) instanceof Outline);
    assertFalse(x.mul(2).sin().node().input(0) instanceof Outline);
    Variable fixed = Variable.constant(Tensor.of(5f, 6));
    Variable product = x.mul(2).mul(fixed);
    assertTrue(product.node().input(0) instanceof Outline); // fixed wants no gradient
    assertFalse(product.node().input(1) instanceof Outline);
  }

  @Test
  void anOperationThatReadsWhatItDoesNotSaveIsTold() {
    record Careless() implements Op.Unary {
      @Override
      public Saved saved() {
        return Saved.OUTPUT;
      }

      @Override
      public Tensor forward(Tensor x) {
        return x.square();
      }

      @Override
      public Variable backward(Variable dy, Variable x, Variable y) {
        return dy.mul(x).mul(2);
      }
    }
    Variable loss = leaf(1, 2).mul(1).apply(new Careless()).sum();
    expectError(
        """
        backward: asks for numbers that the graph did not save
          shape  (2)
          rule   backward reads what the operation's saved() names, of the rest only shapes\
        """,
        loss::backward);
  }

  @Test
  void aPassUsesTheGraphUp() {
    Variable x = leaf(3);
    Variable middle = x.square();
    Variable loss = middle.sum();
    assertEquals(6, loss.backward().get(x).item());
    assertTrue(middle.node().isUsedUp());
    expectError(
        """
        backward: this graph was used up by an earlier pass
          why    a pass gives memory back as it goes
          help   add the losses, or call backwardKeepingGraph() for all but the last\
        """,
        middle.mul(2).sum()::backward);
  }

  @Test
  void aPassThatKeepsTheGraphCanBeRepeated() {
    Variable x = leaf(3);
    Variable loss = x.square().sum();
    assertEquals(6, loss.backwardKeepingGraph().get(x).item());
    assertEquals(6, loss.backwardKeepingGraph(x).get(x).item());
    assertEquals(6, loss.backwardWithGraph().get(x).item());
    assertEquals(6, loss.backward().get(x).item());
  }

  @Test
  void onlyWhatWasWalkedIsUsedUp() {
    Variable a = leaf(2);
    Variable b = leaf(3);
    Variable left = a.square();
    Variable right = b.square();
    left.mul(right).sum().backward(b);
    assertEquals(4, left.sum().backward(a).get(a).item());
  }

  // ---- what is refused ------------------------------------------------------------------------

  @Test
  void anInPlaceWriteBetweenForwardAndBackwardIsRefused() {
    Parameter weight = Parameter.of(Tensor.of(new float[] {1, 2}, Shape.of(1, 2))).name("0.weight");
    weight.set(Tensor.of(new float[] {5, 6}, Shape.of(1, 2)));
    Variable loss = Forward.sumOfSquares(weight);
    weight.set(Tensor.of(new float[] {3, 4}, Shape.of(1, 2)));
    expectError(
        """
        backward: "0.weight" (2, 1) was changed after the forward pass
          op     square
          saved  version 1
          now    version 2
          at     example.Forward.sumOfSquares(Forward.java:12)
          help   run backward before the optimizer steps, or forward again after it\
        """
            .replaceAll("at +vectorgrad.*/", "at     " + moduleOfTests()),
        loss::backward);
  }

  private static String moduleOfTests() {
    Module module = Forward.class.getModule();
    return module.isNamed() ? module.getName() + "@0.1.0-SNAPSHOT/" : "";
  }

  @Test
  void anInPlaceWriteThatNoBackwardReadsIsFine() {
    Parameter bias = Parameter.of(Tensor.of(1f, 2));
    Variable loss = leaf(3, 4).mul(2).add(bias).sum();
    bias.set(Tensor.of(5f, 6));
    assertArrayEquals(new float[] {1, 1}, loss.backward().get(bias).toFloats());
  }

  @Test
  void aClosedScopeBetweenForwardAndBackwardIsRefused() {
    Variable x = leaf(1, 2);
    Variable loss;
    try (var _ = Scope.open()) {
      loss = x.mul(2).square().sum().keep();
    }
    assertThrows(ClosedScopeException.class, loss::backward);
  }

  @Test
  void aGradientThatDoesNotFitItsInputIsRefused() {
    record Wrong() implements Op.Unary {
      @Override
      public Tensor forward(Tensor x) {
        return x;
      }

      @Override
      public Variable backward(Variable dy, Variable x, Variable y) {
        return dy.sum();
      }
    }
    expectError(
        """
        backward: Wrong returned a gradient that does not fit its input
          input  (2) f32
          found  () f32
          rule   a gradient has the shape and the dtype of its input\
        """,
        leaf(1, 2).apply(new Wrong()).sum()::backward);
  }

  @Test
  void aPassInsideAPassOverTheSameGraphIsRefused() {
    record Nested(Variable other) implements Op.Unary {
      @Override
      public Tensor forward(Tensor x) {
        return x.square();
      }

      @Override
      public Variable backward(Variable dy, Variable x, Variable y) {
        other.backwardKeepingGraph();
        return dy;
      }
    }
    Variable shared = leaf(2).square();
    Variable other = shared.mul(3).sum();
    Variable loss = shared.sin().mul(2).apply(new Nested(other)).sum();
    expectError(
        """
        backward: another pass walks through the same graph
          rule   a graph is walked by one thread, and by one pass, at a time\
        """,
        loss::backward);
  }

  @Test
  void aPassInsideAPassOverAGraphOfItsOwnIsFine() {
    record Recomputing() implements Op.Unary {
      @Override
      public Tensor forward(Tensor x) {
        return x.square().mul(x);
      }

      @Override
      public Variable backward(Variable dy, Variable x, Variable y) {
        Variable again = Variable.leaf(x.value());
        Variable loss = Mode.TRAINING.call(() -> again.pow(3).mul(dy.detach()).sum());
        return Variable.constant(loss.backward().get(again));
      }
    }
    Variable x = leaf(2);
    Variable loss = x.mul(2).apply(new Recomputing()).sum();
    assertEquals(2 * 3 * 16, loss.backward().get(x).item());
  }

  @Test
  void freezingAfterTheForwardPassTakesEffect() {
    Parameter a = Parameter.of(Tensor.of(2f));
    Parameter b = Parameter.of(Tensor.of(3f));
    b.trainable(false);
    Variable loss = a.mul(b).sum();
    a.trainable(false);
    b.trainable(true); // too late: nothing was saved for it
    assertEquals(List.of(), List.copyOf(loss.backward().variables()));
  }
}
