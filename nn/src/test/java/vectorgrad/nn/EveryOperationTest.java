package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.autograd.GradCheck;
import vectorgrad.autograd.Op;
import vectorgrad.autograd.Pointwise;
import vectorgrad.autograd.Variable;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Operations that layers bring along are found by reflection, as those of autograd are; one
/// without a gradient check here fails.
class EveryOperationTest {
  private static Tensor draw(int... sizes) {
    return Tensor.normal(Seed.of(11), 0, Shape.of(sizes), DType.F64);
  }

  private static GradCheck.Report check(Pointwise operation) {
    return GradCheck.of(xs -> xs.get(0).map(operation), draw(4, 5));
  }

  private static GradCheck.Report check(Pointwise.Binary operation) {
    return GradCheck.of(
        xs -> xs.get(0).map(operation, xs.get(1)), draw(3, 4), draw(3, 4).sigmoid());
  }

  private static void losses(ElementwiseLoss... losses) {
    for (ElementwiseLoss loss : losses) {
      CHECKS.put(loss.getClass().getSimpleName(), () -> check(loss));
    }
  }

  private static final Program DIFFERENCES =
      Program.of(
          Formula.input(0).minus(Formula.input(2)).tanh(),
          Formula.input(1).sigmoid().times(Formula.input(2)));

  private static final Map<String, Supplier<GradCheck.Report>> CHECKS = new TreeMap<>();

  static {
    CHECKS.put("Curve", () -> check(Layers.softplus(0.7))); // all of them: ActivationsTest
    CHECKS.put("GELU", () -> check(Layers.gelu()));
    CHECKS.put("LeakyReLU", () -> check(Layers.leakyRelu(0.1)));
    CHECKS.put("ReLU", () -> check(Layers.relu()));
    CHECKS.put("SiLU", () -> check(Layers.silu()));
    CHECKS.put("Sigmoid", () -> check(Layers.sigmoid()));
    CHECKS.put("Tanh", () -> check(Layers.tanh()));
    losses(new MSE(), new MAE(), new Huber(), new SmoothL1(), new KLDivergence(), new Hinge());
    losses(new SoftMargin(), new HingeEmbedding(), new PoissonNLL());
    CHECKS.put(
        "OfProbability",
        () ->
            GradCheck.of(
                xs -> xs.get(0).map(new BinaryCrossEntropy.OfProbability(), xs.get(1)),
                draw(3, 4).sigmoid(),
                draw(3, 4).sigmoid()));
    CHECKS.put("OfLogit", () -> check(new BinaryCrossEntropyWithLogits.OfLogit()));
    CHECKS.put("Divergence", () -> check(new ELBO.Divergence()));
    // others by the layers: NormalizationTest
    CHECKS.put(
        "Standardize",
        () ->
            GradCheck.of(
                xs ->
                    Normalization.over(
                        xs.get(0),
                        new int[] {0, 2},
                        1e-3,
                        Optional.of(xs.get(1)),
                        Optional.of(xs.get(2))),
                draw(4, 3, 5),
                draw(3, 1),
                draw(3, 1)));
    CHECKS.put(
        "TimesTransposed",
        () ->
            GradCheck.of(
                xs -> Variable.apply(new Linear.TimesTransposed(), xs.get(0), xs.get(1)),
                draw(3, 4),
                draw(2, 4)));
    CHECKS.put(
        "Affine",
        () ->
            GradCheck.of(
                xs -> Variable.apply(new Linear.Affine(), xs.toArray(Variable[]::new)),
                draw(3, 4),
                draw(2, 4),
                draw(2)));
    CHECKS.put(
        "Biased",
        () ->
            GradCheck.of(
                xs ->
                    Variable.apply(
                        new Conv2d.Biased(new Conv2dGeometry(1, 2, 1, 0, 2, 1, 2)),
                        xs.toArray(Variable[]::new)),
                draw(2, 4, 6, 7),
                draw(6, 2, 3, 2),
                draw(6)));
    CHECKS.put(
        "Gated",
        () ->
            GradCheck.of(
                xs -> Variable.apply(new Gated(DIFFERENCES, List.of(2, 1)), xs.get(0), xs.get(1)),
                draw(3, 4),
                draw(3, 2)));
    CHECKS.put(
        "Mask",
        () ->
            GradCheck.of(
                xs ->
                    xs.get(0)
                        .square()
                        .apply(new Dropout.Mask(Seed.of(3), 0.4, 2, Dropout.Whole.CHANNEL)),
                draw(6, 5)));
  }

  @TestFactory
  Stream<DynamicTest> gradientsAgreeWithDifferences() {
    return CHECKS.entrySet().stream()
        .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> e.getValue().get().orThrow()));
  }

  @Test
  void everyOperationOfTheModuleHasACheck() throws Exception {
    Path root = Path.of(Layer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Set<String> found = new TreeSet<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        String name =
            root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), ".");
        if (name.startsWith("module-info")) {
          continue;
        }
        Class<?> type = Class.forName(name.substring(0, name.length() - ".class".length()));
        boolean operation =
            Op.class.isAssignableFrom(type)
                || Pointwise.class.isAssignableFrom(type)
                || Pointwise.Binary.class.isAssignableFrom(type);
        // classes keep what forward found: attention and recurrences have checks of their own
        if (operation && (type.isRecord() || type == Standardize.class)) {
          found.add(type.getSimpleName());
        }
      }
    }
    assertFalse(found.isEmpty());
    assertEquals(found, CHECKS.keySet());
  }
}
