package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.tensor.ConvolutionsContract.dot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// What poolings must choose or add: along every spatial axis, output i sees a list of places; the
/// model walks through all combinations of them.
abstract class PoolingContract {
  abstract Device device();

  /// The places that each output of one axis sees, padding left out.
  private static int[][] places(Pool1dGeometry g, int size) {
    List<int[]> all = new ArrayList<>();
    for (int i = 0; isWindow(g, i, size); i++) {
      int start = i * g.stride() - g.padding();
      all.add(
          IntStream.range(0, g.kernel())
              .map(k -> start + k * g.dilation())
              .filter(place -> place >= 0 && place < size)
              .toArray());
    }
    return all.toArray(int[][]::new);
  }

  /// Window i fits the padded axis; or, in ceil mode, the one before it does not reach the end, and
  /// it begins before the padding behind the axis.
  private static boolean isWindow(Pool1dGeometry g, int i, int size) {
    int end = i * g.stride() + g.dilation() * (g.kernel() - 1) + 1;
    int padded = size + 2 * g.padding();
    return end <= padded
        || (g.ceilMode() && end - g.stride() < padded && i * g.stride() - g.padding() < size);
  }

  private static int[][] adaptive(int size, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> {
          int from = (int) Math.floor((double) i * size / count);
          return IntStream.range(from, (int) Math.ceil((i + 1.0) * size / count)).toArray();
        })
        .toArray(int[][]::new);
  }

  /// What an output of the model sees: values and places in their plane, in row-major order.
  private interface Seen {
    void visit(int output, double[] values, int[] places);
  }

  private static Shape output(Shape input, int[][]... axes) {
    int[] sizes = input.toArray();
    for (int axis = 0; axis < axes.length; axis++) {
      sizes[axis + 2] = axes[axis].length;
    }
    return Shape.of(sizes);
  }

  private static void forEachOutput(Tensor x, Seen seen, int[][]... axes) {
    Model m = Model.of(x);
    Shape output = output(x.shape(), axes);
    int[] at = new int[x.rank()];
    for (int p = 0; p < output.size(); p++, Model.next(at, output)) {
      int[] counts = new int[axes.length];
      for (int axis = 0; axis < axes.length; axis++) {
        counts[axis] = axes[axis][at[axis + 2]].length;
      }
      Shape window = Shape.of(counts);
      double[] values = new double[window.size()];
      int[] places = new int[values.length];
      int[] k = new int[axes.length];
      for (int i = 0; i < values.length; i++, Model.next(k, window)) {
        int[] from = at.clone();
        for (int axis = 0; axis < axes.length; axis++) {
          from[axis + 2] = axes[axis][at[axis + 2]][k[axis]];
          places[i] = places[i] * x.size(axis + 2) + from[axis + 2];
        }
        values[i] = m.get(from);
      }
      seen.visit(p, values, places);
    }
  }

  /// The first maximum, or the first NaN.
  private static void assertLargest(Tensor x, MaxPool pool, int[][]... axes) {
    Shape output = output(x.shape(), axes);
    double[] values = new double[output.size()];
    double[] indices = new double[output.size()];
    forEachOutput(
        x,
        (p, seen, places) -> {
          int best = 0;
          for (int i = 1; i < seen.length; i++) {
            if (seen[i] > seen[best] || (Double.isNaN(seen[i]) && !Double.isNaN(seen[best]))) {
              best = i;
            }
          }
          values[p] = seen[best];
          indices[p] = places[best];
        },
        axes);
    Model.of(Tensor.of(values, output)).assertMatches(pool.values(), 0);
    Model.of(Tensor.of(indices, output)).assertMatches(pool.indices(), 0);
    assertEquals(DType.I32, pool.indices().dtype());
    assertEquals(x.dtype(), pool.values().dtype());
  }

  private static final DType[] FLOATING = {DType.F32, DType.F64, DType.F16, DType.BF16};

  /// Rounding of a mean of at most some hundred elements; halves are rounded once more.
  private static double accumulated(DType dtype) {
    return dtype == DType.F64 ? 1e-13 : ConvolutionDraw.accumulated(dtype);
  }

  /// Windows, and pictures that they fit, of one to three spatial axes.
  private final class Draw {
    final Nasty nasty;
    final Random r;
    final Pool1dGeometry[] windows;
    final Shape shape;
    final DType dtype;

    Draw(long seed, int axes, boolean dilated) {
      nasty = new Nasty(seed, device());
      r = nasty.random();
      dtype = FLOATING[r.nextInt(4)];
      windows = new Pool1dGeometry[axes];
      int[] sizes = new int[axes + 2];
      sizes[0] = r.nextInt(8) == 0 ? 0 : 1 + r.nextInt(2);
      sizes[1] = 1 + r.nextInt(3);
      boolean ceil = r.nextBoolean();
      for (int axis = 0; axis < axes; axis++) {
        int kernel = 1 + r.nextInt(axes == 1 ? 11 : 4);
        int dilation = dilated ? 1 + r.nextInt(3) : 1;
        int span = dilation * (kernel - 1) + 1;
        int padding = r.nextInt(span / 2 + 1);
        windows[axis] =
            new Pool1dGeometry(kernel, 1 + r.nextInt(kernel + 2), padding, dilation, ceil);
        int least = Math.max(dilation, span - 2 * padding);
        sizes[axis + 2] = least + r.nextInt(axes == 1 ? 30 : 7);
      }
      shape = Shape.of(sizes);
    }

    int[][][] places() {
      int[][][] places = new int[windows.length][][];
      Arrays.setAll(places, axis -> PoolingContract.places(windows[axis], shape.get(axis + 2)));
      return places;
    }

    /// With many ties, infinities and NaN.
    Tensor ties() {
      Tensor x = nasty.tensor(shape, dtype).mul(1.5).to(DType.I32).to(dtype);
      x = Tensor.where(x.lt(-2), Tensor.full(0, shape, dtype, device()).log(), x); // −∞
      return r.nextBoolean() ? x : Tensor.where(x.gt(2), x.sub(x.div(0).mul(0)), x); // NaN
    }

    PoolGeometry flat() {
      return PoolGeometry.both(windows[0], windows[1]);
    }

    Pool3dGeometry deep() {
      return new Pool3dGeometry(windows[0], windows[1], windows[2]);
    }

    MaxPool max(Tensor x) {
      return switch (windows.length) {
        case 1 -> x.maxPool1d(windows[0]);
        case 2 -> x.maxPool2d(flat());
        default -> x.maxPool3d(deep());
      };
    }

    Tensor average(Tensor x, boolean padded) {
      return switch (windows.length) {
        case 1 -> padded ? x.avgPool1d(windows[0]) : x.avgPool1d(windows[0], false);
        case 2 -> padded ? x.avgPool2d(flat()) : x.avgPool2d(flat(), false);
        default -> padded ? x.avgPool3d(deep()) : x.avgPool3d(deep(), false);
      };
    }

    Tensor averageGradient(Tensor dy, boolean padded) {
      return switch (windows.length) {
        case 1 -> dy.avgPool1dInputGradient(shape, windows[0], padded);
        case 2 -> dy.avgPool2dInputGradient(shape, flat(), padded);
        default -> dy.avgPool3dInputGradient(shape, deep(), padded);
      };
    }
  }

  @Property(tries = 80)
  @Checks({"maxPool1d", "maxPool2d", "maxPool3d"})
  void theFirstMaximumOfEveryWindowIsChosen(@ForAll long seed) {
    for (int axes = 1; axes <= 3; axes++) {
      var draw = new Draw(seed, axes, true);
      Tensor x = draw.ties();
      assertLargest(x, draw.max(x), draw.places());
    }
  }

  @Property(tries = 60)
  @Checks({"maxPoolInputGradient"})
  void whatWasChosenTakesTheGradient(@ForAll long seed) {
    for (int axes = 1; axes <= 3; axes++) {
      var draw = new Draw(seed, axes, true);
      MaxPool pool = draw.max(draw.ties());
      Tensor dy = draw.nasty.tensor(pool.values().shape(), draw.dtype);
      Model m = Model.of(dy);
      double[] dx = new double[draw.shape.size()];
      int plane = draw.shape.get(0) == 0 ? 0 : dx.length / draw.shape.get(0) / draw.shape.get(1);
      int[] at = new int[dy.rank()];
      int[] indices = pool.indices().toInts();
      for (int p = 0; p < indices.length; p++, Model.next(at, dy.shape())) {
        dx[(at[0] * draw.shape.get(1) + at[1]) * plane + indices[p]] += m.get(at);
      }
      Model.of(Tensor.of(dx, draw.shape))
          .assertMatches(
              dy.maxPoolInputGradient(pool.indices(), draw.shape), accumulated(draw.dtype));
    }
  }

  @Property(tries = 60)
  @Checks({"maxUnpool", "maxUnpoolInputGradient"})
  void unpoolingPutsTheMaximaBack(@ForAll long seed) {
    for (int axes = 1; axes <= 3; axes++) {
      var draw = new Draw(seed, axes, true);
      Tensor x = draw.ties();
      MaxPool pool = draw.max(x);
      Tensor back = pool.values().maxUnpool(pool.indices(), x.shape());
      double[] kept = new double[x.size()];
      double[] chosen = pool.values().toDoubles();
      int plane = x.size(0) == 0 ? 0 : x.size() / x.size(0) / x.size(1);
      int[] indices = pool.indices().toInts();
      int each = plane == 0 ? 1 : indices.length / x.size(0) / x.size(1);
      for (int p = 0; p < indices.length; p++) {
        kept[p / each * plane + indices[p]] = chosen[p];
      }
      Model.of(Tensor.of(kept, x.shape())).assertMatches(back, 0);
      Model.of(pool.values()).assertMatches(back.maxUnpoolInputGradient(pool.indices()), 0);
      Tensor dy = draw.nasty.tensor(x.shape(), DType.F64);
      Tensor z = draw.nasty.tensor(pool.values().shape(), DType.F64);
      double product = dot(z, dy.maxUnpoolInputGradient(pool.indices()));
      Tensor added = z.maxPoolInputGradient(pool.indices(), x.shape());
      assertEquals(product, dot(added, dy), Math.max(1, Math.abs(product)) * 1e-12);
    }
  }

  @Property(tries = 80)
  @Checks({"avgPool1d", "avgPool2d", "avgPool3d"})
  void theMeanCountsWhatItIsToldTo(@ForAll long seed) {
    for (int axes = 1; axes <= 3; axes++) {
      var draw = new Draw(seed, axes, false);
      Tensor x = draw.nasty.tensor(draw.shape, draw.dtype);
      int[][][] places = draw.places();
      Shape output = output(draw.shape, places);
      for (boolean padded : new boolean[] {true, false}) {
        double[] means = new double[output.size()];
        forEachOutput(
            x, (p, seen, from) -> means[p] = Arrays.stream(seen).sum() / seen.length, places);
        if (padded) { // every window of the padded axis, cut off where the padding ends
          int[] at = new int[output.rank()];
          for (int p = 0; p < means.length; p++, Model.next(at, output)) {
            for (int axis = 0; axis < axes; axis++) {
              Pool1dGeometry g = draw.windows[axis];
              int start = at[axis + 2] * g.stride();
              int end = Math.min(start + g.kernel(), draw.shape.get(axis + 2) + 2 * g.padding());
              means[p] *= (double) places[axis][at[axis + 2]].length / (end - start);
            }
          }
        }
        Model.of(Tensor.of(means, output))
            .assertMatches(draw.average(x, padded), accumulated(draw.dtype));
      }
    }
  }

  @Property(tries = 60)
  @Checks({"avgPool1dInputGradient", "avgPool2dInputGradient", "avgPool3dInputGradient"})
  void theGradientOfAMeanIsItsAdjoint(@ForAll long seed) {
    for (int axes = 1; axes <= 3; axes++) {
      var draw = new Draw(seed, axes, false);
      boolean padded = draw.r.nextBoolean();
      Tensor x = draw.nasty.tensor(draw.shape, DType.F64);
      Tensor y = draw.average(x, padded);
      Tensor dy = draw.nasty.tensor(y.shape(), DType.F64);
      double product = dot(y, dy);
      Tensor dx = draw.averageGradient(dy, padded);
      assertEquals(product, dot(x, dx), Math.max(1, Math.abs(product)) * 1e-12);
      Tensor half = dy.to(draw.dtype);
      Model.of(draw.averageGradient(half.to(DType.F64), padded))
          .assertMatches(draw.averageGradient(half, padded), accumulated(draw.dtype));
    }
  }

  /// Pictures of one to three axes, the number of regions of each, and what the regions see.
  private final class Divided {
    final Nasty nasty;
    final Random r;
    final DType dtype;
    final Shape shape;
    final int[] counts;
    final int[][][] places;

    Divided(long seed, int axes) {
      nasty = new Nasty(seed, device());
      r = nasty.random();
      dtype = FLOATING[r.nextInt(4)];
      int[] sizes = new int[axes + 2];
      sizes[0] = r.nextInt(8) == 0 ? 0 : 1 + r.nextInt(2);
      sizes[1] = 1 + r.nextInt(3);
      counts = new int[axes];
      places = new int[axes][][];
      for (int axis = 0; axis < axes; axis++) {
        sizes[axis + 2] = 1 + r.nextInt(9);
        counts[axis] = 1 + r.nextInt(9); // fewer, as many, or more
        places[axis] = adaptive(sizes[axis + 2], counts[axis]);
      }
      shape = Shape.of(sizes);
    }

    Tensor average(Tensor x) {
      return switch (counts.length) {
        case 1 -> x.adaptiveAvgPool1d(counts[0]);
        case 2 -> x.adaptiveAvgPool2d(counts[0], counts[1]);
        default -> x.adaptiveAvgPool3d(counts[0], counts[1], counts[2]);
      };
    }

    MaxPool max(Tensor x) {
      return switch (counts.length) {
        case 1 -> x.adaptiveMaxPool1d(counts[0]);
        case 2 -> x.adaptiveMaxPool2d(counts[0], counts[1]);
        default -> x.adaptiveMaxPool3d(counts[0], counts[1], counts[2]);
      };
    }
  }

  @Property(tries = 60)
  @Checks({
    "adaptiveAvgPool1d", "adaptiveAvgPool2d", "adaptiveAvgPool3d",
    "adaptiveMaxPool1d", "adaptiveMaxPool2d", "adaptiveMaxPool3d"
  })
  void adaptiveRegionsAreAsEqualAsCanBe(@ForAll long seed) {
    for (int axes = 1; axes <= 3; axes++) {
      var draw = new Divided(seed, axes);
      Tensor x = draw.nasty.tensor(draw.shape, draw.dtype);
      Shape output = output(draw.shape, draw.places);
      double[] means = new double[output.size()];
      forEachOutput(
          x, (p, seen, from) -> means[p] = Arrays.stream(seen).sum() / seen.length, draw.places);
      Model.of(Tensor.of(means, output)).assertMatches(draw.average(x), accumulated(draw.dtype));
      Tensor ties = x.mul(1.5).to(DType.I32).to(draw.dtype);
      if (draw.r.nextBoolean()) {
        ties = Tensor.where(ties.gt(1), ties.sub(ties.div(0).mul(0)), ties); // NaN
      }
      assertLargest(ties, draw.max(ties), draw.places);
    }
  }

  @Property(tries = 60)
  @Checks({"adaptiveAvgPoolInputGradient"})
  void theGradientOfAnAdaptiveMeanIsItsAdjoint(@ForAll long seed) {
    for (int axes = 1; axes <= 3; axes++) {
      var draw = new Divided(seed, axes);
      Tensor x = draw.nasty.tensor(draw.shape, DType.F64);
      Tensor y = draw.average(x);
      Tensor dy = draw.nasty.tensor(y.shape(), DType.F64);
      double product = dot(y, dy);
      Tensor dx = dy.adaptiveAvgPoolInputGradient(draw.shape);
      assertEquals(product, dot(x, dx), Math.max(1, Math.abs(product)) * 1e-12);
      Tensor half = dy.to(draw.dtype);
      Model.of(half.to(DType.F64).adaptiveAvgPoolInputGradient(draw.shape))
          .assertMatches(half.adaptiveAvgPoolInputGradient(draw.shape), accumulated(draw.dtype));
    }
  }

  @Property(tries = 60)
  @Checks({"fractionalMaxPool2d", "fractionalMaxPool3d"})
  void fractionalRegionsCoverTheAxisInStepsThatDifferByOne(@ForAll long seed) {
    var draw = new Divided(seed, 3);
    FractionalRegions[] kinds = FractionalRegions.values();
    FractionalRegions kind = kinds[draw.r.nextInt(kinds.length)];
    int shared = kind.overlapping() ? 1 : 0;
    var key = Seed.of(draw.r.nextLong());
    int[][][] places = new int[3][][];
    int[] sizes = draw.shape.toArray();
    for (int axis = 0; axis < 3; axis++) {
      int count = draw.counts[axis];
      int size = count + shared + draw.r.nextInt(2 * count);
      sizes[axis + 2] = size;
      Regions regions = kind.regions(size, count, key.fold(axis));
      places[axis] = new int[count][];
      int begin = 0;
      for (int i = 0; i < count; i++) {
        assertEquals(begin, regions.start(i));
        int step = regions.length(i) - shared;
        double alpha = (double) (size - shared) / count;
        assertTrue(step == Math.floor(alpha) || step == Math.ceil(alpha), () -> "step " + step);
        places[axis][i] = IntStream.range(begin, begin + regions.length(i)).toArray();
        begin += step;
      }
      assertEquals(size - shared, begin);
    }
    Tensor x = draw.nasty.tensor(Shape.of(sizes), draw.dtype).mul(1.5).to(DType.I32).to(draw.dtype);
    int[] n = draw.counts;
    assertLargest(x, x.fractionalMaxPool3d(n[0], n[1], n[2], kind, key), places);
    Tensor flat = x.select(2, 0);
    MaxPool pool = flat.fractionalMaxPool2d(n[1], n[2], kind, key);
    MaxPool again = flat.fractionalMaxPool2d(n[1], n[2], kind, key);
    assertArrayEquals(pool.indices().toInts(), again.indices().toInts());
    assertLargest(
        flat,
        pool,
        regionsOf(kind, sizes[3], n[1], key.fold(0)),
        regionsOf(kind, sizes[4], n[2], key.fold(1)));
  }

  private static int[][] regionsOf(FractionalRegions kind, int size, int count, Seed seed) {
    Regions regions = kind.regions(size, count, seed);
    return IntStream.range(0, count)
        .mapToObj(
            i -> IntStream.range(regions.start(i), regions.start(i) + regions.length(i)).toArray())
        .toArray(int[][]::new);
  }
}
