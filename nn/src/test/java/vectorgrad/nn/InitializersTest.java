package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// Initial distributions by their moments: mean and variance within five standard errors (one draw
/// in a million would miss that, and the seed is fixed), bounds exactly.
class InitializersTest {
  private static final double ERRORS = 5;
  private static final int FAN_IN = 32 * 9;
  private static final int FAN_OUT = 64 * 9;

  private static Tensor draw(Initializer initializer, DType dtype, int... sizes) {
    return initializer.initial(Tensor.zeros(Shape.of(sizes), dtype), Seed.of(4));
  }

  /// @param variance of the distribution
  /// @param kurtosis its fourth moment over the square of its variance: 3 of the normal, 1.8 of the
  ///   uniform distribution
  /// @param bound no number is larger in size
  private record Case(
      String name, Initializer initializer, double variance, double kurtosis, double bound) {}

  private static Case uniform(String name, Initializer initializer, double variance) {
    return new Case(name, initializer, variance, 1.8, Math.sqrt(3 * variance));
  }

  private static Case normal(String name, Initializer initializer, double variance) {
    return new Case(name, initializer, variance, 3, Double.POSITIVE_INFINITY);
  }

  private static Stream<Case> cases() {
    double both = FAN_IN + FAN_OUT;
    double leaky = Math.pow(Gain.leakyRelu(0.2), 2);
    return Stream.of(
        uniform("uniform", Initializer.uniform(-2, 2), 16.0 / 12),
        normal("normal", Initializer.normal(0, 0.3), 0.09),
        // of a normal cut at two deviations: 1 − 4·φ(2) / (2·Φ(2) − 1), and the kurtosis likewise
        new Case(
            "truncatedNormal", Initializer.truncatedNormal(0.3), 0.09 * 0.7737413, 2.3655, 0.6),
        uniform("xavierUniform", Initializer.xavierUniform(), 2 / both),
        uniform("xavierUniform for tanh", Initializer.xavierUniform(Gain.TANH), 2 / both * 25 / 9),
        normal("xavierNormal", Initializer.xavierNormal(), 2 / both),
        normal("xavierNormal for tanh", Initializer.xavierNormal(Gain.TANH), 2 / both * 25 / 9),
        uniform("kaimingUniform", Initializer.kaimingUniform(), 2.0 / FAN_IN),
        uniform("kaimingUniform of √5", Initializer.kaimingUniform(Math.sqrt(5)), 1.0 / 3 / FAN_IN),
        uniform(
            "kaimingUniform backward",
            Initializer.kaimingUniform(Initializer.Fan.OUT, Gain.leakyRelu(0.2)),
            leaky / FAN_OUT),
        normal("kaimingNormal", Initializer.kaimingNormal(), 2.0 / FAN_IN),
        normal("kaimingNormal of 0.2", Initializer.kaimingNormal(0.2), leaky / FAN_IN),
        normal(
            "kaimingNormal backward",
            Initializer.kaimingNormal(Initializer.Fan.OUT, Gain.RELU),
            2.0 / FAN_OUT),
        uniform("lecunUniform", Initializer.lecunUniform(), 1.0 / FAN_IN),
        normal("lecunNormal", Initializer.lecunNormal(), 1.0 / FAN_IN));
  }

  @TestFactory
  Stream<DynamicTest> numbersHaveTheMomentsOfTheirDistribution() {
    return cases()
        .flatMap(each ->
            Stream.of(DType.F32, DType.F64)
                .map(dtype ->
                    dynamicTest(
                        each.name() + " in " + dtype,
                        () -> {
                          Tensor weight = draw(each.initializer(), dtype, 64, 32, 3, 3);
                          assertEquals(dtype, weight.dtype());
                          double[] x = weight.toDoubles();
                          int n = x.length;
                          double mean = Arrays.stream(x).sum() / n;
                          double variance = Arrays.stream(x).map(v -> v * v).sum() / n;
                          double deviation = Math.sqrt(each.variance());
                          assertEquals(0, mean, ERRORS * deviation / Math.sqrt(n));
                          double error = each.variance() * Math.sqrt((each.kurtosis() - 1) / n);
                          assertEquals(each.variance(), variance, ERRORS * error);
                          double largest = Arrays.stream(x).map(Math::abs).max().orElseThrow();
                          assertTrue(largest <= each.bound() * (1 + 1e-6), "rounded to f32");
                          if (Double.isFinite(each.bound())) { // and the bound is met, nearly
                            assertTrue(largest > 0.99 * each.bound(), "largest " + largest);
                          }
                        })));
  }

  @Test
  void constantsAreWhatTheySay() {
    assertArrayEquals(
        new double[] {0.5, 0.5}, draw(Initializer.constant(0.5), DType.F32, 2).toDoubles());
    assertArrayEquals(new double[] {0, 0}, draw(Initializer.zeros(), DType.F64, 2).toDoubles());
    assertArrayEquals(new double[] {1, 1}, draw(Initializer.ones(), DType.F64, 2).toDoubles());
  }

  @TestFactory
  Stream<DynamicTest> orthogonalWeightsAreOrthogonalToTheLastBits() {
    return Stream.of(
            new int[] {7, 7},
            new int[] {5, 20},
            new int[] {20, 5},
            new int[] {8, 3, 3, 3},
            new int[] {1, 4},
            new int[] {4, 1})
        .map(sizes ->
            dynamicTest(
                Arrays.toString(sizes),
                () -> {
                  Tensor w = draw(Initializer.orthogonal(1.5), DType.F64, sizes).flatten(1);
                  boolean tall = w.size(0) > w.size(1);
                  Tensor product = tall ? w.transpose().matmul(w) : w.matmul(w.transpose());
                  Tensor wanted = Tensor.eye(Math.min(w.size(0), w.size(1)), DType.F64).mul(2.25);
                  assertEquals(wanted.shape(), product.shape());
                  // a sum of 20 products, each rounded
                  assertArrayEquals(wanted.toDoubles(), product.toDoubles(), 20 * 0x1p-52);
                }));
  }

  @Test
  void gainsArePyTorchs() {
    // torch.nn.init.calculate_gain, 1.13
    Map<Double, Double> gains =
        Map.of(
            1.0, Gain.LINEAR,
            1.6666666666666667, Gain.TANH,
            1.4142135623730951, Gain.RELU,
            1.4142135623730950, Gain.leakyRelu(0),
            1.4141428569978354, Gain.leakyRelu(0.01),
            1.3867504905630728, Gain.leakyRelu(0.2),
            0.75, Gain.SELU);
    gains.forEach((wanted, found) -> assertEquals(wanted, found, 0x1p-52));
    assertEquals(1, Gain.SIGMOID);
  }

  @Test
  void aStackOfReluLayersKeepsTheSpreadOfItsInput() {
    // what the gain is for: 20 layers, and the second moment stays within a factor of 2
    for (double gain : new double[] {Gain.RELU, Gain.LINEAR}) {
      Tensor x = Tensor.normal(Seed.of(1), 0, Shape.of(32, 256), DType.F64);
      for (int layer = 0; layer < 20; layer++) {
        Tensor w =
            Initializer.kaimingNormal(Initializer.Fan.IN, gain)
                .initial(Tensor.zeros(Shape.of(256, 256), DType.F64), Seed.of(layer));
        x = x.relu().matmul(w.transpose());
      }
      double moment = x.square().mean().item();
      assertEquals(gain == Gain.RELU, moment > 0.5 && moment < 2, "second moment " + moment);
    }
  }

  @Test
  void anIdentityPassesOnWhatItIsGiven() {
    Tensor x = Tensor.normal(Seed.of(2), 0, Shape.of(3, 4), DType.F64);
    Tensor wide = draw(Initializer.identity(), DType.F64, 6, 4);
    assertArrayEquals(
        x.pad(1, 0, 2).toDoubles(), x.matmul(wide.transpose()).contiguous().toDoubles(), 0);
    assertArrayEquals(
        new double[] {1, 0, 0, 0, 1, 0}, draw(Initializer.identity(), DType.F32, 2, 3).toDoubles());
  }

  @Test
  void aDiracConvolutionPassesItsChannelsOn() {
    Tensor x = Tensor.normal(Seed.of(3), 0, Shape.of(2, 4, 5, 6), DType.F64);
    Conv2dGeometry same = Conv2dGeometry.DEFAULT.padding(1, 1);
    Tensor w = draw(Initializer.dirac(), DType.F64, 4, 4, 3, 3);
    assertArrayEquals(x.toDoubles(), x.conv2d(w, same).toDoubles(), 0);
    Tensor grouped = draw(Initializer.dirac(2), DType.F64, 4, 2, 3, 3);
    assertArrayEquals(x.toDoubles(), x.conv2d(grouped, same.groups(2)).toDoubles(), 0);
    // as torch.nn.init.dirac_ of (3, 2, 4): more filters than channels, an even kernel
    assertArrayEquals(
        new double[] {0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0},
        draw(Initializer.dirac(), DType.F64, 3, 2, 4).toDoubles(),
        0);
  }

  @Test
  void sparseColumnsHaveTheirShareOfZeros() {
    Tensor w = draw(Initializer.sparse(0.31, 0.5), DType.F32, 100, 60);
    double[] zeros = w.eq(0).to(DType.F64).sum(0).toDoubles();
    double[] wanted = new double[60];
    Arrays.fill(wanted, 31);
    assertArrayEquals(wanted, zeros);
    int n = 69 * 60;
    double variance = w.to(DType.F64).square().sum().item() / n;
    assertEquals(0.25, variance, ERRORS * 0.25 * Math.sqrt(2.0 / n));
    assertNotEquals(
        Arrays.toString(w.select(1, 0).eq(0).toBooleans()),
        Arrays.toString(w.select(1, 1).eq(0).toBooleans()));
  }

  @Test
  void weightsOfTheWrongShapeAreRefused() {
    assertEquals(
        """
        identity: the weight has 3 axes
          weight (2, 2, 1)
          rule   a weight is (out, in)\
        """,
        refused(Initializer.identity(), 2, 2, 1));
    assertEquals(
        """
        dirac: 4 filters in 3 groups
          weight (4, 1, 3)
          rule   each group has as many filters\
        """,
        refused(Initializer.dirac(3), 4, 1, 3));
    assertEquals(
        "orthogonal: a weight has at least two axes, found (3)",
        refused(Initializer.orthogonal(), 3));
    assertEquals(
        "sparse: the sparsity must be between 0 and 1, found 1.5",
        assertThrows(IllegalArgumentException.class, () -> Initializer.sparse(1.5, 1))
            .getMessage());
    assertEquals(
        "dirac: there must be at least one group, found 0",
        assertThrows(IllegalArgumentException.class, () -> Initializer.dirac(0)).getMessage());
  }

  private static String refused(Initializer initializer, int... sizes) {
    return assertThrows(ShapeException.class, () -> draw(initializer, DType.F64, sizes))
        .getMessage();
  }
}
