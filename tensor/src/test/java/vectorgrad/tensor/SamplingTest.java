package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.function.Executable;

/// Draws that are compared, ordered or searched: truth by a tensor of probabilities, permutations,
/// indices by weight.
class SamplingTest {
  private static final double UNLIKELY = 1e-4;
  private static final double[] WEIGHTS = {3, 0, 1, 2, 0.5};
  private static final double[] SHARES =
      Arrays.stream(WEIGHTS).map(weight -> weight / 6.5).toArray();

  private static Tensor weights(int rows) {
    return Tensor.of(WEIGHTS).expand(Shape.of(rows, 5));
  }

  // ---- bernoulli ------------------------------------------------------------------------------

  @Property(tries = 30)
  @Checks("bernoulli")
  void truthIsWhereAUniformNumberIsBelowTheProbability(@ForAll long seed) {
    for (Device device : new Device[] {Device.CPU, Device.REFERENCE}) {
      var nasty = new Nasty(seed, device);
      Tensor p = nasty.tensor(nasty.shape(), DType.F32).sigmoid();
      Model probabilities = Model.of(p);
      Model uniform = Model.of(Tensor.uniform(Seed.of(seed), 9, p.shape(), DType.F64));
      new Model(p.shape(), i -> uniform.get(i) < probabilities.get(i) ? 1 : 0)
          .assertMatches(Tensor.bernoulli(Seed.of(seed), 9, p), 0);
    }
  }

  @Example
  void certaintyIsCertain() {
    Tensor p = Tensor.of(0.0, 1.0).unsqueeze(1).expand(Shape.of(2, 10_000));
    Tensor truth = Tensor.bernoulli(Seed.of(1), 0, p).to(DType.F64).sum(1);
    assertArrayEquals(new double[] {0, 10_000}, truth.toDoubles());
  }

  // ---- permutations ---------------------------------------------------------------------------

  @Example
  @Checks("permutation")
  void everyPermutationIsAsLikelyAsAnyOther() {
    long[] counts = new long[256];
    double[] possible = new double[256];
    for (int seed = 0; seed < 12_000; seed++) {
      int number = 0;
      for (int place : Tensor.permutation(Seed.of(3).fold(seed), 4).toInts()) {
        number = 4 * number + place;
      }
      counts[number]++;
    }
    for (int i = 0; i < 256; i++) {
      long distinct =
          Arrays.stream(new int[] {i >> 6, i >> 4 & 3, i >> 2 & 3, i & 3}).distinct().count();
      possible[i] = distinct == 4 ? 1 / 24.0 : 0;
    }
    assertTrue(GoodnessOfFit.chiSquare(counts, possible) > UNLIKELY);
  }

  // ---- multinomial ----------------------------------------------------------------------------

  @Example
  @Checks("multinomial")
  void indicesComeUpAsOftenAsTheirWeightsSay() {
    for (Device device : new Device[] {Device.CPU, Device.REFERENCE}) {
      Tensor drawn = Tensor.multinomial(Seed.of(2), 0, Tensor.of(WEIGHTS).to(device), 20_000, true);
      assertEquals(Shape.of(20_000), drawn.shape());
      assertEquals(device, drawn.device());
      assertTrue(GoodnessOfFit.chiSquare(counts(drawn, 5), SHARES) > UNLIKELY);
    }
  }

  private static long[] counts(Tensor indices, int n) {
    long[] counts = new long[n];
    for (int index : indices.toInts()) {
      counts[index]++;
    }
    return counts;
  }

  @Example
  void withoutReplacementTheFirstTwoAreAsDrawnOneAfterTheOther() {
    Tensor drawn = Tensor.multinomial(Seed.of(4), 0, weights(20_000), 2, false);
    assertEquals(Shape.of(20_000, 2), drawn.shape());
    int[] indices = drawn.toInts();
    long[] pairs = new long[25];
    double[] expected = new double[25];
    for (int i = 0; i < indices.length; i += 2) {
      pairs[5 * indices[i] + indices[i + 1]]++;
    }
    for (int first = 0; first < 5; first++) {
      for (int second = 0; second < 5; second++) {
        if (first != second) {
          expected[5 * first + second] = SHARES[first] * SHARES[second] / (1 - SHARES[first]);
        }
      }
    }
    assertTrue(GoodnessOfFit.chiSquare(pairs, expected) > UNLIKELY);
  }

  @Property(tries = 40)
  void withoutReplacementNoIndexComesTwice(@ForAll long seed) {
    var nasty = new Nasty(seed, Device.CPU);
    Tensor weights =
        nasty.tensor(nasty.shape().rank() == 0 ? Shape.of(3) : nasty.shape(), DType.F64);
    if (weights.rank() == 0) {
      return;
    }
    int k = weights.size(-1);
    int[] drawn = Tensor.multinomial(Seed.of(seed), 0, weights.exp(), k, false).toInts();
    for (int row = 0; row * k < drawn.length; row++) {
      int[] sorted = Arrays.stream(drawn, row * k, (row + 1) * k).sorted().toArray();
      assertArrayEquals(Tensor.arange(k, DType.I32).toInts(), sorted);
    }
  }

  @Example
  void sizesOfWeightsDoNotMatterAndRoundingLeadsToNoIndexWithoutWeight() {
    Tensor tiny = Tensor.of(WEIGHTS).mul(1e-300);
    assertArrayEquals(
        Tensor.multinomial(Seed.of(2), 0, Tensor.of(WEIGHTS), 1000, true).toInts(),
        Tensor.multinomial(Seed.of(2), 0, tiny, 1000, true).toInts());
    Tensor last = Tensor.of(0, Double.MIN_VALUE, 0);
    assertArrayEquals(
        new long[] {0, 100, 0}, counts(Tensor.multinomial(Seed.of(2), 0, last, 100, true), 3));
    assertEquals(Shape.of(5, 0), Tensor.multinomial(Seed.of(2), 0, weights(5), 0, false).shape());
  }

  // ---- errors ---------------------------------------------------------------------------------

  private static void refuses(String text, Executable call) {
    assertEquals(text.strip(), assertThrows(TensorException.class, call).getMessage());
  }

  @Example
  void whatIsNoProbabilityOrWeightIsRefused() {
    refuses(
        """
        bernoulli: found 1.5
          shape  (2)
          rule   all elements are from 0 to 1
        """,
        () -> Tensor.bernoulli(Seed.of(1), 0, Tensor.of(0.5, 1.5)));
    refuses(
        """
        bernoulli: needs floating numbers, found i32
          shape  (1)
          help   convert with to(DType.F64)
        """,
        () -> Tensor.bernoulli(Seed.of(1), 0, Tensor.of(1)));
    refuses(
        """
        multinomial: found -1.0
          shape  (2)
          rule   all elements are finite, not negative
        """,
        () -> Tensor.multinomial(Seed.of(1), 0, Tensor.of(1.0, -1.0), 1, true));
    refuses(
        """
        multinomial: too few weights are above 0
          shape  (5, 5)
          row    0
          found  4
          wanted 5, without replacement
        """,
        () -> Tensor.multinomial(Seed.of(1), 0, weights(5), 5, false));
    refuses(
        """
        multinomial: too few weights are above 0
          shape  (2)
          row    0
          found  0
          wanted 1
        """,
        () -> Tensor.multinomial(Seed.of(1), 0, Tensor.of(0.0, 0.0), 7, true));
    refuses(
        """
        multinomial: cannot draw 1 indices of ()
          rule   weights are (…, K), the count is not negative
        """,
        () -> Tensor.multinomial(Seed.of(1), 0, Tensor.scalar(1.0), 1, true));
  }
}
