package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static vectorgrad.nn.Loss.Reduction.NONE;
import static vectorgrad.nn.Loss.Reduction.SUM;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Tensor;

/// Values and gradients of every loss, with options that are not the defaults, against PyTorch's:
/// `src/test/golden/losses.py`.
class LossGoldensTest {
  /// Both compute in f64; the file holds fifteen digits.
  private static final double TOLERANCE = 1e-12;

  private static final Map<String, Function<Given, Variable>> LOSSES = new TreeMap<>();

  /// The inputs of a case by name, those that are differentiated as leaves.
  private static final class Given {
    private final GoldenCases.Case golden;
    private final Map<String, Variable> leaves = new HashMap<>();

    Given(GoldenCases.Case golden) {
      this.golden = golden;
    }

    Tensor fixed(String name) {
      return golden.inputs().get(name);
    }

    Variable of(String name) {
      return leaves.computeIfAbsent(
          name,
          n ->
              golden.gradients().containsKey(n)
                  ? Variable.leaf(fixed(n))
                  : Variable.constant(fixed(n)));
    }
  }

  private static void with(String name, Function<Given, Variable> loss) {
    LOSSES.put(name, loss);
  }

  private static void elementwise(String name, ElementwiseLoss loss) {
    with(name, in -> loss.of(in.of("x"), in.of("t")));
  }

  private static void ofLabels(String name, Loss loss, String scores) {
    with(name, in -> loss.of(in.of(scores), in.fixed("k")));
  }

  private static void weighted(String name, CrossEntropy loss) {
    with(name, in -> loss.weight(in.fixed("w")).of(in.of("z"), in.fixed("k")));
  }

  static {
    elementwise("MSE sum", new MSE().reduction(SUM));
    elementwise("MSE none", new MSE().reduction(NONE));
    elementwise("MAE none", new MAE().reduction(NONE));
    elementwise("MAE at kinks", new MAE().reduction(NONE));
    elementwise("Huber", new Huber().delta(0.7));
    elementwise("Huber at kinks", new Huber().delta(0.5).reduction(NONE));
    elementwise("SmoothL1", new SmoothL1().beta(0.3).reduction(SUM));
    elementwise("SmoothL1 at kinks", new SmoothL1().beta(0.5).reduction(NONE));
    elementwise("SmoothL1 of beta 0", new SmoothL1().beta(0));

    BinaryCrossEntropy binary = new BinaryCrossEntropy();
    with("BinaryCrossEntropy", in -> binary.weight(in.fixed("w")).of(in.of("p"), in.fixed("t")));
    with(
        "BinaryCrossEntropy at 0 and 1",
        in -> binary.reduction(NONE).of(in.of("p"), in.fixed("t")));
    BinaryCrossEntropyWithLogits logits = new BinaryCrossEntropyWithLogits();
    with(
        "BinaryCrossEntropyWithLogits",
        in -> logits.weight(in.fixed("w")).posWeight(in.fixed("p")).of(in.of("z"), in.of("t")));
    with(
        "BinaryCrossEntropyWithLogits none",
        in -> logits.reduction(NONE).of(in.of("z"), in.of("t")));
    with(
        "BinaryCrossEntropyWithLogits of large logits",
        in -> logits.reduction(NONE).of(in.of("z"), in.of("t")));

    CrossEntropy cross = new CrossEntropy();
    weighted("CrossEntropy", cross);
    weighted("CrossEntropy ignoring", cross.ignoreIndex(2));
    weighted("CrossEntropy smoothed", cross.labelSmoothing(0.2));
    weighted(
        "CrossEntropy smoothed and ignoring",
        cross.ignoreIndex(2).labelSmoothing(0.2).reduction(NONE));
    ofLabels(
        "CrossEntropy smoothed, the mean of those not ignored",
        cross.ignoreIndex(2).labelSmoothing(0.2),
        "z");
    with(
        "CrossEntropy of probabilities",
        in -> cross.weight(in.fixed("w")).labelSmoothing(0.1).of(in.of("z"), in.of("p")));
    weighted("CrossEntropy of pictures", cross.labelSmoothing(0.1));
    ofLabels("CrossEntropy of large logits", cross.reduction(NONE), "z");
    with("NLL", in -> new NLL().ignoreIndex(4).weight(in.fixed("w")).of(in.of("l"), in.fixed("k")));
    with(
        "NLL none",
        in ->
            new NLL()
                .ignoreIndex(0)
                .weight(in.fixed("w"))
                .reduction(NONE)
                .of(in.of("l"), in.fixed("k")));

    with("KLDivergence", in -> new KLDivergence().of(in.of("l"), in.of("t")));
    with(
        "KLDivergence of logarithms",
        in -> new KLDivergence().logTarget(true).reduction(SUM).of(in.of("l"), in.of("t")));
    with(
        "KLDivergence of zeros",
        in -> new KLDivergence().reduction(Loss.Reduction.MEAN).of(in.of("l"), in.of("t")));

    elementwise("Hinge", new Hinge());
    elementwise("Hinge at kinks", new Hinge().reduction(NONE));
    elementwise("Hinge squared", new Hinge().squared(true).reduction(SUM));
    elementwise("SoftMargin", new SoftMargin().reduction(NONE));
    elementwise("HingeEmbedding", new HingeEmbedding().margin(0.8));
    elementwise("HingeEmbedding at kinks", new HingeEmbedding().reduction(NONE));
    with(
        "MultiMargin",
        in ->
            new MultiMargin().p(2).margin(0.7).weight(in.fixed("w")).of(in.of("x"), in.fixed("k")));
    ofLabels("MultiMargin at kinks", new MultiMargin().reduction(NONE), "x");

    with(
        "CosineEmbedding",
        in ->
            new CosineEmbedding()
                .margin(0.2)
                .reduction(NONE)
                .of(in.of("a"), in.of("b"), in.fixed("t")));
    with(
        "CosineEmbedding of unlike pairs",
        in -> new CosineEmbedding().margin(-0.9).of(in.of("a"), in.of("b"), in.fixed("t")));
    with(
        "MarginRanking",
        in -> new MarginRanking().margin(0.5).of(in.of("a"), in.of("b"), in.fixed("t")));
    with(
        "MarginRanking at kinks",
        in ->
            new MarginRanking()
                .margin(1)
                .reduction(NONE)
                .of(in.of("a"), in.of("b"), in.fixed("t")));
    with(
        "TripletMargin",
        in -> new TripletMargin().margin(0.8).p(3).of(in.of("a"), in.of("p"), in.of("n")));
    with(
        "TripletMargin swapped",
        in ->
            new TripletMargin()
                .margin(2)
                .eps(1e-3)
                .swap(true)
                .reduction(NONE)
                .of(in.of("a"), in.of("p"), in.of("n")));
    elementwise("PoissonNLL", new PoissonNLL().full(true));
    elementwise("PoissonNLL of rates", new PoissonNLL().logInput(false).eps(1e-3).reduction(SUM));
    with(
        "GaussianNLL",
        in -> new GaussianNLL().full(true).eps(0.2).of(in.of("x"), in.fixed("t"), in.of("v")));
    with(
        "GaussianNLL of one variance a row",
        in -> new GaussianNLL().reduction(NONE).of(in.of("x"), in.fixed("t"), in.of("v")));

    NegativeSampling sampling = new NegativeSampling();
    with("NegativeSampling", in -> sampling.reduction(NONE).of(in.of("s"), in.of("d")));
    with("NegativeSampling of vectors", in -> sampling.of(in.of("c"), in.of("o"), in.of("n")));
    with(
        "NoiseContrastive",
        in ->
            new NoiseContrastive()
                .reduction(SUM)
                .of(in.of("s"), in.of("d"), in.fixed("u"), in.fixed("v")));
    with("ELBO", in -> new ELBO().beta(0.5).of(in.of("x"), in.fixed("t"), in.of("m"), in.of("v")));
    with(
        "ELBO of squares",
        in ->
            new ELBO()
                .reconstruction(new MSE().reduction(NONE))
                .reduction(NONE)
                .of(in.of("x"), in.fixed("t"), in.of("m"), in.of("v")));
    for (GANLoss loss : GANLoss.values()) {
      with(
          "GANLoss " + loss,
          in ->
              Variable.stack(
                  0, loss.discriminator(in.of("r"), in.of("g")), loss.generator(in.of("g"))));
    }
    with(
        "GradientPenalty",
        in ->
            new GradientPenalty(3)
                .between(
                    x -> x.matmul(in.of("w").transpose()).tanh().matmul(in.of("u").unsqueeze(1)),
                    in.fixed("r"),
                    in.fixed("g"),
                    in.fixed("e")));
  }

  private static final List<GoldenCases.Case> CASES = GoldenCases.read("losses.json");

  private static void assertClose(Tensor wanted, Tensor found, String what) {
    assertEquals(wanted.shape(), found.shape(), what);
    double[] expected = wanted.toDoubles();
    double[] actual = found.toDoubles();
    for (int i = 0; i < expected.length; i++) {
      double tolerance = TOLERANCE * Math.max(1, Math.abs(expected[i]));
      assertEquals(expected[i], actual[i], tolerance, what + " at " + i);
    }
  }

  @TestFactory
  Stream<DynamicTest> lossesAndTheirGradientsArePyTorchs() {
    return CASES.stream()
        .map(golden ->
            dynamicTest(
                golden.name(),
                () -> {
                  Given given = new Given(golden);
                  Variable loss = LOSSES.get(golden.name()).apply(given);
                  assertClose(golden.loss(), loss.value(), "loss");
                  Tensor weights =
                      Tensor.arange(loss.size(), DType.F64).cos().reshape(loss.shape());
                  Gradients found = loss.mul(Variable.constant(weights)).sum().backward();
                  golden
                      .gradients()
                      .forEach((name, gradient) ->
                          assertClose(gradient, found.get(given.of(name)), "gradient of " + name));
                }));
  }

  @Test
  void bothSidesHaveTheSameCases() {
    assertEquals(
        CASES.stream().map(GoldenCases.Case::name).collect(Collectors.toCollection(TreeSet::new)),
        LOSSES.keySet());
  }

  // ---- that none is missing ---------------------------------------------------------------------

  /// Every public record with a reduction, what implements [Loss], and the losses of adversaries.
  static Set<Class<?>> losses() throws Exception {
    Path root = Path.of(Loss.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Set<Class<?>> found = new java.util.LinkedHashSet<>(List.of(GANLoss.class));
    found.add(GradientPenalty.class);
    try (Stream<Path> files = Files.list(root.resolve("vectorgrad/nn"))) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".class") && !name.startsWith("package-info")) {
          Class<?> type = Class.forName("vectorgrad.nn." + name.substring(0, name.length() - 6));
          if (isLoss(type)) {
            found.add(type);
          }
        }
      }
    }
    return found;
  }

  private static boolean isLoss(Class<?> type) {
    return type.isRecord()
        && java.lang.reflect.Modifier.isPublic(type.getModifiers())
        && (Loss.class.isAssignableFrom(type)
            || Arrays.stream(type.getRecordComponents())
                .anyMatch(component -> component.getType() == Loss.Reduction.class));
  }

  @Test
  void noLossLacksAGoldenCase() throws Exception {
    Set<String> covered =
        CASES.stream()
            .map(golden -> golden.name().split(" ")[0])
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> losses =
        losses().stream().map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new));
    assertEquals(losses, covered);
    assertTrue(losses.size() > 20, losses::toString);
  }

  @Test
  void noLossLacksItsDocumentation() throws Exception {
    Path sources = Path.of("src/main/java/vectorgrad/nn");
    if (!Files.exists(sources)) {
      sources = Path.of("nn").resolve(sources);
    }
    String usual = Files.readString(sources.resolve("Losses.java"));
    for (Class<?> loss : losses()) {
      String name = loss.getSimpleName();
      String source = Files.readString(sources.resolve(name + ".java"));
      String comment = source.substring(0, source.indexOf("\npublic "));
      assertTrue(comment.contains("/// "), name + " has no comment");
      assertTrue(comment.contains("`"), name + " has no formula");
      if (loss.isRecord()) {
        for (var component : loss.getRecordComponents()) {
          assertTrue(comment.contains("@param " + component.getName() + " "), name);
        }
      }
      assertTrue(usual.contains("[" + name + "]"), name + " is not in Losses");
    }
  }

  @Test
  void theReparametrisedDrawHasTheGaussiansMoments() {
    Variable mean = Variable.leaf(Tensor.of(1.0, -2.0).unsqueeze(0).expand(20_000, 2));
    Variable logVariance = Variable.leaf(Tensor.of(0.0, 2.0).unsqueeze(0).expand(20_000, 2));
    Variable z = ELBO.sample(mean, logVariance, Seed.of(1));
    // five standard errors of a mean (σ/√n) and of a variance (σ²·√(2/n))
    double[] means = z.value().mean(0).toDoubles();
    assertEquals(1, means[0], 5 / Math.sqrt(20_000));
    assertEquals(-2, means[1], 5 * Math.E / Math.sqrt(20_000));
    double[] variances = z.value().var(0).toDoubles();
    assertEquals(1, variances[0], 5 * Math.sqrt(2.0 / 20_000));
    assertEquals(Math.exp(2), variances[1], 5 * Math.exp(2) * Math.sqrt(2.0 / 20_000));
    Gradients gradients = z.sum().backward();
    assertArrayEquals(new double[] {1, 1}, gradients.get(mean).select(0, 0).toDoubles(), 0);
    assertFalse(gradients.get(logVariance).isnan().any().item() != 0);
  }
}
