package vectorgrad.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import vectorgrad.autograd.Parameter;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

class WeightAverageTest {
  private final Parameter w = Parameter.of(Tensor.of(1.0, -2.0)).name("w");

  private double[] after(WeightAverage average, double... scales) {
    for (double scale : scales) {
      w.set(Tensor.of(scale, -2 * scale));
      average.update();
    }
    return average.with(() -> w.value().toDoubles());
  }

  @Test
  void anExponentialAverageForgetsAtItsRate() {
    // by hand: 4, then ¾·4 + ¼·8 = 5, then ¾·5 + ¼·1 = 4
    assertArrayEquals(
        new double[] {4, -8}, after(WeightAverage.exponential(List.of(w), .75), 4, 8, 1));
  }

  @Test
  void anEqualAverageIsTheMeanOfAllUpdates() {
    assertArrayEquals(new double[] {3, -6}, after(WeightAverage.equal(List.of(w)), 2, 4, 3), 1e-15);
  }

  @Test
  void theWeightsComeBackToTheBitEvenAfterAnError() {
    WeightAverage average = WeightAverage.equal(List.of(w));
    after(average, 2, 4);
    double[] before = w.value().toDoubles();
    assertThrows(
        IllegalStateException.class,
        () ->
            average.with(() -> {
              throw new IllegalStateException("in the middle");
            }));
    assertArrayEquals(before, w.value().toDoubles());
    average.apply();
    assertArrayEquals(new double[] {3, -6}, w.value().toDoubles());
  }

  @Test
  void beforeTheFirstUpdateTheWeightsAreTheAverage() {
    WeightAverage average = WeightAverage.exponential(List.of(w), .9);
    assertArrayEquals(new double[] {1, -2}, average.with(() -> w.value().toDoubles()));
    assertEquals(0, average.updates());
  }

  @Test
  void whatWasSavedGoesOnToTheBit() {
    Parameter p = Parameter.of(Tensor.normal(Seed.of(1), 0, Shape.of(33), DType.F32)).name("p");
    WeightAverage whole = WeightAverage.exponential(List.of(p), .99);
    WeightAverage first = WeightAverage.exponential(List.of(p), .99);
    WeightAverage second = WeightAverage.exponential(List.of(p), .99);
    for (int step = 0; step < 20; step++) {
      p.set(Tensor.normal(Seed.of(2), 100L * step, Shape.of(33), DType.F32));
      whole.update();
      if (step < 10) {
        first.update();
      } else {
        if (step == 10) {
          Map<String, Tensor> saved = new HashMap<>();
          first.state().forEach((name, cell) -> saved.put(name, cell.value().copy()));
          second.restore(saved, first.updates());
        }
        second.update();
      }
    }
    assertArrayEquals(
        whole.with(() -> p.value().toFloats()), second.with(() -> p.value().toFloats()));
  }

  @Test
  void theAverageFollowsAParameterThatIsConverted() {
    WeightAverage average = WeightAverage.equal(List.of(w));
    average.update();
    w.set(Tensor.of(3f, 6f));
    average.update();
    assertArrayEquals(new float[] {2, 2}, average.with(() -> w.value().toFloats()));
  }

  @Test
  void aDecayOfOneIsRefused() {
    var refused =
        assertThrows(
            IllegalArgumentException.class, () -> WeightAverage.exponential(List.of(w), 1));
    assertEquals(
        """
        WeightAverage: decay is 1.0
          rule   0 <= decay < 1: what is kept of the average at each update\
        """,
        refused.getMessage());
  }
}
