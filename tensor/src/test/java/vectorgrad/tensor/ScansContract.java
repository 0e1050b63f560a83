package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// What every scan must find, against a model that goes along the axis for each element anew.
abstract class ScansContract {
  /// One rounding of a sum in float64, and a few of its terms.
  private static final double F64 = 1e-12;

  /// The last rounding of f32.
  private static final double F32 = 1e-6;

  /// One rounding of 16 bits, at the size of the numbers here.
  private static final double HALF = 0.05;

  abstract Device device();

  private Tensor draw(Nasty nasty, boolean floating) {
    Random r = nasty.random();
    DType[] dtypes = DType.values();
    DType dtype = dtypes[r.nextInt(dtypes.length)];
    if (floating && !dtype.isFloating()) {
      dtype = DType.F64;
    }
    Tensor x = nasty.tensor(nasty.shape(), dtype);
    if (dtype.isFloating() && r.nextInt(3) == 0) {
      x = Tensor.where(x.lt(1), x, r.nextBoolean() ? x.div(0) : x.mul(0).div(0)); // ∞ or NaN
    }
    return x;
  }

  private static double tolerance(Tensor x) {
    return x.dtype().bytes() == 2 ? HALF : x.dtype() == DType.F32 ? F32 : F64;
  }

  /// The elements along `axis` up to an index, joined from the first on.
  private static Model scanned(Tensor x, int axis, double start, DoubleBinaryOperator join) {
    Model m = Model.of(x);
    return new Model(
        x.shape(),
        at -> {
          double total = start;
          int[] index = at.clone();
          for (index[axis] = 0; index[axis] <= at[axis]; index[axis]++) {
            total = join.applyAsDouble(total, m.get(index));
          }
          return total;
        });
  }

  @Property(tries = 80)
  @Checks({"cumsum", "cumprod", "logcumsumexp"})
  void aScanJoinsTheElementsSoFar(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Tensor x = draw(nasty, false);
    if (x.rank() == 0) {
      return;
    }
    int axis = nasty.random().nextInt(x.rank());
    Tensor sums = x.cumsum(axis - x.rank());
    DType counted = x.dtype().isFloating() ? x.dtype() : DType.I64;
    assertEquals(counted, sums.dtype());
    scanned(x, axis, 0, Double::sum).assertMatches(sums, tolerance(x));
    Tensor few = x.slice(axis, 0, 7); // products of many leave every format
    assertEquals(counted, few.cumprod(axis).dtype());
    scanned(few, axis, 1, (a, b) -> a * b).assertMatches(few.cumprod(axis), tolerance(x));
    if (x.dtype().isFloating()) {
      scanned(x, axis, Double.NEGATIVE_INFINITY, ScansContract::logAddExp)
          .assertMatches(x.logcumsumexp(axis), tolerance(x));
    }
  }

  private static double logAddExp(double a, double b) {
    double larger = Math.max(a, b);
    return Double.isInfinite(larger)
        ? larger
        : larger + Math.log(Math.exp(a - larger) + Math.exp(b - larger));
  }

  @Property(tries = 80)
  @Checks({"cummax", "cummin"})
  void theExtremeSoFarIsTheLastOfEqualsAndNaNStays(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Tensor x = draw(nasty, nasty.random().nextBoolean());
    if (x.rank() == 0) {
      return;
    }
    int axis = nasty.random().nextInt(x.rank());
    for (boolean largest : new boolean[] {true, false}) {
      Chosen chosen = largest ? x.cummax(axis) : x.cummin(axis - x.rank());
      assertEquals(DType.I32, chosen.indices().dtype());
      assertEquals(x.dtype(), chosen.values().dtype());
      Model m = Model.of(x);
      Model places =
          new Model(
              x.shape(),
              at -> {
                int best = 0;
                int[] index = at.clone();
                for (int i = 1; i <= at[axis]; i++) {
                  index[axis] = best;
                  double old = m.get(index);
                  index[axis] = i;
                  double young = m.get(index);
                  boolean better = largest ? young >= old : young <= old;
                  best = better || Double.isNaN(young) ? i : best;
                }
                return best;
              });
      places.assertMatches(chosen.indices(), 0);
      new Model(
              x.shape(),
              at -> {
                int[] index = at.clone();
                index[axis] = (int) places.get(at);
                return m.get(index);
              })
          .assertMatches(chosen.values(), 0);
    }
  }

  @Property(tries = 40)
  @Checks({"cumsum", "cumprod", "cummax", "cummin"})
  void wholeNumbersAreExactAndWrapAround(@ForAll long seed) {
    Random r = new Random(seed);
    long[] values = r.longs(1 + r.nextInt(40)).map(x -> x >> r.nextInt(64)).toArray();
    Tensor x = Tensor.of(values).to(device());
    long[] sums = values.clone();
    long[] products = values.clone();
    long[] largest = values.clone();
    long[] smallest = values.clone();
    for (int i = 1; i < values.length; i++) {
      sums[i] += sums[i - 1];
      products[i] *= products[i - 1];
      largest[i] = Math.max(largest[i], largest[i - 1]);
      smallest[i] = Math.min(smallest[i], smallest[i - 1]);
    }
    assertArrayEquals(sums, x.cumsum(0).toLongs());
    assertArrayEquals(products, x.cumprod(0).toLongs());
    assertArrayEquals(largest, x.cummax(0).values().toLongs());
    assertArrayEquals(smallest, x.cummin(0).values().toLongs());
  }

  @Property(tries = 80)
  @Checks("recurrence")
  void aRecurrenceAddsAFactorOfItsPredecessor(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Tensor x = draw(nasty, true);
    if (x.rank() == 0) {
      return;
    }
    int axis = nasty.random().nextInt(x.rank());
    Shape between = x.shape().with(axis, Math.max(0, x.size(axis) - 1));
    Tensor f = nasty.tensor(nasty.broadcastable(between), x.dtype()).mul(.25); // else it explodes
    Model terms = Model.of(x);
    Model factors = Model.of(f.expand(between));
    new Model(
            x.shape(),
            at -> {
              int[] index = at.clone();
              index[axis] = 0;
              double y = terms.get(index);
              for (int i = 1; i <= at[axis]; i++) {
                index[axis] = i - 1;
                double factor = factors.get(index);
                index[axis] = i;
                y = terms.get(index) + factor * y;
              }
              return y;
            })
        .assertMatches(x.recurrence(axis - x.rank(), f), tolerance(x));
  }

  @Property(tries = 80)
  @Checks("diff")
  void differencesOfNeighbours(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Tensor x = draw(nasty, false);
    if (x.rank() == 0) {
      return;
    }
    int axis = nasty.random().nextInt(x.rank());
    Model m = Model.of(x);
    boolean truth = x.dtype() == DType.BOOL;
    boolean bytes = x.dtype() == DType.U8;
    int n = x.size(axis);
    new Model(
            x.shape().with(axis, Math.max(0, n - 1)),
            at -> {
              int[] next = at.clone();
              next[axis]++;
              double difference = m.get(next) - m.get(at);
              return truth ? Math.abs(difference) : bytes ? (int) difference & 0xff : difference;
            })
        .assertMatches(x.diff(axis), tolerance(x));
    Tensor twice = x.diff(2, axis);
    assertEquals(Math.max(0, n - 2), twice.size(axis));
    assertArrayEquals(x.diff(axis).diff(axis).toDoubles(), twice.toDoubles());
    assertArrayEquals(x.toDoubles(), x.diff(0, axis).toDoubles());
  }
}
