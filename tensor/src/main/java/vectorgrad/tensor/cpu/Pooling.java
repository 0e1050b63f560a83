package vectorgrad.tensor.cpu;

import java.util.List;
import vectorgrad.tensor.PoolGeometry;

/// Max pooling: the largest value of every window, and where it was.
///
/// | array | shape |
/// |---|---|
/// | x | planes, H, W |
/// | values, indices | planes, oH, oW |
///
/// An index is `h·W + w` in its plane: of the first of equals, of the first NaN if there is one.
/// Padding counts as −∞ and is never chosen. The gradient is a scattering by these indices.
final class Pooling {
  /// Elements of one task, about.
  private static final int TASK = 1 << 15;

  private static final PoolGeometry PAIRS = PoolGeometry.square(2);
  private static final boolean VECTOR = Lanes.bits() > 0;

  private Pooling() {}

  /// The planes of a pooling, contiguous from their offsets on.
  ///
  /// @param planes N·C
  @SuppressWarnings("ArrayRecordComponent") // a view: nobody compares it
  record Planes(
      PoolGeometry geometry,
      int planes,
      int height,
      int width,
      int outHeight,
      int outWidth,
      float[] x,
      int xo,
      float[] values,
      int vo,
      int[] indices,
      int io) {
    static Planes of(
        PoolGeometry geometry,
        int planes,
        int height,
        int width,
        float[] x,
        int xo,
        float[] values,
        int vo,
        int[] indices,
        int io) {
      int outHeight = geometry.outputHeight(height);
      int outWidth = geometry.outputWidth(width);
      return new Planes(
          geometry, planes, height, width, outHeight, outWidth, x, xo, values, vo, indices, io);
    }
  }

  /// One version of the pooling of a single plane.
  interface Pool {
    void run(Planes p, int plane);
  }

  /// A version under its name, with the idea it adds.
  record Variant(String name, String idea, Pool pool) {}

  /// All versions, the slowest first; the last one falls back where its idea does not apply.
  static final List<Variant> VARIANTS =
      List.of(
          new Variant("naive", "the definition", Pooling::naive),
          new Variant(
              "pairs", "2×2 windows that do not overlap: a row of them at once", Pooling::pairs));

  /// All planes, on all cores.
  static void run(Planes p) {
    int together = Math.max(1, TASK / Math.max(1, p.height * p.width));
    int tasks = Math.ceilDiv(p.planes, together);
    Workers.parallel(
        tasks,
        task -> {
          int end = Tiling.start(task + 1, tasks, p.planes);
          for (int plane = Tiling.start(task, tasks, p.planes); plane < end; plane++) {
            pairs(p, plane);
          }
        });
  }

  /// The definition: walk through every window.
  static void naive(Planes p, int plane) {
    PoolGeometry g = p.geometry;
    int rows = p.outHeight();
    int columns = p.outWidth();
    int from = p.xo + plane * p.height * p.width;
    int to = plane * rows * columns;
    for (int h = 0; h < rows; h++) {
      int top = h * g.strideH() - g.paddingH();
      int firstRow = inside(top, g.dilationH());
      int endRow = Math.min(top + g.dilationH() * (g.kernelH() - 1) + 1, p.height);
      for (int w = 0; w < columns; w++, to++) {
        int left = w * g.strideW() - g.paddingW();
        int firstColumn = inside(left, g.dilationW());
        int endColumn = Math.min(left + g.dilationW() * (g.kernelW() - 1) + 1, p.width);
        float max = Float.NEGATIVE_INFINITY;
        int index = -1;
        for (int i = firstRow; i < endRow; i += g.dilationH()) {
          for (int j = firstColumn; j < endColumn; j += g.dilationW()) {
            int place = i * p.width + j;
            float value = p.x[from + place];
            if (index < 0 || replaces(value, max)) {
              max = value;
              index = place;
            }
          }
        }
        p.values[p.vo + to] = max;
        p.indices[p.io + to] = index;
      }
    }
  }

  /// The first place from `start` on that is not in the padding, in steps of `dilation`.
  private static int inside(int start, int dilation) {
    return start < 0 ? Math.floorMod(start, dilation) : start;
  }

  /// Whether a later value takes the place of the largest so far: if it is larger, or the first
  /// NaN.
  static boolean replaces(float value, float max) {
    return !(value <= max) && !Float.isNaN(max);
  }

  /// 2×2 windows with stride 2: the even and odd columns of two rows are compared with vectors.
  static void pairs(Planes p, int plane) {
    if (p.geometry.equals(PAIRS) && VECTOR && VectorPooling.suits(p.outWidth())) {
      int to = plane * p.outHeight() * p.outWidth();
      VectorPooling.pairs(
          p.x,
          p.xo + plane * p.height * p.width,
          p.width,
          p.outHeight(),
          p.outWidth(),
          p.values,
          p.vo + to,
          p.indices,
          p.io + to);
    } else {
      naive(p, plane);
    }
  }
}
