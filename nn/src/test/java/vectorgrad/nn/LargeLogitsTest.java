package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static vectorgrad.nn.Loss.Reduction.NONE;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Losses at logits of ±10⁴, in f32 and f64: value and gradient are what they are in exact
/// arithmetic, rounded, and the naive twin fails.
class LargeLogitsTest {
  private static final double BIG = 1e4;

  /// @param naive the definition
  /// @param loss the stable form, of the same input
  /// @param x the logits
  /// @param value the loss in exact arithmetic
  /// @param gradient its gradient
  private record Case(
      String name,
      Function<Variable, Variable> naive,
      Function<Variable, Variable> loss,
      Tensor x,
      double value,
      List<Double> gradient) {}

  private static Tensor of(double... numbers) {
    return Tensor.of(numbers);
  }

  private static Variable like(Variable x, double... numbers) {
    return Variable.constant(Tensor.of(numbers).to(x.dtype()));
  }

  private static Tensor zeros(Variable x) {
    return Tensor.fullLike(x.value(), 0);
  }

  private static Stream<Case> cases() {
    Tensor classes =
        of(BIG, 0, -BIG, -BIG, BIG, BIG).reshape(2, 3); // labels: the worst, one of two best
    Tensor labels = Tensor.of(2, 1);
    Tensor logits = of(BIG, -BIG, BIG, -BIG);
    double[] yes = {1, 1, 0, 0};
    double[] signs = {1, 1, -1, -1};
    return Stream.of(
        new Case(
            "CrossEntropy",
            x -> CrossEntropy.naive(x, labels),
            x -> Losses.crossEntropy(x, labels),
            classes,
            (2 * BIG + Math.log(2)) / 2,
            List.of(0.5, 0.0, -0.5, 0.0, -0.25, 0.25)),
        new Case(
            "CrossEntropy of probabilities",
            x -> x.exp().div(x.exp().sum(true, 1)).log().mul(like(x, 0, 0, 1)).sum(1).neg().mean(),
            x -> Losses.crossEntropy(x, like(x, 0, 0, 1, 0, 0, 1).value().reshape(2, 3)),
            classes,
            (2 * BIG + Math.log(2)) / 2,
            List.of(0.5, 0.0, -0.5, 0.0, 0.25, -0.25)),
        new Case(
            "BinaryCrossEntropyWithLogits",
            x -> BinaryCrossEntropyWithLogits.naive(x, like(x, yes)),
            x -> Losses.binaryCrossEntropyWithLogits(x, like(x, yes)),
            logits,
            BIG / 2,
            List.of(0.0, -0.25, 0.25, 0.0)),
        new Case(
            "BinaryCrossEntropyWithLogits, positives weighted",
            x -> BinaryCrossEntropyWithLogits.naive(x, like(x, yes)),
            x -> new BinaryCrossEntropyWithLogits().posWeight(Tensor.of(3.0)).of(x, like(x, yes)),
            logits,
            BIG,
            List.of(0.0, -0.75, 0.25, 0.0)),
        new Case(
            "SoftMargin",
            x -> SoftMargin.naive(x, like(x, signs)),
            x -> new SoftMargin().of(x, like(x, signs)),
            logits,
            BIG / 2,
            List.of(0.0, -0.25, 0.25, 0.0)),
        new Case(
            "NegativeSampling",
            x -> NegativeSampling.naive(x, x.unsqueeze(1)),
            x -> new NegativeSampling().of(x, x.unsqueeze(1)),
            logits,
            BIG,
            List.of(0.25, -0.25, 0.25, -0.25)),
        new Case(
            "CrossEntropy smoothed",
            x -> x.exp().div(x.exp().sum(true, 1)).log().mean().neg(),
            x -> new CrossEntropy().labelSmoothing(0.75).of(x, labels),
            classes,
            (1.75 * BIG + Math.log(2)) / 2,
            List.of(0.375, -0.125, -0.25, -0.125, 0.0, 0.125)),
        new Case(
            "NoiseContrastive",
            x -> x.exp().div(x.exp().add(1)).log().sub(x.exp().add(1).log()).mean().neg(),
            x -> new NoiseContrastive().of(x, x.unsqueeze(1), zeros(x), zeros(x).unsqueeze(1)),
            logits,
            BIG,
            List.of(0.25, -0.25, 0.25, -0.25)),
        new Case(
            "ELBO",
            x -> BinaryCrossEntropyWithLogits.naive(x, like(x, yes)),
            x ->
                new ELBO()
                    .of(
                        x.reshape(2, 2),
                        like(x, yes).value().reshape(2, 2),
                        Variable.constant(zeros(x).reshape(2, 2)),
                        Variable.constant(zeros(x).reshape(2, 2))),
            logits,
            BIG,
            List.of(0.0, -0.5, 0.5, 0.0)),
        new Case(
            "GANLoss, a generator that does not saturate",
            x -> x.sigmoid().log().mean().neg(),
            GANLoss.NON_SATURATING::generator,
            logits,
            BIG / 2,
            List.of(0.0, -0.25, 0.0, -0.25)),
        new Case(
            "GANLoss, a generator of the minimax game",
            x -> x.sigmoid().neg().add(1).log().mean(),
            GANLoss.MINIMAX::generator,
            logits,
            -BIG / 2,
            List.of(-0.25, 0.0, -0.25, 0.0)),
        new Case(
            "GANLoss",
            x -> GANLoss.naive(x, x),
            x -> GANLoss.NON_SATURATING.discriminator(x, x),
            logits,
            BIG,
            List.of(0.25, -0.25, 0.25, -0.25)));
  }

  @TestFactory
  Stream<DynamicTest> stableFormsAreRightWhereTheNaiveOnesFail() {
    return cases()
        .flatMap(each ->
            Stream.of(DType.F32, DType.F64)
                .map(dtype ->
                    dynamicTest(
                        each.name() + " in " + dtype,
                        () -> {
                          Variable x = Variable.leaf(each.x().to(dtype));
                          Variable naive = each.naive().apply(x);
                          assertFalse(Double.isFinite(naive.item()), "naive: " + naive.item());
                          assertTrue(naive.backward().get(x).isnan().any().item() != 0);

                          Variable loss = each.loss().apply(x);
                          double ulp = dtype == DType.F32 ? 0x1p-22 : 0x1p-51; // two roundings
                          assertEquals(each.value(), loss.item(), Math.abs(each.value()) * ulp);
                          assertArrayEquals(
                              each.gradient().stream().mapToDouble(d -> d).toArray(),
                              loss.backward().get(x).toDoubles(),
                              0);
                        })));
  }

  /// Losses without a logarithm or an exponential of what they are given, but of probabilities,
  /// their logarithms, or logarithms of rates, which are no logits.
  private static final Set<String> OF_NO_LOGITS =
      Set.of(
          "BinaryCrossEntropy",
          "CosineEmbedding",
          "GaussianNLL",
          "GradientPenalty",
          "Hinge",
          "HingeEmbedding",
          "Huber",
          "KLDivergence",
          "MAE",
          "MSE",
          "MarginRanking",
          "MultiMargin",
          "NLL",
          "PoissonNLL",
          "SmoothL1",
          "TripletMargin");

  @Test
  void noLossOfLogitsIsLeftOut() throws Exception {
    Set<String> tried = new TreeSet<>(OF_NO_LOGITS);
    cases().forEach(each -> tried.add(each.name().split("[ ,]")[0]));
    Set<String> losses = new TreeSet<>();
    LossGoldensTest.losses().forEach(loss -> losses.add(loss.getSimpleName()));
    assertEquals(losses, tried);
  }

  @Test
  void theNaiveFormsFailFromWhereTheirCommentsSay() {
    Tensor label = Tensor.of(0);
    for (double distance : new double[] {87, 88}) {
      Variable x = Variable.constant(Tensor.of(new float[] {(float) -distance, 0}, Shape.of(1, 2)));
      double infinite = x.softmax(1).gather(1, label.unsqueeze(1)).log().neg().item();
      assertEquals(distance == 88, Double.isInfinite(infinite));
      assertEquals(distance, Losses.crossEntropy(x, label).item(), 1e-5);
    }
    for (double logit : new double[] {88, 89}) {
      Variable x = Variable.constant(Tensor.of(new float[] {(float) logit, 0}, Shape.of(1, 2)));
      assertEquals(logit == 89, Double.isNaN(CrossEntropy.naive(x, label).item()));
      Variable sampled = Variable.constant(Tensor.of((float) logit));
      Variable sign = Variable.constant(Tensor.of(-1f));
      assertEquals(logit == 89, Double.isInfinite(SoftMargin.naive(sampled, sign).item()));
    }
    for (double logit : new double[] {16, 17}) {
      Variable x = Variable.constant(Tensor.of((float) logit));
      Variable zero = Variable.constant(Tensor.of(0f));
      double naive = BinaryCrossEntropyWithLogits.naive(x, zero).item();
      assertEquals(logit == 17, !Double.isFinite(naive), "at " + logit + ": " + naive);
      assertEquals(logit == 17, !Double.isFinite(GANLoss.naive(zero, x).item()));
    }
  }

  @Test
  void aConfidentRightAnswerIsNotFree() {
    // e^−40, which 1 + e^−40 has lost
    Variable z = Variable.leaf(Tensor.of(40.0, -40.0));
    Variable loss = new BinaryCrossEntropyWithLogits().reduction(NONE).of(z, Tensor.of(1.0, 0.0));
    double tiny = Math.exp(-40);
    assertArrayEquals(new double[] {tiny, tiny}, loss.value().toDoubles(), tiny * 1e-14);
    assertArrayEquals(
        new double[] {-tiny, tiny}, loss.sum().backward().get(z).toDoubles(), tiny * 1e-14);
  }

  @Test
  void probabilitiesOfZeroAndOneAreBounded() {
    Variable p = Variable.leaf(Tensor.of(0.0, 1.0));
    Variable loss = new BinaryCrossEntropy().reduction(NONE).of(p, Tensor.of(1.0, 0.0));
    assertArrayEquals(new double[] {100, 100}, loss.value().toDoubles(), 0);
    Gradients gradients = loss.sum().backward();
    assertArrayEquals(new double[] {-1e12, 1e12}, gradients.get(p).toDoubles(), 0);
  }
}
