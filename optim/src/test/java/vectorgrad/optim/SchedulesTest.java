package vectorgrad.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.autograd.Parameter;
import vectorgrad.tensor.Tensor;

/// Every schedule against PyTorch's, step by step. The numbers come from
/// `src/test/golden/schedules.py`.
class SchedulesTest {
  /// What the plateaus of the golden file are told.
  private static final double[] METRICS = {
    5, 4, 4.5, 3.9999, 4, 3, 3.5, 3.2, Double.NaN, 2.9999, 3.1, 2, 2, 2, 2, 2, 2, 2, 2, 2
  };

  private static final Map<String, Plateau> PLATEAUS = new LinkedHashMap<>();

  static {
    PLATEAUS.put("plateau", one().patience(2));
    PLATEAUS.put(
        "plateau options", one().factor(0.5).patience(1).threshold(0.01).cooldown(2).floor(0.2));
    PLATEAUS.put("plateau absolute", one().factor(0.5).patience(0).absoluteThreshold(0.5));
    PLATEAUS.put("plateau rising", one().factor(0.3).patience(1).rising());
  }

  private static Plateau one() {
    return new Plateau(Schedule.constant(1));
  }

  /// The rates by the text of the schedule, or the name of the plateau.
  static Map<String, double[]> golden() {
    try (InputStream file = SchedulesTest.class.getResourceAsStream("schedules.csv")) {
      Map<String, double[]> all = new LinkedHashMap<>();
      new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split(";", -1))
          .forEach(row ->
              all.put(
                  row[0], Arrays.stream(row).skip(1).mapToDouble(Double::parseDouble).toArray()));
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @TestFactory
  List<DynamicTest> ratesAreThoseOfPyTorch() {
    return golden().entrySet().stream()
        .filter(entry -> !entry.getKey().startsWith("plateau"))
        .map(entry ->
            DynamicTest.dynamicTest(
                entry.getKey(), () -> follows(Schedule.parse(entry.getKey()), entry.getValue())))
        .toList();
  }

  /// PyTorch multiplies step by step, a schedule here is a formula of the step: up to twenty
  /// roundings.
  private static void follows(Schedule schedule, double[] rates) {
    for (int step = 0; step < rates.length; step++) {
      assertEquals(rates[step], schedule.rate(step), 20 * Math.ulp(1.0), "step " + step);
    }
  }

  @TestFactory
  List<DynamicTest> plateausAreThoseOfPyTorch() {
    return PLATEAUS.entrySet().stream()
        .map(entry ->
            DynamicTest.dynamicTest(
                entry.getKey(),
                () -> {
                  double[] rates = golden().get(entry.getKey());
                  boolean rising = entry.getKey().endsWith("rising");
                  for (int i = 0; i < METRICS.length; i++) {
                    entry.getValue().observe(rising ? 8 - METRICS[i] : METRICS[i]);
                    assertEquals(rates[i], entry.getValue().rate(i), 1e-15, "observation " + i);
                  }
                }))
        .toList();
  }

  @Test
  void aPlateauIsPartOfTheOptimizersState() {
    Parameter p = Parameter.of(Tensor.of(1.0)).name("w");
    Plateau first = one().patience(0).factor(0.5);
    Sgd sgd = new Sgd(List.of(p)).learningRate(Schedule.warmup(3).then(first).times(0.5));
    for (int i = 0; i < 5; i++) {
      first.observe(1);
    }
    Map<String, Tensor> saved = new LinkedHashMap<>();
    sgd.state().forEach((name, cell) -> saved.put(name, cell.value().copy()));
    assertTrue(saved.containsKey("w.schedule.part1.plateau"), saved.keySet().toString());
    Plateau second = one().patience(0).factor(0.5);
    Sgd other = new Sgd(List.of(p)).learningRate(Schedule.warmup(3).then(second).times(0.5));
    other.restore(saved, 10);
    assertEquals(first.rate(0), second.rate(0));
    second.observe(1);
    first.observe(1);
    assertEquals(1 / 32.0, first.rate(0));
    assertEquals(first.rate(0), second.rate(0));
    assertEquals("plateau of constant(1), factor 0.5, patience 0", second.toString());
  }
}
