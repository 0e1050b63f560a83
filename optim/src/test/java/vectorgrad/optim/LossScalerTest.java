package vectorgrad.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import vectorgrad.autograd.GradientException;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Tensor;

class LossScalerTest {
  private final Parameter p = Parameter.of(Tensor.of(0.1f, -0.2f, 0.3f)).name("p");
  private final Sgd sgd = new Sgd(List.of(p));

  private Variable bowl() {
    return p.mul(p).sum().mul(0.5);
  }

  private Gradients infinite(LossScaler scaler) {
    return scaler.scale(bowl().div(0)).backward();
  }

  @Test
  void theScaleChangesNoBitOfAStep() {
    Parameter twin = p.copy();
    new Sgd(List.of(twin)).learningRate(0.1).step(twin.mul(twin).sum().mul(0.5).backward());
    LossScaler scaler = new LossScaler();
    assertTrue(scaler.step(sgd.learningRate(0.1), scaler.scale(bowl()).backward()));
    assertArrayEquals(twin.value().toFloats(), p.value().toFloats());
    assertEquals(1, sgd.steps());
  }

  @Test
  void whatF16CannotHoldSurvivesByTheScale() {
    Variable lost = p.to(DType.F16).to(DType.F32).sum().mul(1e-8); // its gradient passes in F16
    assertArrayEquals(new float[3], lost.backward().get(p).toFloats());
    LossScaler scaler = new LossScaler();
    Variable kept = p.to(DType.F16).to(DType.F32).sum().mul(1e-8);
    Gradients gradients = scaler.unscale(scaler.scale(kept).backward());
    for (float g : gradients.get(p).toFloats()) {
      assertEquals(1e-8, g, 1e-8 / 2048); // half a unit in the last place of 11 bits
    }
  }

  @Test
  void anOverflowSkipsTheStepAndHalvesTheScale() {
    LossScaler scaler = new LossScaler();
    float[] before = p.value().toFloats();
    assertFalse(scaler.step(sgd, infinite(scaler)));
    assertArrayEquals(before, p.value().toFloats());
    assertEquals(0, sgd.steps());
    assertEquals(32768, scaler.scale());
    assertEquals("LossScaler(scale 32768, skipped 1 of 1 steps)", scaler.toString());
  }

  @Test
  void theScaleFindsItsPlaceBelowTheLargestNumberOfF16() {
    LossScaler scaler = new LossScaler();
    int skipped = 0;
    // the gradient of 5 may be scaled by 8192 at most, to stay below 65504
    while (!scaler.step(sgd, scaler.scale(p.to(DType.F16).to(DType.F32).sum().mul(5)).backward())) {
      skipped++;
    }
    assertEquals(3, skipped);
    assertEquals(8192, scaler.scale());
    assertEquals(3, scaler.skipped());
    assertEquals(4, scaler.steps());
  }

  @Test
  void theScaleDoublesAfterCleanStepsInARow() {
    LossScaler scaler = new LossScaler(8).growEvery(3);
    scaler.update(true);
    scaler.update(true);
    scaler.update(false); // begins anew
    assertEquals(4, scaler.scale());
    assertEquals(0, scaler.clean());
    for (int i = 0; i < 6; i++) {
      assertTrue(scaler.update(true));
    }
    assertEquals(16, scaler.scale());
    assertEquals(2, scaler.growths());
    assertEquals(1, scaler.skipped());
    assertEquals(9, scaler.steps());
  }

  @Test
  void byDefaultTheScaleDoublesAfterTwoThousandSteps() {
    LossScaler scaler = new LossScaler();
    for (int i = 0; i < 1999; i++) {
      scaler.update(true);
    }
    assertEquals(65536, scaler.scale());
    scaler.update(true);
    assertEquals(131072, scaler.scale());
  }

  @Test
  void factorsCanBeChosen() {
    LossScaler scaler = new LossScaler(100).growth(3).backoff(0.1).growEvery(1);
    scaler.update(true);
    assertEquals(300, scaler.scale());
    scaler.update(false);
    assertEquals(30, scaler.scale(), 1e-12);
  }

  @Test
  void theScaleStopsGrowingBeforeItIsInfinite() {
    LossScaler scaler = new LossScaler(0x1p126).growEvery(1);
    scaler.update(true);
    scaler.update(true);
    assertEquals(0x1p127, scaler.scale());
    assertEquals(1, scaler.growths());
  }

  @Test
  void gradientsAreClippedAfterTheyAreUnscaled() {
    LossScaler scaler = new LossScaler();
    Parameter twin = p.copy();
    new Sgd(List.of(twin)).step(twin.mul(twin).sum().mul(0.5).backward().clipNorm(0.01));
    scaler.step(sgd, scaler.scale(bowl()).backward(), gradients -> gradients.clipNorm(0.01));
    assertArrayEquals(twin.value().toFloats(), p.value().toFloats());
    // which would refuse what is not finite, if it saw it
    assertFalse(scaler.step(sgd, infinite(scaler), gradients -> gradients.clipNorm(0.01)));
  }

  @Test
  void theLossOfHalvesIsScaledInF32() {
    Variable loss = p.to(DType.F16).sum();
    assertEquals(DType.F16, loss.dtype());
    assertEquals(DType.F32, new LossScaler().scale(loss).dtype());
    assertEquals(0.2 * 65536, new LossScaler().scale(loss).item(), 20);
  }

  @Test
  void itGoesOnFromASavedState() {
    LossScaler scaler = new LossScaler().growEvery(3);
    for (boolean finite : new boolean[] {true, false, true, true}) {
      scaler.update(finite);
    }
    Map<String, Tensor> saved =
        scaler.state().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().value().copy()));
    LossScaler other = new LossScaler(3).growEvery(3);
    other.restore(saved);
    assertEquals(scaler.toString(), other.toString());
    scaler.update(true);
    other.update(true);
    assertEquals(65536, other.scale());
    assertEquals(1, other.growths());
    assertEquals(scaler.clean(), other.clean());
  }

  @Test
  void aStateThatDoesNotFitIsRefused() {
    LossScaler scaler = new LossScaler();
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> scaler.restore(Map.of("scale", Tensor.of(1.0, 2.0), "skips", Tensor.of(1))));
    assertEquals(
        """
        LossScaler: the saved state does not fit, 6 differences
          shape  "scale" (2), expected ()
          miss   "clean" ()
          miss   "steps" ()
          miss   "skipped" ()
          miss   "growths" ()
          extra  "skips" (1)\
        """,
        e.getMessage());
    assertEquals(65536, scaler.scale());
  }

  @Test
  void aLossThatIsNotFiniteAtAnyScaleIsRefusedAtLast() {
    LossScaler scaler = new LossScaler(4).minimum(1);
    scaler.step(sgd, infinite(scaler));
    scaler.step(sgd, infinite(scaler));
    var e = assertThrows(GradientException.class, () -> scaler.step(sgd, infinite(scaler)));
    assertEquals(
        """
        LossScaler: gradients overflow even at a scale of 1.0
          steps  3 of 3 were skipped
          why    the loss itself, or what leads to it, is not finite: no scale helps
          help   look at loss.item(); try BF16, or a smaller learning rate
                 Anomaly.detect(...) finds the first operation that is to blame\
        """,
        e.getMessage());
  }

  @Test
  void settingsOutsideTheirRangeAreRefused() {
    assertRefused("the scale must be a positive number, found 0.0", () -> new LossScaler(0));
    LossScaler scaler = new LossScaler();
    assertRefused("the growth must be above 1, found 1.0", () -> scaler.growth(1));
    assertRefused("the backoff must be between 0 and 1, found 1.0", () -> scaler.backoff(1));
    assertRefused(
        "the steps between growths must be at least 1.0, found 0.0", () -> scaler.growEvery(0));
    assertRefused(
        "the minimum must be a positive number, found NaN", () -> scaler.minimum(Double.NaN));
  }

  private static void assertRefused(String text, Runnable setting) {
    var e = assertThrows(IllegalArgumentException.class, setting::run);
    assertEquals("LossScaler: " + text, e.getMessage());
  }
}
