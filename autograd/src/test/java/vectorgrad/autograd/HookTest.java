package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.Tensor;

/// Gradients seen and changed on their way, and those of computed variables.
class HookTest {
  private final Variable x = Variable.leaf(Tensor.of(1.0, 2.0));

  @Test
  void aHookSeesAndChangesTheGradient() {
    List<double[]> seen = new ArrayList<>();
    Variable reversed =
        x.square()
            .hook(gradient -> {
              seen.add(gradient.value().toDoubles());
              return gradient.neg();
            });
    assertArrayEquals(new double[] {1, 4}, reversed.value().toDoubles());
    Gradients gradients = reversed.mul(3).sum().backward();
    assertArrayEquals(new double[] {-6, -12}, gradients.get(x).toDoubles());
    assertEquals(1, seen.size());
    assertArrayEquals(new double[] {3, 3}, seen.getFirst());
  }

  @Test
  void aHookThatChangesTheShapeIsRefused() {
    Variable wrong = x.hook(gradient -> gradient.sum()).sum();
    String message = assertThrows(GradientException.class, wrong::backward).getMessage();
    assertTrue(
        message.startsWith("backward: Hook returned a gradient that does not fit its input"),
        message);
  }

  @Test
  void aComputedVariableKeepsItsGradientIfItAsksForIt() {
    Variable asked = x.square().retainGrad();
    Variable other = asked.mul(2);
    Gradients gradients = other.sum().backward();
    assertArrayEquals(new double[] {2, 2}, gradients.get(asked).toDoubles());
    assertFalse(gradients.has(other));
    assertTrue(gradients.has(asked));
    assertEquals(java.util.Set.of(x), gradients.variables());
    assertEquals(Math.sqrt(16 + 64), gradients.norm());
  }

  @Test
  void whereNoGradientComesByNoneCanBeKept() {
    assertEquals(
        """
        retainGrad: no gradient will come by this variable
          shape  (2)
          why    no leaf or parameter went in, or it was computed inside inference(...)\
        """,
        assertThrows(GradientException.class, () -> x.detach().exp().retainGrad()).getMessage());
  }

  @Test
  void stopGradientIsDetach() {
    Variable y = x.square().stopGradient().mul(x).sum();
    assertArrayEquals(new double[] {1, 4}, y.backward().get(x).toDoubles());
  }
}
