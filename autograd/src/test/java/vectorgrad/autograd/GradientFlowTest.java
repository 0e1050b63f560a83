package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import example.Forward;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import vectorgrad.autograd.GradientFlow.Entry;
import vectorgrad.autograd.GradientFlow.Status;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// What reaches a parameter, and where the rest was lost.
class GradientFlowTest {
  private final Parameter w = Parameter.of(Tensor.of(2.0, -3.0)).name("w");
  private final Parameter b = Parameter.of(Tensor.of(1.0, 1.0)).name("b");
  private final Variable x = Variable.constant(Tensor.of(1.0, 5.0));

  private GradientFlow audit(Supplier<Variable> loss) {
    return GradientFlow.audit(List.of(w, b), loss);
  }

  /// What is said of `w`.
  private String lost(Supplier<Variable> loss) {
    Entry entry = audit(loss).entries().getFirst();
    assertEquals(Status.NO_PATH, entry.status());
    return entry.cut().orElseThrow().toString().replaceAll(":\\d+\\)", ":n)");
  }

  @Test
  void whatReachesAParameterIsMeasured() {
    GradientFlow flow = audit(() -> x.mul(w).relu().add(b.mul(0)).sum());
    assertEquals(2 + 0, flow.loss());
    assertEquals(
        """
        GradientFlow: every parameter that is trained is reached
          w (2)  norm 1.0e+00, 50 % zeros
          b (2)  all of it exactly zero\
        """,
        flow.toString());
    assertEquals(1, flow.gradients().get(w).toDoubles()[0]);
    assertEquals(0.5, flow.entries().get(0).zeros());
    assertEquals(Status.ZERO, flow.entries().get(1).status());
  }

  @Test
  void aDetachedPathNamesTheLine() {
    Supplier<Variable> loss = () -> Forward.cut(x.mul(w).exp()).add(b).sum();
    assertEquals("cut by detach at example.Forward.cut(Forward.java:n)", lost(loss));
    GradientFlow flow = audit(loss);
    assertEquals("exp", flow.entries().getFirst().cut().orElseThrow().operation());
    assertTrue(
        flow.toString()
            .startsWith("GradientFlow: 1 of 2 parameters is cut off\n  w (2)  no path: cut by"),
        flow::toString);
    assertEquals(List.of("w"), flow.cutOff().stream().map(Entry::name).toList());
  }

  @Test
  void aFreshConstantOfItsNumbersIsFound() {
    assertEquals(
        "cut by constant at example.Forward.copied(Forward.java:n)",
        lost(() -> Forward.copied(w.mul(x)).mul(b).sum()));
    assertEquals(
        "cut by constant at example.Forward.copied(Forward.java:n)",
        lost(() -> Forward.copied(w).mul(b).sum()));
  }

  @Test
  void anInferencePassIsFound() {
    String cut = lost(() -> Mode.inference(() -> Forward.logarithm(w.abs())).mul(b).sum());
    assertTrue(cut.startsWith("cut by inference at "), cut);
  }

  @Test
  void aCastToWholeNumbersEndsThePath() {
    String cut =
        lost(() -> {
          Tensor whole = Forward.root(w.square()).value().to(DType.I32);
          return b.mul(Variable.constant(whole.to(DType.F64))).sum();
        });
    assertEquals(
        "the loss does not depend on what was made of it, sqrt at"
            + " example.Forward.root(Forward.java:n) the last",
        cut);
  }

  @Test
  void aParameterThatNothingUsesIsSaidToBe() {
    assertEquals("no operation used it", lost(() -> b.sum()));
    w.trainable(false);
    assertEquals(Status.FROZEN, audit(() -> b.sum()).entries().getFirst().status());
  }

  @Test
  void pathsAroundACutCount() {
    GradientFlow flow = audit(() -> Forward.cut(w).mul(w).add(b).sum());
    assertEquals(Status.REACHED, flow.entries().getFirst().status());
    assertEquals(Shape.of(2), flow.entries().getFirst().shape());
  }

  @Test
  void whatACheckpointUsesIsReached() {
    GradientFlow flow = audit(() -> x.checkpoint(v -> v.mul(w)).add(b).sum());
    assertEquals(List.of(), flow.cutOff());
  }
}
