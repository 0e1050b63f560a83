package vectorgrad.bench.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.nn.Losses.crossEntropy;

import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vectorgrad.nn.Layer;
import vectorgrad.optim.Optimizer;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Tensor;

/// What every library has to compute before its steps are measured.
class TrainingTest {
  /// Six decimals are written down.
  private static final double WRITTEN = 0.5e-6 + 1e-9;

  @ParameterizedTest
  @EnumSource
  void theLossesAreThoseOfF64(Training training) {
    DoubleSupplier step = steps(training);
    for (double loss : training.losses()) {
      assertEquals(loss, step.getAsDouble(), WRITTEN);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyStepLowersTheLoss(Training training) {
    var losses = training.losses();
    assertEquals(3, losses.size());
    assertTrue(losses.get(1) < losses.get(0) && losses.get(2) < losses.get(1), losses::toString);
  }

  @Test
  void otherLossesAreRefused() {
    var losses = Training.LENET.losses().iterator();
    var e =
        assertThrows(
            IllegalStateException.class,
            () ->
                Training.LENET.expect(
                    () -> losses.next() + (losses.hasNext() ? 0 : 1), Training.STEPS));
    assertEquals("LENET: the loss of step 3 is 3.141927 and should be 2.141927", e.getMessage());
  }

  @Test
  void lossesThatAreNoNumbersAreRefused() {
    assertThrows(IllegalStateException.class, () -> Training.GPT.expect(() -> Double.NaN, 1));
  }

  private static DoubleSupplier steps(Training training) {
    Network network = training.network();
    Layer model = network.model();
    model.to(DType.F64);
    Optimizer optimizer = training.rule().of(model.parameters());
    Tensor batch = network.batch(training.batch());
    Tensor inputs = network.text() ? batch : batch.to(DType.F64);
    Tensor labels = network.labels(training.batch());
    return () -> {
      try (var _ = Scope.open()) {
        var loss = crossEntropy(model.forward(inputs), labels);
        optimizer.step(loss.backward());
        return loss.item();
      }
    };
  }
}
