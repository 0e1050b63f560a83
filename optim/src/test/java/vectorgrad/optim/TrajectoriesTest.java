package vectorgrad.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Tensor;

/// Ten steps of every optimizer against PyTorch's, in f64. The numbers come from
/// `src/test/golden/trajectories.py`.
class TrajectoriesTest {
  static final Map<String, Function<List<Parameter>, Optimizer>> OPTIMIZERS = new LinkedHashMap<>();

  static {
    OPTIMIZERS.put("sgd", p -> new Sgd(p).learningRate(0.005));
    OPTIMIZERS.put("sgd decay", p -> new Sgd(p).learningRate(0.005).weightDecay(0.1));
    OPTIMIZERS.put(
        "sgd momentum", p -> new Sgd(p).learningRate(0.002).momentum(0.9).weightDecay(0.1));
    OPTIMIZERS.put(
        "sgd dampening", p -> new Sgd(p).learningRate(0.002).momentum(0.8).dampening(0.3));
    OPTIMIZERS.put(
        "sgd nesterov",
        p -> new Sgd(p).learningRate(0.002).momentum(0.9).nesterov().weightDecay(0.1));
    OPTIMIZERS.put("adam", p -> new Adam(p).learningRate(0.1));
    OPTIMIZERS.put(
        "adam options",
        p -> new Adam(p).learningRate(0.1).betas(0.8, 0.95).epsilon(1e-3).weightDecay(0.1));
    OPTIMIZERS.put("adam amsgrad", p -> new Adam(p).learningRate(0.1).betas(0.8, 0.9).amsgrad());
    OPTIMIZERS.put("adamw", p -> new AdamW(p).learningRate(0.1));
    OPTIMIZERS.put(
        "adamw options",
        p -> new AdamW(p).learningRate(0.1).betas(0.8, 0.95).epsilon(1e-3).weightDecay(0.3));
    OPTIMIZERS.put("adamw amsgrad", p -> new AdamW(p).learningRate(0.1).betas(0.8, 0.9).amsgrad());
    OPTIMIZERS.put("rmsprop", RmsProp::new);
    OPTIMIZERS.put(
        "rmsprop options",
        p -> new RmsProp(p).alpha(0.9).epsilon(1e-3).weightDecay(0.1).momentum(0.5).centered());
    OPTIMIZERS.put("adagrad", p -> new AdaGrad(p).learningRate(0.1));
    OPTIMIZERS.put(
        "adagrad options",
        p ->
            new AdaGrad(p)
                .learningRate(0.1)
                .rateDecay(0.1)
                .weightDecay(0.1)
                .firstSum(0.5)
                .epsilon(1e-3));
    OPTIMIZERS.put("adadelta", AdaDelta::new);
    OPTIMIZERS.put(
        "adadelta options",
        p -> new AdaDelta(p).learningRate(0.5).rho(0.8).epsilon(1e-3).weightDecay(0.1));
    OPTIMIZERS.put("nadam", NAdam::new);
    OPTIMIZERS.put(
        "nadam options",
        p ->
            new NAdam(p)
                .learningRate(0.1)
                .betas(0.8, 0.95)
                .epsilon(1e-3)
                .weightDecay(0.1)
                .momentumDecay(0.1));
    OPTIMIZERS.put("radam", p -> new RAdam(p).learningRate(0.01));
    OPTIMIZERS.put(
        "radam options",
        p -> new RAdam(p).learningRate(0.01).betas(0.8, 0.95).epsilon(1e-3).weightDecay(0.1));
    OPTIMIZERS.put("lion", p -> new Lion(p).learningRate(0.07));
    OPTIMIZERS.put(
        "lion options", p -> new Lion(p).learningRate(0.1).betas(0.5, 0.8).weightDecay(0.1));
    OPTIMIZERS.put("lamb", p -> new Lamb(p).learningRate(0.02));
    OPTIMIZERS.put(
        "lamb options",
        p ->
            new Lamb(p)
                .learningRate(0.05)
                .betas(0.8, 0.95)
                .epsilon(1e-3)
                .weightDecay(0.3)
                .norms(0.5, 2.5));
    OPTIMIZERS.put("lbfgs", p -> new Lbfgs(p).iterations(1));
    OPTIMIZERS.put(
        "lbfgs options",
        p ->
            new Lbfgs(p)
                .learningRate(0.5)
                .iterations(2)
                .evaluations(6)
                .history(2)
                .tolerances(1e-10, 1e-12));
    OPTIMIZERS.put("lbfgs fixed step", p -> new Lbfgs(p).learningRate(0.3).history(3).fixedStep());
    OPTIMIZERS.put(
        "sgd maximize",
        p -> new Sgd(p).learningRate(0.002).momentum(0.9).weightDecay(0.1).maximize());
    OPTIMIZERS.put("adam maximize", p -> new Adam(p).learningRate(0.1).weightDecay(0.1).maximize());
    OPTIMIZERS.put("sgd l1", p -> new Sgd(p).learningRate(0.005).l1(0.7));
    OPTIMIZERS.put("adam l1", p -> new Adam(p).learningRate(0.1).l1(0.7));
    OPTIMIZERS.put(
        "sgd decoupled", p -> new Sgd(p).learningRate(0.002).momentum(0.9).decoupledDecay(0.3));
    OPTIMIZERS.put("nadam decoupled", p -> new NAdam(p).learningRate(0.1).decoupledDecay(0.3));
    OPTIMIZERS.put("rmsprop decoupled", p -> new RmsProp(p).momentum(0.5).decoupledDecay(0.3));
  }

  @Test
  void everyGoldenTrajectoryHasItsOptimizer() {
    assertEquals(OPTIMIZERS.keySet(), golden().keySet());
  }

  @TestFactory
  List<DynamicTest> tenStepsAreThoseOfPyTorch() {
    return OPTIMIZERS.entrySet().stream()
        .map(entry ->
            DynamicTest.dynamicTest(
                entry.getKey(),
                () -> follows(entry.getKey(), golden().get(entry.getKey()), DType.F64, 1e-12)))
        .toList();
  }

  @TestFactory
  List<DynamicTest> inSinglePrecisionTheyStayClose() {
    return OPTIMIZERS.entrySet().stream()
        .map(entry ->
            DynamicTest.dynamicTest(
                entry.getKey(),
                () -> follows(entry.getKey(), golden().get(entry.getKey()), DType.F32, 1e-4)))
        .toList();
  }

  private static void follows(String name, List<double[]> steps, DType dtype, double tolerance) {
    // twenty iterations of this one enlarge a change of its start five thousand times, PyTorch's
    // too
    double allowed = name.equals("lbfgs options") ? 10 * tolerance : tolerance;
    Parameter p = Parameter.of(Tensor.of(1.0, -2.0, 3.0).to(dtype));
    Optimizer optimizer = OPTIMIZERS.get(name).apply(List.of(p));
    boolean climbs = name.endsWith("maximize");
    for (double[] expected : steps) {
      if (optimizer instanceof Lbfgs lbfgs && !name.equals("lbfgs fixed step")) {
        lbfgs.step(() -> Valley.quartic(p));
      } else {
        Variable loss = Valley.quartic(p);
        optimizer.step((climbs ? loss.neg() : loss).backward());
      }
      assertArrayEquals(expected, p.value().to(DType.F64).toDoubles(), allowed);
    }
    assertEquals(10, optimizer.steps());
  }

  private static Map<String, List<double[]>> golden() {
    Map<String, List<double[]>> all = new LinkedHashMap<>();
    try (InputStream file = TrajectoriesTest.class.getResourceAsStream("trajectories.csv")) {
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      text.lines()
          .skip(1)
          .map(line -> line.split(",", -1))
          .forEach(row ->
              all.computeIfAbsent(row[0], _ -> new java.util.ArrayList<>())
                  .add(
                      new double[] {
                        Double.parseDouble(row[2]),
                        Double.parseDouble(row[3]),
                        Double.parseDouble(row[4])
                      }));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }
}
