package vectorgrad.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import vectorgrad.numerics.Precision;
import vectorgrad.tensor.Conv2dGeometry;

class ConvolutionTest {
  private static final int[] CHANNELS = {1, 2, 3, 9, 17};
  private static final int[] FILTERS = {1, 3, 13, 33};
  private static final int[] DEPTHWISE = {1, 2, 3, 7, 20};

  /// A convolution with its operands.
  @SuppressWarnings("ArrayRecordComponent") // nobody compares it
  private record Case(Unfolding u, double[] x, double[] weight, double[] dy) {
    static Case random(Random r) {
      int groups = r.nextInt(3) == 0 ? 2 : 1;
      var g =
          new Conv2dGeometry(
              1 + r.nextInt(3),
              1 + r.nextInt(2) * r.nextInt(2),
              r.nextInt(3),
              r.nextInt(3),
              1 + r.nextInt(2),
              1 + r.nextInt(2),
              groups);
      int channels = CHANNELS[r.nextInt(CHANNELS.length)];
      int[] x = {1 + r.nextInt(9), groups * channels, 1 + r.nextInt(10), 1 + r.nextInt(25)};
      int[] w = {
        groups * FILTERS[r.nextInt(FILTERS.length)], channels, 1 + r.nextInt(5), 1 + r.nextInt(5)
      };
      return of(r, x, w, g);
    }

    /// A convolution with filters of 3×3 that moves by one.
    static Case three(Random r) {
      var g = new Conv2dGeometry(1, 1, r.nextInt(3), r.nextInt(3), 1, 1, 1);
      int channels = CHANNELS[r.nextInt(CHANNELS.length)];
      int[] x = {1 + r.nextInt(9), channels, 1 + r.nextInt(12), 1 + r.nextInt(25)};
      return of(r, x, new int[] {FILTERS[r.nextInt(FILTERS.length)], channels, 3, 3}, g);
    }

    /// A convolution whose filters see one channel each.
    static Case depthwise(Random r) {
      int channels = DEPTHWISE[r.nextInt(DEPTHWISE.length)];
      boolean three = r.nextBoolean();
      int stride = r.nextBoolean() ? 1 : 2 + r.nextInt(2);
      var g =
          new Conv2dGeometry(
              r.nextInt(4) == 0 ? 3 - stride % 3 : stride,
              stride,
              r.nextInt(4),
              r.nextInt(4),
              three ? 1 : 1 + r.nextInt(3),
              three ? 1 : 1 + r.nextInt(3),
              channels);
      int[] w = {channels * (1 + r.nextInt(3)), 1, 3, 3};
      if (!three) {
        w[2] = 1 + r.nextInt(5);
        w[3] = 1 + r.nextInt(5);
      }
      int[] x = {1 + r.nextInt(4), channels, 1 + r.nextInt(15), 1 + r.nextInt(37)};
      return of(r, x, w, g);
    }

    static Case of(Random r, int[] x, int[] w, Conv2dGeometry g) {
      var u = new Unfolding(x, w, g);
      return new Case(
          u,
          numbers(r, u.pictures * u.pictureSize()),
          numbers(r, u.filters * u.depth),
          numbers(r, u.pictures * u.filters * u.pixels));
    }

    @Override
    public String toString() {
      return "x (%d, %d, %d, %d) weight (%d, %d, %d, %d) %s"
          .formatted(
              u.pictures,
              u.channels,
              u.height,
              u.width,
              u.filters,
              u.groupChannels,
              u.kernelH,
              u.kernelW,
              u.geometry);
    }
  }

  /// Whole numbers so small that every sum is exact: whoever forgets or repeats a term is caught by
  /// bits.
  private static double[] numbers(Random r, int count) {
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = r.nextInt(9) - 4;
    }
    return numbers;
  }

  private static double[] fractions(Random r, int count) {
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) r.nextGaussian();
    }
    return numbers;
  }

  @Property(tries = 30)
  void theFastVersionsFollowTheSevenLoops(@ForAll long seed) {
    Case c = Case.random(new Random(seed));
    Assume.that(c.u.pixels > 0);
    for (Precision precision : Precision.values()) {
      KernelReading.all(precision).forEach(reading -> assertFollowsTheLoops(reading, c));
    }
  }

  @Property(tries = 30)
  void fewerMultiplicationsGiveTheSame(@ForAll long seed) {
    Case c = Case.three(new Random(seed));
    Assume.that(c.u.pixels > 0);
    for (Precision precision : Precision.values()) {
      KernelReading.all(precision).forEach(reading -> assertFollowsTheLoops(reading, c));
    }
  }

  @Property(tries = 30)
  void filtersOfOneChannelGiveTheSame(@ForAll long seed) {
    Case c = Case.depthwise(new Random(seed));
    Assume.that(c.u.pixels > 0);
    assertTrue(Depthwise.pays(c.u));
    for (Precision precision : Precision.values()) {
      KernelReading.all(precision)
          .forEach(reading -> {
            assertArrayEquals(
                reading.forward("naive", c.u, c.x, c.weight),
                reading.forward("best", c.u, c.x, c.weight),
                "forward of " + c);
            assertArrayEquals(
                reading.inputGradient("naive", c.u, c.dy, c.weight),
                reading.inputGradient("best", c.u, c.dy, c.weight),
                "input gradient of " + c);
            assertArrayEquals(
                reading.weightGradient("naive", c.u, c.dy, c.x),
                reading.weightGradient("best", c.u, c.dy, c.x),
                "weight gradient of " + c);
          });
    }
  }

  private static void assertFollowsTheLoops(KernelReading reading, Case c) {
    double[] y = reading.forward("naive", c.u, c.x, c.weight);
    assertArrayEquals(y, reading.forward("unfold", c.u, c.x, c.weight), "unfolding " + c);
    assertArrayEquals(y, reading.forward("strips", c.u, c.x, c.weight), "forward of " + c);
    assertArrayEquals(y, reading.forward("winograd", c.u, c.x, c.weight), "winograd of " + c);
    double[] dx = reading.inputGradient("naive", c.u, c.dy, c.weight);
    assertArrayEquals(dx, reading.inputGradient("fold", c.u, c.dy, c.weight), "folding " + c);
    assertArrayEquals(
        dx, reading.inputGradient("turned", c.u, c.dy, c.weight), "input gradient of " + c);
    assertArrayEquals(
        dx, reading.inputGradient("winograd", c.u, c.dy, c.weight), "winograd, input, of " + c);
    double[] dw = reading.weightGradient("naive", c.u, c.dy, c.x);
    assertArrayEquals(
        dw, reading.weightGradient("tables", c.u, c.dy, c.x), "weight gradient of " + c);
    assertArrayEquals(
        dw, reading.weightGradient("winograd", c.u, c.dy, c.x), "winograd, weight, of " + c);
  }

  @Test
  void longSumsAreCutIntoBlocks() {
    var g = new Conv2dGeometry(1, 1, 1, 1, 1, 1, 1);
    var r = new Random(1);
    Case channels = Case.of(r, new int[] {2, 90, 4, 5}, new int[] {3, 90, 3, 3}, g);
    Case filters = Case.of(r, new int[] {2, 2, 4, 5}, new int[] {400, 2, 3, 3}, g);
    Case pixels = Case.of(r, new int[] {2, 1, 21, 22}, new int[] {3, 1, 3, 3}, g);
    for (Case c : List.of(channels, filters, pixels)) {
      KernelReading.all(Precision.SINGLE).forEach(reading -> assertFollowsTheLoops(reading, c));
    }
  }

  @Property(tries = 20)
  void neitherLanesNorThreadsShowInTheBits(@ForAll long seed) {
    var r = new Random(seed);
    Unfolding u = Case.random(r).u;
    Assume.that(u.pixels > 0);
    assertSameBits(r, u, "strips", "turned", "tables");
  }

  @Property(tries = 20)
  void neitherLanesNorThreadsShowInTheBitsOfFewerMultiplications(@ForAll long seed) {
    var r = new Random(seed);
    Unfolding u = Case.three(r).u;
    Assume.that(u.pixels > 0);
    assertSameBits(r, u, "winograd", "winograd", "winograd");
  }

  @Property(tries = 30)
  void neitherLanesNorThreadsShowInTheBitsOfOneChannel(@ForAll long seed) {
    var r = new Random(seed);
    Unfolding u = Case.depthwise(r).u;
    Assume.that(u.pixels > 0);
    assertSameBits(r, u, "best", "best", "best");
  }

  @Test
  void nothingOfOneChannelReachesAnother() {
    for (int stride = 1; stride <= 2; stride++) {
      for (int padding = 0; padding <= 1; padding++) {
        var g = new Conv2dGeometry(stride, stride, padding, padding, 1, 1, 3);
        for (int[] taps : new int[][] {{3, 3}, {2, 2}, {1, 1}}) {
          int[] weight = {3, 1, taps[0], taps[1]};
          Case c = Case.of(new Random(4), new int[] {2, 3, 7, 9}, weight, g);
          Arrays.fill(c.x, 63, 2 * 63, Double.NaN); // the second channel of the first picture
          Arrays.fill(c.dy, c.u.pixels, 2 * c.u.pixels, Double.NaN);
          for (Precision precision : Precision.values()) {
            KernelReading.all(precision)
                .forEach(reading -> {
                  assertOnlySecondOfSix(reading.forward("best", c.u, c.x, c.weight));
                  assertOnlySecondOfSix(reading.inputGradient("best", c.u, c.dy, c.weight));
                  double[] dw = reading.weightGradient("best", c.u, c.dy, c.x);
                  for (int i = 0; i < dw.length; i++) {
                    assertEquals(i / c.u.depth == 1, Double.isNaN(dw[i]));
                  }
                });
          }
        }
      }
    }
  }

  private static void assertOnlySecondOfSix(double[] y) {
    boolean some = false;
    for (int i = 0; i < y.length; i++) {
      some |= Double.isNaN(y[i]);
      assertTrue(i / (y.length / 6) == 1 || !Double.isNaN(y[i]));
    }
    assertTrue(some);
  }

  private static void assertSameBits(
      Random r, Unfolding u, String forward, String input, String gradient) {
    double[] x = fractions(r, u.pictures * u.pictureSize());
    double[] weight = fractions(r, u.filters * u.depth);
    double[] dy = fractions(r, u.pictures * u.filters * u.pixels);
    int before = Workers.threads();
    try {
      Workers.threads(1);
      KernelReading scalar = KernelReading.of(Precision.SINGLE, 0);
      double[] y = scalar.forward(forward, u, x, weight);
      double[] dx = scalar.inputGradient(input, u, dy, weight);
      double[] dw = scalar.weightGradient(gradient, u, dy, x);
      for (int threads : new int[] {1, 2, 7}) {
        Workers.threads(threads);
        KernelReading.all(Precision.SINGLE)
            .forEach(reading -> {
              assertArrayEquals(y, reading.forward(forward, u, x, weight));
              assertArrayEquals(dx, reading.inputGradient(input, u, dy, weight));
              assertArrayEquals(dw, reading.weightGradient(gradient, u, dy, x));
            });
      }
    } finally {
      Workers.threads(before);
    }
  }

  @Property(tries = 20)
  void theGradientsAreAdjointToTheConvolution(@ForAll long seed) {
    var r = new Random(seed);
    Unfolding u = Case.random(r).u;
    Assume.that(u.pixels > 0);
    double[] x = fractions(r, u.pictures * u.pictureSize());
    double[] weight = fractions(r, u.filters * u.depth);
    double[] dy = fractions(r, u.pictures * u.filters * u.pixels);
    KernelReading reading = KernelReading.of(Precision.DOUBLE, Lanes.bits());
    double forward = dot(reading.forward("strips", u, x, weight), dy);
    double tolerance = 1e-12 * (1 + norm(x) * norm(weight) * norm(dy));
    assertEquals(forward, dot(reading.inputGradient("turned", u, dy, weight), x), tolerance);
    assertEquals(forward, dot(reading.weightGradient("tables", u, dy, x), weight), tolerance);
  }

  @Test
  void fewerMultiplicationsAreForManyChannels() {
    var g = new Conv2dGeometry(1, 1, 1, 1, 1, 1, 1);
    for (int channels : new int[] {12, 32}) {
      var u = new Unfolding(new int[] {2, channels, 12, 12}, new int[] {32, channels, 3, 3}, g);
      var r = new Random(channels);
      double[] x = fractions(r, u.pictures * u.pictureSize());
      double[] weight = fractions(r, u.filters * u.depth);
      double[] dy = fractions(r, u.pictures * u.filters * u.pixels);
      KernelReading reading = KernelReading.of(Precision.SINGLE, Lanes.bits());
      boolean many = channels == 32;
      assertArrayEquals(
          reading.forward(many ? "winograd" : "strips", u, x, weight),
          best(Convolution::best, u, x, weight, dy.length));
      assertArrayEquals(
          reading.inputGradient(many ? "winograd" : "turned", u, dy, weight),
          best(ConvolutionInputGradient::best, u, dy, weight, x.length));
      assertArrayEquals(
          reading.weightGradient(many ? "winograd" : "tables", u, dy, x),
          best(ConvolutionWeightGradient::best, u, dy, x, weight.length));
    }
  }

  private static double[] best(
      Convolution.Pass pass, Unfolding u, double[] first, double[] second, int size) {
    float[] result = new float[size];
    pass.run(u, floats(first), 0, floats(second), 0, result, 0);
    double[] numbers = new double[size];
    Arrays.setAll(numbers, i -> result[i]);
    return numbers;
  }

  private static float[] floats(double[] numbers) {
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }

  @Test
  void fewerMultiplicationsRoundNoWorse() {
    var g = new Conv2dGeometry(1, 1, 1, 1, 1, 1, 1);
    var u = new Unfolding(new int[] {2, 64, 16, 16}, new int[] {8, 64, 3, 3}, g);
    var r = new Random(5);
    double[] x = fractions(r, u.pictures * u.pictureSize());
    double[] weight = fractions(r, u.filters * u.depth);
    KernelReading reading = KernelReading.of(Precision.SINGLE, Lanes.bits());
    double[] exact = KernelReading.of(Precision.DOUBLE, 0).forward("naive", u, x, weight);
    double strips = distance(exact, reading.forward("strips", u, x, weight));
    double winograd = distance(exact, reading.forward("winograd", u, x, weight));
    assertTrue(winograd > 0); // it is another sum
    assertTrue(winograd < strips, winograd + " " + strips);
  }

  private static double distance(double[] a, double[] b) {
    double[] difference = a.clone();
    Arrays.setAll(difference, i -> a[i] - b[i]);
    return norm(difference);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  @Test
  void nothingOfOnePictureReachesAnother() {
    var g = new Conv2dGeometry(1, 1, 2, 2, 1, 1, 1);
    Case c = Case.of(new Random(3), new int[] {3, 2, 7, 9}, new int[] {5, 2, 3, 3}, g);
    int size = c.u.pictureSize();
    Arrays.fill(c.x, size, 2 * size, Double.NaN);
    KernelReading.all(Precision.SINGLE)
        .forEach(reading -> {
          for (String name : new String[] {"strips", "winograd"}) {
            double[] y = reading.forward(name, c.u, c.x, c.weight);
            int each = y.length / 3;
            for (int i = 0; i < y.length; i++) {
              assertEquals(i / each == 1, Double.isNaN(y[i]));
            }
          }
        });
  }
}
