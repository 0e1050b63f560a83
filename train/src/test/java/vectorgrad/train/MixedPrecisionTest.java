package vectorgrad.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import vectorgrad.autograd.Autocast;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Variable;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Layers;
import vectorgrad.nn.Losses;
import vectorgrad.optim.Adam;
import vectorgrad.optim.LossScaler;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Tensor;

/// What a network loses that learns in 16 bits: the same one, four times, by a mean squared error
/// that counts as a ten-thousandth, as one of several losses might.
class MixedPrecisionTest {
  private static final double WEIGHT = 1e-4;

  private static Learnt full;
  private static Learnt brain;
  private static Learnt half;
  private static Learnt scaled;

  /// @param loss the last one, as if it were the only loss
  /// @param zeros the share of the gradients of parameters that were exactly 0
  private record Learnt(double loss, double zeros, LossScaler scaler) {}

  @BeforeAll
  static void learnFourTimes() {
    full = learn(DType.F32, new LossScaler(1));
    brain = learn(DType.BF16, new LossScaler(1));
    half = learn(DType.F16, new LossScaler(1));
    scaled = learn(DType.F16, new LossScaler(0x1p32));
  }

  private static Learnt learn(DType dtype, LossScaler scaler) {
    Layer model =
        Layers.sequential(
                Layers.linear(1, 16),
                Layers.tanh(),
                Layers.linear(16, 16),
                Layers.tanh(),
                Layers.linear(16, 1))
            .initialize(Seed.of(1));
    Adam adam = new Adam(model.parameters()).learningRate(0.01);
    Tensor x = Tensor.linspace(-1, 1, 256, DType.F32).reshape(256, 1);
    Tensor y = x.mul(3).sin();
    double last = 0;
    long zeros = 0;
    long all = 0;
    for (int step = 0; step < 300; step++) {
      try (var _ = Scope.open()) {
        Variable loss = Autocast.to(dtype).call(() -> Losses.mse(model.forward(x), y)).mul(WEIGHT);
        Gradients gradients = scaler.scale(loss).backward();
        for (var p : model.parameters()) {
          all += p.size();
          zeros += p.size() - gradients.get(p).countNonzero().itemLong();
        }
        scaler.step(adam, gradients);
        last = loss.item() / WEIGHT;
      }
    }
    Predicate<Layer> masters =
        layer -> layer.parameters().stream().allMatch(p -> p.dtype() == DType.F32);
    assertTrue(masters.test(model));
    return new Learnt(last, (double) zeros / all, scaler);
  }

  @Test
  void brainFloatsLoseLittle() {
    assertTrue(brain.loss() < 2 * full.loss(), () -> brain + " beside " + full);
    assertTrue(brain.zeros() < 0.001, brain::toString);
  }

  @Test
  void halvesLoseHalfOfTheirGradientsAndHardlyLearn() {
    assertTrue(half.loss() > 10 * full.loss(), () -> half + " beside " + full);
    assertTrue(half.zeros() > 0.4, half::toString);
  }

  @Test
  void scaledHalvesLearnAsFloatsDo() {
    assertTrue(scaled.loss() < 1.5 * full.loss(), () -> scaled + " beside " + full);
    assertTrue(scaled.zeros() < 0.005, scaled::toString);
  }

  @Test
  void theScaleThatWasTooLargeIsFoundInAFewSteps() {
    assertTrue(scaled.scaler().skipped() > 0, scaled::toString);
    assertTrue(scaled.scaler().skipped() < 10, scaled::toString);
    assertEquals(Math.scalb(1.0, 32 - (int) scaled.scaler().skipped()), scaled.scaler().scale());
    assertEquals(0, half.scaler().skipped());
  }

  @Test
  void floatsLoseNothing() {
    assertEquals(0, full.zeros());
    assertTrue(full.loss() < 1e-3, full::toString);
  }
}
