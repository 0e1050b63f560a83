package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// Reductions beyond sums, over nasty shapes and layouts and any axes, against models that look at
/// each element in float64.
abstract class StatisticsContract {
  /// Rounded once to f32 at the end, of numbers of about the size of 1.
  private static final double ROUNDED = 2e-7;

  /// Sums of exponentials in f32.
  private static final double ACCUMULATED = 2e-5;

  private static final double EXACT = 1e-12;

  private static final DType[] FLOATS = {DType.F32, DType.F64, DType.F16, DType.BF16};

  abstract Device device();

  /// Half a unit in the last place of a half, where computing took `wide` at most.
  private static double tolerance(DType dtype, double wide) {
    return switch (dtype) {
      case F16 -> 0x1p-11 + wide;
      case BF16 -> 0x1p-8 + wide;
      case F32 -> wide;
      default -> EXACT;
    };
  }

  private interface Reducing {
    Tensor over(Tensor x, boolean keepDim, int... axes);
  }

  private void reduction(
      long seed,
      DType dtype,
      double tolerance,
      boolean ofNothing,
      Reducing operation,
      ToDoubleFunction<double[]> model) {
    var nasty = new Nasty(seed, device());
    Tensor x = nasty.tensor(nasty.shape(), dtype);
    int[] axes = Slices.axes(x.shape(), nasty.random());
    if (x.size() > 0 || ofNothing) {
      Tensor kept = operation.over(x, true, axes);
      Slices.of(x, axes, model).assertMatches(kept, tolerance);
      Tensor dropped = operation.over(x, false, axes);
      assertEquals(Slices.dropped(x.shape(), axes), dropped.shape());
      assertArrayEquals(kept.toDoubles(), dropped.toDoubles());
    }
  }

  @Property(tries = 40)
  @Checks({"mean", "var", "std", "prod"})
  void spreadFollowsItsDefinition(@ForAll long seed) {
    for (DType dtype : DType.values()) {
      double tolerance = tolerance(dtype, ROUNDED);
      reduction(
          seed,
          dtype,
          tolerance(dtype, ACCUMULATED),
          true,
          Tensor::mean,
          v -> DoubleStream.of(v).sum() / v.length);
      reduction(seed, dtype, tolerance, true, (x, k, a) -> x.var(1, k, a), v -> variance(v, 1));
      reduction(seed, dtype, tolerance, true, (x, k, a) -> x.var(0, k, a), v -> variance(v, 0));
      reduction(
          seed,
          dtype,
          tolerance,
          true,
          (x, k, a) -> x.std(1, k, a),
          v -> Math.sqrt(variance(v, 1)));
    }
    reduction(
        seed,
        DType.F64,
        EXACT,
        true,
        Tensor::prod,
        v -> DoubleStream.of(v).reduce(1, (a, b) -> a * b));
  }

  private static double variance(double[] v, int correction) {
    double mean = DoubleStream.of(v).sum() / v.length;
    double squares = DoubleStream.of(v).map(x -> (x - mean) * (x - mean)).sum();
    return squares / Math.max(0, v.length - correction);
  }

  @Property(tries = 10)
  @Checks({"var", "std"})
  void aMeanFarLargerThanTheSpreadCostsNothing(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    float[] values = new float[10_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (1e6 + nasty.random().nextGaussian());
    }
    Tensor x = Tensor.of(values).to(device());
    double[] exact = Model.of(x).shape().size() > 0 ? x.toDoubles() : new double[0];
    assertEquals(variance(exact, 1), x.var().item(), 1e-6);
    assertEquals(Math.sqrt(variance(exact, 1)), x.std().item(), 1e-6);
  }

  @Property(tries = 30)
  @Checks("norm")
  void normsFollowTheirDefinition(@ForAll long seed) {
    for (DType dtype : DType.values()) {
      if (dtype == DType.F16) {
        continue; // the norm for p = 0.5 leaves its range
      }
      double tolerance = tolerance(dtype, ROUNDED);
      for (double p : new double[] {0, 1, 2, 3, 0.5, 2.5}) {
        reduction(seed, dtype, tolerance, true, (x, k, a) -> x.norm(p, k, a), v -> norm(v, p));
      }
      for (double p : new double[] {-1, -2, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
        reduction(seed, dtype, tolerance, false, (x, k, a) -> x.norm(p, k, a), v -> norm(v, p));
      }
    }
    var nasty = new Nasty(seed, device());
    Tensor whole = nasty.tensor(nasty.shape(), DType.I32);
    assertEquals(norm(whole.toDoubles(), 2), whole.norm(), 1e-10);
    assertEquals(norm(whole.toDoubles(), 3), whole.norm(3).item(), 1e-10);
  }

  private static double norm(double[] v, double p) {
    DoubleStream sizes = DoubleStream.of(v).map(Math::abs);
    if (p == 0) {
      return sizes.filter(x -> x != 0).count();
    } else if (Double.isInfinite(p)) {
      return (p > 0 ? sizes.max() : sizes.min()).orElseThrow();
    }
    return Math.pow(sizes.map(x -> Math.pow(x, p)).sum(), 1 / p);
  }

  @Property(tries = 10)
  @Checks("norm")
  void normsDoNotOverflowOnTheWay(@ForAll long seed) {
    for (double size : new double[] {1e300, 1e-300}) {
      Tensor x = Tensor.of(3 * size, -4 * size).to(device());
      assertEquals(5 * size, x.norm(), 1e-15 * size);
      assertEquals(5 * size, x.norm(2).item(), 1e-15 * size);
      assertEquals(4.497941445275415 * size, x.norm(3).item(), 1e-14 * size); // ∛91
      assertEquals(12 / 7. * size, x.norm(-1).item(), 1e-14 * size);
    }
    Tensor f = Tensor.of(0x1p127f, 0x1p100f, 0f).to(device());
    assertEquals(0x1p127, f.norm(2).item(), 1e31);
    assertEquals(0x1p127, f.norm(9).item(), 1e32);
    Tensor tiny = Tensor.of(3 * Float.MIN_VALUE, -4 * Float.MIN_VALUE).to(device());
    assertEquals(5 * (double) Float.MIN_VALUE, tiny.norm(), 1e-60);
    double infinity = Double.POSITIVE_INFINITY;
    for (double p : new double[] {0.5, 1, 2, 3, infinity}) {
      assertEquals(infinity, Tensor.of(1, -infinity).to(device()).norm(p).item());
      assertEquals(0, Tensor.of(0., 0.).to(device()).norm(p).item());
      assertTrue(Double.isNaN(Tensor.of(1, Double.NaN).to(device()).norm(p).item()));
    }
    assertEquals(0, Tensor.of(2., 0.).to(device()).norm(-1).item());
    assertEquals(2, Tensor.of(2., infinity).to(device()).norm(-1).item(), 1e-15);
    assertEquals(infinity, Tensor.of(infinity, -infinity).to(device()).norm(-2).item());
  }

  @Property(tries = 30)
  @Checks("logsumexp")
  void logsumexpIsStable(@ForAll long seed) {
    for (DType dtype : DType.values()) {
      reduction(
          seed,
          dtype,
          tolerance(dtype, ACCUMULATED),
          true,
          Tensor::logsumexp,
          v -> Math.log(DoubleStream.of(v).map(Math::exp).sum()));
    }
    double infinity = Double.POSITIVE_INFINITY;
    double[] rows = {1000, 1000, -infinity, -infinity, infinity, -infinity, Double.NaN, infinity};
    Tensor x = Tensor.of(rows, Shape.of(4, 2)).to(device());
    double[] expected = {1000 + Math.log(2), -infinity, infinity, Double.NaN};
    assertArrayEquals(expected, x.logsumexp(1).toDoubles(), 1e-12);
    Tensor whole = Tensor.of(1, 2, 3).to(device());
    assertEquals(DType.F64, whole.logsumexp().dtype());
    assertEquals(3.40760596444438, whole.logsumexp().item(), 1e-13); // SciPy 1.11
  }

  @Property(tries = 30)
  @Checks({"nansum", "nanmean"})
  void nansAreLeftOut(@ForAll long seed) {
    for (DType dtype : FLOATS) {
      double tolerance = tolerance(dtype, ACCUMULATED);
      Reducing hollow = (x, k, a) -> keeping(x, k, a, hollow(x).nansum(a));
      reduction(seed, dtype, tolerance, true, hollow, v -> numbers(v).sum());
      reduction(
          seed,
          dtype,
          tolerance,
          true,
          (x, k, a) -> keeping(x, k, a, hollow(x).nanmean(a)),
          v -> numbers(v).average().orElse(Double.NaN));
    }
    Tensor whole = Tensor.of(1, 2, 4).to(device());
    assertEquals(7, whole.nansum().item());
  }

  private static Tensor hollow(Tensor x) {
    return Tensor.where(x.lt(0), x.mul(Double.NaN), x);
  }

  private static DoubleStream numbers(double[] v) {
    return DoubleStream.of(v).filter(x -> !(x < 0));
  }

  private static Tensor keeping(Tensor x, boolean keepDim, int[] axes, Tensor result) {
    return keepDim ? result.reshape(Reductions.kept(x.shape(), axes)) : result;
  }

  @Property(tries = 40)
  @Checks({"dist", "cosineSimilarity"})
  void distancesAndAnglesBroadcast(@ForAll long seed) {
    for (DType dtype : DType.values()) {
      var nasty = new Nasty(seed, device());
      Shape shape = nasty.shape();
      Tensor x = nasty.tensor(shape, dtype);
      Tensor y = nasty.tensor(nasty.broadcastable(shape), dtype);
      Model a = Model.of(x);
      Model b = Model.of(y);
      double tolerance = tolerance(dtype, 1e-6);
      Model difference = new Model(shape, at -> a.get(at) - b.broadcastAt(at));
      for (double p : new double[] {1, 2, 3}) {
        Slices.of(shape, difference, new int[0], v -> norm(v, p))
            .assertMatches(x.dist(y, p).reshape(Reductions.kept(shape)), tolerance);
      }
      if (shape.rank() > 0) {
        int axis = nasty.random().nextInt(shape.rank());
        int[] axes = {axis};
        Model xy = new Model(shape, at -> a.get(at) * b.broadcastAt(at));
        Model yy = new Model(shape, at -> Math.pow(b.broadcastAt(at), 2));
        Model products = Slices.of(shape, xy, axes, v -> DoubleStream.of(v).sum());
        Model left = Slices.of(x, axes, v -> Math.max(1e-8, norm(v, 2)));
        Model right =
            Slices.of(shape, yy, axes, v -> Math.max(1e-8, Math.sqrt(DoubleStream.of(v).sum())));
        new Model(shape.with(axis, 1), at -> products.get(at) / (left.get(at) * right.get(at)))
            .assertMatches(x.cosineSimilarity(y, axis).unsqueeze(axis), tolerance);
      }
    }
  }

  @Property(tries = 40)
  @Checks("cdist")
  void cdistMeasuresEveryPair(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    var r = nasty.random();
    int d = r.nextInt(6);
    Tensor x = nasty.tensor(Shape.of(2, 1 + r.nextInt(9), d), DType.F64);
    Tensor y = nasty.tensor(Shape.of(1 + r.nextInt(9), d), DType.F64);
    Model a = Model.of(x);
    Model b = Model.of(y);
    double p = 1 + r.nextInt(3);
    new Model(
            Shape.of(2, x.size(1), y.size(0)),
            at -> {
              double[] v = new double[d];
              Arrays.setAll(v, i -> a.get(at[0], at[1], i) - b.get(at[2], i));
              return norm(v, p);
            })
        .assertMatches(x.cdist(y, p), EXACT);
  }

  @Property(tries = 40)
  @Checks({"any", "all"})
  void anyAndAllAskEveryElement(@ForAll long seed) {
    for (DType dtype : DType.values()) {
      DoubleUnaryOperator one = x -> x != 0 ? 1 : 0;
      reduction(
          seed, dtype, 0, true, Tensor::any, v -> DoubleStream.of(v).map(one).max().orElse(0));
      reduction(
          seed, dtype, 0, true, Tensor::all, v -> DoubleStream.of(v).map(one).min().orElse(1));
    }
    assertEquals(DType.BOOL, Tensor.of(1f, 0f).to(device()).any().dtype());
    assertEquals(1, Tensor.of(Float.NaN).to(device()).all().item());
  }

  @Property(tries = 30)
  @Checks({"argmax", "argmin", "maxWithIndices", "minWithIndices"})
  void extremesAreFoundWhereTheyAreFirst(@ForAll long seed) {
    for (DType dtype : DType.values()) {
      var nasty = new Nasty(seed, device());
      Tensor x = nasty.tensor(nasty.shape(), dtype);
      if (x.size() == 0) {
        return;
      }
      assertEquals(first(x.toDoubles(), 1), x.argmax().item());
      assertEquals(first(x.toDoubles(), -1), x.argmin().item());
      for (int axis = -x.rank(); axis < x.rank(); axis++) {
        int[] axes = {axis};
        Model largest = Slices.of(x, axes, v -> first(v, 1));
        Model smallest = Slices.of(x, axes, v -> first(v, -1));
        largest.assertMatches(x.argmax(axis, true), 0);
        smallest.assertMatches(x.argmin(axis, true), 0);
        assertEquals(DType.I32, x.argmin(axis).dtype());
        Chosen max = x.maxWithIndices(axis, true);
        Chosen min = x.minWithIndices(axis, true);
        largest.assertMatches(max.indices(), 0);
        smallest.assertMatches(min.indices(), 0);
        Slices.of(x, axes, v -> v[first(v, 1)]).assertMatches(max.values(), 0);
        Slices.of(x, axes, v -> v[first(v, -1)]).assertMatches(min.values(), 0);
        assertEquals(x.argmin(axis).shape(), x.minWithIndices(axis, false).values().shape());
      }
    }
    Tensor nan = Tensor.of(1f, Float.NaN, -1f, Float.NaN).to(device());
    assertEquals(1, nan.argmin().item());
    assertEquals(1, nan.argmax().item());
  }

  /// The first place of the largest element, of the smallest for a negative `sign`.
  private static int first(double[] v, int sign) {
    int best = 0;
    for (int i = 1; i < v.length; i++) {
      best = sign * v[i] > sign * v[best] ? i : best;
    }
    return best;
  }

  @Test
  void anAxisIsReducedOnce() {
    LayoutTest.assertMessage(
        """
        reduce: axis -1 is named twice
          shape  (2, 3)\
        """,
        () -> Tensor.zeros(Shape.of(2, 3), DType.F32, device()).sum(1, -1));
  }
}
