package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.function.Executable;
import vectorgrad.numerics.Gaussian;
import vectorgrad.numerics.Philox;
import vectorgrad.tensor.spi.Draws;
import vectorgrad.tensor.spi.Elements;

/// Random numbers are the same everywhere, and of the distribution they are said to be of.
class DistributionTest {
  private static final int N = 40_000;

  /// Of a sample as odd as the one drawn; seeds are fixed.
  private static final double UNLIKELY = 1e-4;

  /// A distribution of users.
  private record Cauchy() implements Distribution.Inverse {
    @Override
    public DoubleUnaryOperator quantile() {
      return u -> StrictMath.tan(Math.PI * (u - 0.5));
    }
  }

  private static final List<Distribution> ALL =
      List.of(
          Distribution.uniform(),
          Distribution.uniform(-3, 5),
          Distribution.normal(),
          Distribution.normal(2, 0.5),
          Distribution.truncatedNormal(0, 1, -2, 2),
          Distribution.truncatedNormal(1, 2, 4, 9),
          Distribution.exponential(0.5),
          Distribution.gumbel(),
          Distribution.bernoulli(0.3),
          Distribution.integers(-5, 6),
          Distribution.integers(0, 256),
          Distribution.integers(0, (1L << 62) + 1),
          Distribution.integers(Long.MIN_VALUE, Long.MAX_VALUE),
          new Cauchy());

  private static List<DType> dtypes(Distribution distribution) {
    return Arrays.stream(DType.values()).filter(distribution::draws).toList();
  }

  private static double[] sample(Distribution distribution, long seed, int n) {
    DType dtype = dtypes(distribution).getLast();
    return Tensor.random(distribution, Seed.of(seed), 0, Shape.of(n), dtype, Device.CPU)
        .to(DType.F64)
        .toDoubles();
  }

  // ---- the same bits --------------------------------------------------------------------------

  @Property(tries = 10)
  @Checks({"random", "uniform", "normal"})
  void drawsAreTheSameOnEveryDeviceAndForAnyNumberOfThreads(
      @ForAll long seed, @ForAll long counter) {
    int before = Device.CPU.backend().threads();
    for (Distribution distribution : ALL) {
      for (DType dtype : dtypes(distribution)) {
        Shape shape = Shape.of(3, 17, 401); // of several tasks, the last not full
        Tensor there =
            Tensor.random(distribution, Seed.of(seed), counter, shape, dtype, Device.REFERENCE);
        for (int threads : new int[] {1, 3}) {
          try {
            Device.CPU.backend().threads(threads);
            Tensor here =
                Tensor.random(distribution, Seed.of(seed), counter, shape, dtype, Device.CPU);
            assertEquals(dtype, here.dtype());
            assertTrue(
                Arrays.equals(there.to(DType.F64).toDoubles(), here.to(DType.F64).toDoubles()));
          } finally {
            Device.CPU.backend().threads(before);
          }
        }
      }
    }
  }

  @Property(tries = 60)
  void partsOfADrawAreThoseOfTheWhole(
      @ForAll long seed, @ForAll @IntRange(max = 400) int a, @ForAll @IntRange(max = 400) int b) {
    for (Distribution distribution : ALL) {
      for (DType dtype : dtypes(distribution)) {
        Object whole = Elements.array(dtype, 400);
        Draws.fill(distribution, Seed.of(seed), -7, dtype, whole, 0, 400);
        Object part = Elements.array(dtype, 400);
        int from = Math.min(a, b);
        int to = Math.max(a, b);
        Draws.fill(distribution, Seed.of(seed), -7, dtype, part, from, to);
        for (int i = 0; i < 400; i++) {
          double expected = i >= from && i < to ? Elements.number(dtype, whole, i) : 0;
          assertEquals(expected, Elements.number(dtype, part, i));
        }
      }
    }
  }

  /// Written down once: changed bits change every recorded result.
  @Example
  void theBitsOfDrawsStayWhatTheyAre() {
    Seed seed = Seed.of(0x299f31d0a4093822L);
    int[] block = new int[4];
    Philox.block(seed.key(), 0, 5, block);
    float[] uniform = Tensor.uniform(seed, 5, Shape.of(4), DType.F32).toFloats();
    for (int i = 0; i < 4; i++) {
      assertEquals((block[i] >>> 8) / 16777216f, uniform[i]);
    }
    long bits = ((long) block[2] << 32) | (block[3] & 0xffffffffL);
    assertEquals(
        (bits >>> 11) / 0x1p53, Tensor.uniform(seed, 5, Shape.of(2), DType.F64).toDoubles()[1]);
    double radius = Math.sqrt(-2 * StrictMath.log(((block[2] & 0xffffffffL) + 1) / 0x1p32));
    double angle = 2 * Math.PI * ((block[3] & 0xffffffffL) / 0x1p32);
    double[] normal = Tensor.normal(seed, 5, Shape.of(4), DType.F64).toDoubles();
    assertEquals(radius * StrictMath.cos(angle), normal[2]);
    assertEquals(radius * StrictMath.sin(angle), normal[3]);
    double u = ((bits >>> 12) + 0.5) / 0x1p52;
    assertEquals(
        -StrictMath.log(u),
        Tensor.random(Distribution.exponential(1), seed, 5, Shape.of(2), DType.F64, Device.CPU)
            .toDoubles()[1]);
    assertArrayEquals(
        new boolean[] {bits >>> 11 < 0.25 * 0x1p53},
        Tensor.random(Distribution.bernoulli(0.25), seed, 5, Shape.of(2), DType.BOOL, Device.CPU)
            .slice(0, 1, 2)
            .toBooleans());
    assertEquals(
        Math.unsignedMultiplyHigh(bits, 1000),
        Tensor.random(Distribution.integers(0, 1000), seed, 5, Shape.of(2), DType.I64, Device.CPU)
            .toLongs()[1]);
  }

  // ---- distributions --------------------------------------------------------------------------

  private static void fits(Distribution distribution, DoubleUnaryOperator cumulative) {
    for (long seed = 1; seed <= 3; seed++) {
      double p = GoodnessOfFit.kolmogorovSmirnov(sample(distribution, seed, N), cumulative);
      assertTrue(p > UNLIKELY, () -> distribution + " has probability " + p);
    }
  }

  @Example
  void samplesFollowTheirCumulativeDistribution() {
    fits(Distribution.uniform(), x -> x);
    fits(Distribution.uniform(-3, 5), x -> (x + 3) / 8);
    fits(Distribution.normal(), Gaussian::cumulative);
    fits(Distribution.normal(2, 0.5), x -> Gaussian.cumulative((x - 2) / 0.5));
    fits(Distribution.exponential(0.5), x -> 1 - Math.exp(-0.5 * x));
    fits(Distribution.gumbel(), x -> Math.exp(-Math.exp(-x)));
    fits(new Cauchy(), x -> Math.atan(x) / Math.PI + 0.5);
    for (double[] cut :
        new double[][] {
          {0, 1, -2, 2}, {0, 1, -0.1, 5}, {1, 2, 4, 9}, {0, 1, -9, -8}, {0, 1, 30, 31}
        }) {
      // the upper tail as the lower one, where Φ is exact
      double sign = cut[2] > cut[0] ? -1 : 1;
      DoubleUnaryOperator below = x -> Gaussian.cumulative(sign * (x - cut[0]) / cut[1]);
      double start = below.applyAsDouble(cut[2]);
      double end = below.applyAsDouble(cut[3]);
      fits(
          Distribution.truncatedNormal(cut[0], cut[1], cut[2], cut[3]),
          x -> (below.applyAsDouble(x) - start) / (end - start));
    }
    fits(
        Distribution.truncatedNormal(0, 1, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
        Gaussian::cumulative);
  }

  /// Four standard errors, which one sample in 16,000 leaves.
  private static void moments(Distribution distribution, double mean, double variance) {
    double[] x = sample(distribution, 11, N);
    double average = Arrays.stream(x).average().orElseThrow();
    double spread = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    double fourth = Arrays.stream(x).map(v -> Math.pow(v - mean, 4)).average().orElseThrow();
    assertEquals(mean, average, 4 * Math.sqrt(variance / N));
    assertEquals(variance, spread, 4 * Math.sqrt((fourth - spread * spread) / N));
  }

  @Example
  void momentsAreThoseOfTheFormulas() {
    moments(Distribution.uniform(-3, 5), 1, 64 / 12.0);
    moments(Distribution.normal(), 0, 1);
    moments(Distribution.normal(2, 0.5), 2, 0.25);
    moments(Distribution.truncatedNormal(0, 1, -2, 2), 0, 0.7737413035499232);
    moments(Distribution.exponential(0.5), 2, 4);
    moments(Distribution.gumbel(), 0.5772156649015329, Math.PI * Math.PI / 6);
    moments(Distribution.bernoulli(0.3), 0.3, 0.21);
    moments(Distribution.integers(-5, 6), 0, 10);
  }

  @Example
  void everyIntegerIsAsLikelyAsAnyOther() {
    for (int n : new int[] {2, 3, 11, 256}) {
      long[] counts = new long[n];
      for (double x : sample(Distribution.integers(-1, n - 1), n, N)) {
        counts[(int) x + 1]++;
      }
      assertTrue(GoodnessOfFit.chiSquare(counts) > UNLIKELY);
    }
    // one of four words is rejected on the way, or some numbers would come up twice as often
    long[] thirds = new long[3];
    long n = (1L << 62) + (1L << 61); // 2⁶⁴ mod n is 2⁶²
    Tensor x =
        Tensor.random(
            Distribution.integers(0, n), Seed.of(1), 0, Shape.of(N), DType.I64, Device.CPU);
    for (long value : x.toLongs()) {
      thirds[(int) (value >>> 61)]++;
    }
    assertTrue(GoodnessOfFit.chiSquare(thirds) > UNLIKELY);
  }

  @Example
  void limitsAreKeptInEveryDType() {
    double high = 1 + 0x1p-30; // between two floats
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      Tensor x =
          Tensor.random(
              Distribution.uniform(1, high), Seed.of(1), 0, Shape.of(N), dtype, Device.CPU);
      assertTrue(x.min().item() >= 1 && x.max().item() < high);
    }
    double[] cut = sample(Distribution.truncatedNormal(0, 1, 50, 51), 1, 100);
    assertEquals(50, Arrays.stream(cut).max().orElseThrow());
    double[] ends = sample(Distribution.integers(0, 2), 1, 100);
    assertArrayEquals(new double[] {0, 1}, Arrays.stream(ends).distinct().sorted().toArray());
  }

  /// Neighbours in a draw, neighbouring counters, neighbouring keys, and the draws of folded seeds.
  @Example
  void neighboursKnowNothingOfEachOther() {
    double[] x = sample(Distribution.uniform(), 5, N);
    for (int lag = 1; lag <= 8; lag++) {
      uncorrelated(x, Arrays.copyOfRange(x, lag, x.length));
    }
    var streams = new ArrayList<double[]>();
    for (long counter : new long[] {0, 1L << 20, 1L << 40}) {
      streams.add(Tensor.uniform(Seed.of(5), counter, Shape.of(N), DType.F64).toDoubles());
    }
    streams.add(sample(Distribution.uniform(), 6, N));
    streams.add(Tensor.uniform(Seed.of(5).fold(0), 0, Shape.of(N), DType.F64).toDoubles());
    streams.add(Tensor.uniform(Seed.of(5).fold(1), 0, Shape.of(N), DType.F64).toDoubles());
    for (int i = 0; i < streams.size(); i++) {
      for (int j = 0; j < i; j++) {
        uncorrelated(streams.get(i), streams.get(j));
      }
    }
    double[] normal = sample(Distribution.normal(), 5, N); // both of a pair share a radius
    double[] squares = Arrays.stream(normal).map(v -> Gaussian.cumulative(v)).toArray();
    uncorrelated(squares, Arrays.copyOfRange(squares, 1, N));
  }

  /// Of uniform numbers: the correlation of n pairs is normal, with deviation `1 / √n`.
  private static void uncorrelated(double[] x, double[] y) {
    int n = Math.min(x.length, y.length);
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += (x[i] - 0.5) * (y[i] - 0.5);
    }
    assertEquals(0, 12 * sum / n, 4 / Math.sqrt(n));
  }

  /// Triples of neighbours fill a cube evenly, which the generators of old did not.
  @Example
  void triplesFillTheCube() {
    double[] x = sample(Distribution.uniform(), 8, 3 * N);
    long[] counts = new long[512];
    for (int i = 0; i < N; i++) {
      counts[64 * (int) (8 * x[3 * i]) + 8 * (int) (8 * x[3 * i + 1]) + (int) (8 * x[3 * i + 2])]++;
    }
    assertTrue(GoodnessOfFit.chiSquare(counts) > UNLIKELY);
  }

  // ---- errors ---------------------------------------------------------------------------------

  private static void refuses(String text, Executable call) {
    assertEquals(text.strip(), assertThrows(TensorException.class, call).getMessage());
  }

  @Example
  void whatIsNoDistributionIsRefused() {
    refuses("uniform: there is nothing from 2.0 to 2.0", () -> Distribution.uniform(2, 2));
    refuses(
        "normal: no normal distribution has mean 0.0 and standard deviation -1.0",
        () -> Distribution.normal(0, -1));
    refuses(
        "truncatedNormal: no normal distribution has mean 0.0 and standard deviation 0.0",
        () -> Distribution.truncatedNormal(0, 0, -1, 1));
    refuses(
        "truncatedNormal: there is nothing from 1.0 to NaN",
        () -> Distribution.truncatedNormal(0, 1, 1, Double.NaN));
    refuses("exponential: the rate is not positive, 0.0", () -> Distribution.exponential(0));
    refuses("bernoulli: no probability is 1.5", () -> Distribution.bernoulli(1.5));
    refuses("integers: there is nothing from 3 to 3", () -> Distribution.integers(3, 3));
    refuses(
        """
        random: this distribution does not draw i32
          from   Integers[low=0, high=4294967296]
          draws  i64
          help   convert the result with to(DType.I32)
        """,
        () ->
            Tensor.random(
                Distribution.integers(0, 1L << 32),
                Seed.of(1),
                0,
                Shape.of(2),
                DType.I32,
                Device.CPU));
  }
}
