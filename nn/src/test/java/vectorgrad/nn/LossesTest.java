package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import vectorgrad.autograd.GradCheck;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

class LossesTest {
  private static final Tensor LOGITS = Tensor.normal(Seed.of(1), 0, Shape.of(4, 5), DType.F64);
  private static final Tensor LABELS = Tensor.of(2, 0, 4, 2);

  /// The definition, without care for overflow.
  private static double naiveCrossEntropy(double[] logits, int[] labels, int classes) {
    double loss = 0;
    for (int n = 0; n < labels.length; n++) {
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += Math.exp(logits[n * classes + c]);
      }
      loss -= Math.log(Math.exp(logits[n * classes + labels[n]]) / sum);
    }
    return loss / labels.length;
  }

  @Test
  void crossEntropyIsTheDefinition() {
    double naive = naiveCrossEntropy(LOGITS.toDoubles(), LABELS.toInts(), 5);
    assertEquals(naive, Losses.crossEntropy(Variable.constant(LOGITS), LABELS).item(), 1e-12);
    double smooth = Losses.crossEntropy(Variable.constant(LOGITS), LABELS, 0.1).item();
    double uniform = LOGITS.logSoftmax(1).mean().item();
    assertEquals(0.9 * naive - 0.1 * uniform, smooth, 1e-12);
  }

  @Test
  void crossEntropyDoesNotOverflowWhereTheDefinitionDoes() {
    double[] extreme = {1e4, 0, -1e4, -1e4, 1e4, 0};
    assertTrue(Double.isNaN(naiveCrossEntropy(extreme, new int[] {0, 1}, 3)));
    Variable logits = Variable.leaf(Tensor.of(extreme, Shape.of(2, 3)));
    Variable loss = Losses.crossEntropy(logits, Tensor.of(0, 0));
    assertEquals(1e4, loss.item());
    assertArrayEquals(
        new double[] {0, 0, 0, -0.5, 0.5, 0}, loss.backward().get(logits).toDoubles());
  }

  @Test
  void binaryCrossEntropyDoesNotOverflowEither() {
    Variable logits = Variable.leaf(Tensor.of(1e4, -1e4, 0));
    Variable loss = Losses.binaryCrossEntropyWithLogits(logits, Tensor.of(1.0, 1.0, 0.5));
    assertEquals((0 + 1e4 + Math.log(2)) / 3, loss.item(), 1e-9);
    assertTrue(Double.isFinite(loss.backward().get(logits).sum().item()));
  }

  @Test
  void gradientsAgreeWithDifferences() {
    Tensor target = Tensor.normal(Seed.of(2), 0, Shape.of(4, 5), DType.F64);
    GradCheck.of(xs -> Losses.crossEntropy(xs.get(0), LABELS), LOGITS).orThrow();
    GradCheck.of(xs -> Losses.crossEntropy(xs.get(0), LABELS, 0.2), LOGITS).orThrow();
    GradCheck.of(xs -> Losses.mse(xs.get(0), xs.get(1)), LOGITS, target).orThrow();
    GradCheck.of(xs -> Losses.mae(xs.get(0), xs.get(1)), LOGITS, target).orThrow();
    GradCheck.of(xs -> Losses.binaryCrossEntropyWithLogits(xs.get(0), target.sigmoid()), LOGITS)
        .orThrow();
  }

  @Test
  void theUsualFormsAreTheRecordsDefaults() {
    Variable x = Variable.constant(LOGITS);
    Variable y = x.sin();
    Tensor t = y.value();
    Tensor signs = t.sign();
    Tensor pairs = signs.select(1, 0);
    Variable p = x.sigmoid();
    Tensor q = t.sigmoid();
    Variable log = x.logSoftmax(1);
    assertEquals(new MSE().of(x, t).item(), Losses.mse(x, t).item());
    assertEquals(new MAE().of(x, t).item(), Losses.mae(x, t).item());
    assertEquals(new Huber().of(x, t).item(), Losses.huber(x, t).item());
    assertEquals(new SmoothL1().of(x, t).item(), Losses.smoothL1(x, t).item());
    assertEquals(new PoissonNLL().of(x, q).item(), Losses.poissonNLL(x, q).item());
    assertEquals(new GaussianNLL().of(x, t, p).item(), Losses.gaussianNLL(x, t, p).item());
    assertEquals(new BinaryCrossEntropy().of(p, q).item(), Losses.binaryCrossEntropy(p, q).item());
    assertEquals(
        new BinaryCrossEntropyWithLogits().of(x, q).item(),
        Losses.binaryCrossEntropyWithLogits(x, q).item());
    assertEquals(new NLL().of(log, LABELS).item(), Losses.nll(log, LABELS).item());
    assertEquals(new MultiMargin().of(x, LABELS).item(), Losses.multiMargin(x, LABELS).item());
    assertEquals(new KLDivergence().of(log, q).item(), Losses.klDivergence(log, q).item());
    assertEquals(new Hinge().of(x, signs).item(), Losses.hinge(x, signs).item());
    assertEquals(new SoftMargin().of(x, signs).item(), Losses.softMargin(x, signs).item());
    assertEquals(new HingeEmbedding().of(x, signs).item(), Losses.hingeEmbedding(x, signs).item());
    assertEquals(
        new CosineEmbedding().of(x, y, pairs).item(), Losses.cosineEmbedding(x, y, pairs).item());
    assertEquals(
        new MarginRanking().of(x, y, signs).item(), Losses.marginRanking(x, y, signs).item());
    assertEquals(new TripletMargin().of(x, y, p).item(), Losses.tripletMargin(x, y, p).item());
    Variable drawn = x.unsqueeze(1);
    assertEquals(
        new NegativeSampling().of(x, y, drawn).item(), Losses.negativeSampling(x, y, drawn).item());
    Variable scores = x.select(1, 0);
    assertEquals(
        new NoiseContrastive().of(scores, y, pairs, signs).item(),
        Losses.noiseContrastive(scores, y, pairs, signs).item());
    assertEquals(new ELBO().of(x, q, y, p).item(), Losses.elbo(x, q, y, p).item());
  }

  @Test
  void labelsThatDoNotFitAreRefused() {
    assertEquals(
        """
        CrossEntropy: the labels do not fit the logits
          logits (4, 5)   N C
          labels (3)      N
          rule   one row of logits and one label for each example\
        """,
        assertThrows(
                ShapeException.class,
                () -> Losses.crossEntropy(Variable.constant(LOGITS), Tensor.of(0, 1, 2)))
            .getMessage());
  }

  @Test
  void descentLearnsXor() {
    Tensor x = Tensor.of(new float[] {0, 0, 0, 1, 1, 0, 1, 1}, Shape.of(4, 2));
    Tensor y = Tensor.of(new float[] {0, 1, 1, 0}, Shape.of(4, 1));
    Sequential model =
        Layers.sequential(Layers.linear(2, 8), Layers.tanh(), Layers.linear(8, 1))
            .initialize(Seed.of(1));
    for (int step = 0; step < 2000; step++) {
      var gradients = Losses.mse(model.forward(x), y).backward();
      for (var p : model.parameters()) {
        p.set(p.value().sub(gradients.get(p).mul(0.2)));
      }
    }
    float[] found = model.forward(x).value().toFloats();
    assertArrayEquals(new float[] {0, 1, 1, 0}, found, 0.1f);
  }
}
