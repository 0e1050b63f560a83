package vectorgrad.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

class MixupTest {
  private static final int DRAWS = 20_000;

  /// Sample i has the inputs (i, −i) and the class i mod 3.
  private static Dataset data(int samples) {
    float[] inputs = new float[2 * samples];
    int[] labels = new int[samples];
    for (int i = 0; i < samples; i++) {
      inputs[2 * i] = i;
      inputs[2 * i + 1] = -i;
      labels[i] = i % 3;
    }
    return Dataset.of(Samples.of(inputs, Shape.of(2)), labels, List.of("a", "b", "c"));
  }

  private static List<float[]> contents(Pass pass) {
    List<float[]> all = new ArrayList<>();
    pass.forEachRemaining(batch -> {
      all.add(batch.images().toFloats());
      all.add(batch.labels().to(DType.F32).toFloats());
    });
    return all;
  }

  private static void assertSame(List<float[]> expected, List<float[]> found) {
    assertEquals(expected.size(), found.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), found.get(i));
    }
  }

  private static double[] shares(double alpha) {
    Mixup mixup = new Mixup(alpha, Seed.of(7));
    double[] shares = new double[DRAWS];
    Arrays.setAll(shares, i -> mixup.share(Seed.of(7).fold(i)));
    return shares;
  }

  /// Mean ½ and variance `1 / (4·(2α + 1))`, within five standard errors.
  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.2, 1, 3, 50})
  void sharesHaveTheMomentsOfTheBetaDistribution(double alpha) {
    double[] shares = shares(alpha);
    double variance = 1 / (4 * (2 * alpha + 1));
    double mean = Arrays.stream(shares).average().orElseThrow();
    assertEquals(0.5, mean, 5 * Math.sqrt(variance / DRAWS));
    double squares = Arrays.stream(shares).map(x -> (x - 0.5) * (x - 0.5)).average().orElseThrow();
    // the fourth moment is at most a quarter of the second
    assertEquals(variance, squares, 5 * Math.sqrt(variance / 4 / DRAWS));
    assertTrue(Arrays.stream(shares).allMatch(x -> x >= 0 && x <= 1));
  }

  /// Kolmogorov's distance is above 1.95 / √n once in a thousand samples.
  @Test
  void sharesAreDistributedEvenlyForOneAndByTheArcsineForAHalf() {
    assertDistributed(x -> x, 1);
    assertDistributed(x -> 2 / Math.PI * Math.asin(Math.sqrt(x)), 0.5);
  }

  private static void assertDistributed(DoubleUnaryOperator cumulative, double alpha) {
    double[] shares = shares(alpha);
    Arrays.sort(shares);
    double distance = 0;
    for (int i = 0; i < DRAWS; i++) {
      double expected = cumulative.applyAsDouble(shares[i]);
      distance = Math.max(distance, Math.abs(expected - (i + 0.5) / DRAWS));
    }
    assertTrue(distance < 1.95 / Math.sqrt(DRAWS), "distance " + distance);
  }

  @Test
  void everyBatchIsAMixOfItselfAndAPermutationOfItself() {
    Loader plain = data(10).shuffled(Seed.of(1)).batches(4);
    Loader mixed = plain.mixup(1, Seed.of(2));
    List<Batch> originals = new ArrayList<>();
    plain.epoch(3).forEachRemaining(batch -> originals.add(batch.keep()));
    Mixup mixup = mixed.mixup().orElseThrow();
    try (Pass pass = mixed.epoch(3)) {
      for (int b = 0; pass.hasNext(); b++) {
        Batch batch = pass.next();
        int n = batch.size();
        Mixup.Mix mix = mixup.of(3, b, n);
        Tensor partners = Tensor.of(mix.partners());
        assertEquals(Shape.of(n, 3), batch.labels().shape());
        Tensor images = originals.get(b).images();
        Tensor expected =
            images.mul(mix.share()).add(images.indexSelect(0, partners).mul(1 - mix.share()));
        // one rounding here, three there, of numbers up to 9
        assertArrayEquals(expected.toFloats(), batch.images().toFloats(), 3e-6f);
        float[] sums = batch.labels().sum(1).toFloats();
        int[] labels = originals.get(b).labels().toInts();
        for (int i = 0; i < n; i++) {
          assertEquals(1, sums[i], 2e-7f);
          boolean same = labels[i] == labels[mix.partners()[i]];
          double own = batch.labels().toFloats()[3 * i + labels[i]];
          assertEquals(same ? 1 : mix.share(), own, 1e-7);
        }
      }
    }
  }

  @Test
  void aVanishingAlphaGivesTheSamplesAsTheyAre() {
    Loader plain = data(12).shuffled(Seed.of(1)).batches(4);
    Loader mixed = plain.mixup(1e-9, Seed.of(2));
    for (int epoch = 0; epoch < 5; epoch++) {
      List<float[]> expected = contents(plain.epoch(epoch));
      List<float[]> found = contents(mixed.epoch(epoch));
      for (int b = 0; b < 3; b++) {
        // in order, or permuted: λ is 1 or 0
        float[] before = expected.get(2 * b);
        float[] after = found.get(2 * b);
        Arrays.sort(before);
        Arrays.sort(after);
        assertArrayEquals(before, after);
        for (float target : found.get(2 * b + 1)) {
          assertTrue(target == 0 || target == 1);
        }
      }
    }
  }

  @Test
  void theMixDependsOnSeedEpochAndBatchAlone() {
    Loader mixed = data(23).shuffled(Seed.of(1)).batches(4).mixup(0.3, Seed.of(2));
    List<float[]> expected = contents(mixed.epoch(6));
    assertSame(expected, contents(mixed.prefetch(0).epoch(6)));
    assertSame(expected, contents(mixed.prefetch(5).epoch(6)));
    assertSame(expected.subList(6, expected.size()), contents(mixed.epoch(6, 3))); // in the middle
    assertFalse(Arrays.equals(expected.getFirst(), contents(mixed.epoch(7)).getFirst()));
    Loader other = data(23).shuffled(Seed.of(1)).batches(4).mixup(0.3, Seed.of(3));
    assertFalse(Arrays.equals(expected.getFirst(), contents(other.epoch(6)).getFirst()));
  }

  @Test
  void numbersAreMixedAsTheyAreAndKeptBatchesStay() {
    Tensor column = Tensor.of(0f, 1f, 2f, 3f, 4f, 5f).reshape(6, 1);
    Loader mixed = Dataset.of(column, column.mul(10)).batches(2).mixup(1, Seed.of(5));
    List<Batch> kept = new ArrayList<>();
    mixed.epoch(0).forEachRemaining(batch -> kept.add(batch.keep()));
    for (Batch batch : kept) {
      assertArrayEquals(
          batch.inputs().mul(10).toFloats(), batch.targets().toFloats(), 1e-5f); // linear
    }
    assertTrue(kept.get(0).inputs().max().item() <= 1);
    assertTrue(kept.get(2).inputs().min().item() >= 4);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void anAlphaThatIsNoneIsRefused(double alpha) {
    assertEquals(
        """
        mixup: alpha must be above 0, found %s
          rule   the share of a sample is drawn from Beta(alpha, alpha)
          help   0.2 is usual; leave mixup out to mix nothing\
        """
            .formatted(alpha),
        assertThrows(
                IllegalArgumentException.class, () -> data(4).batches(2).mixup(alpha, Seed.of(1)))
            .getMessage());
  }
}
