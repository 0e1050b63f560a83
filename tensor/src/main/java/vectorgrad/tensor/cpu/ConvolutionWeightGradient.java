package vectorgrad.tensor.cpu;

import java.util.List;
import vectorgrad.tensor.cpu.Convolution.Variant;

/// The gradient of [Convolution] with respect to its filters, from the gradient `dy` of its output:
/// `dWᵀ = Σ X·dYᵀ`, the sum over pictures, for each group. First the definition, then a version
/// whose X is read from the picture by a [TableKernel], not even packed, then [Winograd]'s.
///
/// The sum over pictures is split into parts by shape and joined in order, so threads and lanes do
/// not show in the result.
final class ConvolutionWeightGradient {
  /// Into how many partial sums the pictures are split, at most.
  private static final int PARTS = 8;

  /// Elements of all partial sums together, at most.
  private static final int PARTIAL = 1 << 23;

  /// About as many pixels are summed at once, of several small pictures.
  private static final int TOGETHER = 512;

  /// All versions, the slowest first: dw from dy and x.
  static final List<Variant> VARIANTS =
      List.of(
          new Variant("naive", "the definition", ConvolutionWeightGradient::naive),
          new Variant(
              "tables", "read X from the picture by tables", ConvolutionWeightGradient::tables),
          new Variant(
              "winograd",
              "16 multiplications instead of 36",
              (u, dy, dyo, x, xo, dw, dwo) -> run(u, dy, dyo, x, xo, dw, dwo, Winograd.covers(u))));

  private static final boolean VECTOR = Lanes.bits() > 0;
  private static final Tiling TILING = Tiling.MACHINE;

  private ConvolutionWeightGradient() {}

  /// The version that suits the shape.
  static void best(Unfolding u, float[] dy, int dyo, float[] x, int xo, float[] dw, int dwo) {
    if (Depthwise.pays(u)) {
      Depthwise.weightGradient(u, dy, dyo, x, xo, dw, dwo);
    } else {
      run(u, dy, dyo, x, xo, dw, dwo, Winograd.pays(u));
    }
  }

  private static void run(
      Unfolding u, float[] dy, int dyo, float[] x, int xo, float[] dw, int dwo, boolean winograd) {
    if (winograd) {
      Winograd.weightGradient(u, dy, dyo, x, xo, dw, dwo);
    } else {
      tables(u, dy, dyo, x, xo, dw, dwo);
    }
  }

  /// Every product of the definition, sent back to the weight it used.
  static void naive(Unfolding u, float[] dy, int dyo, float[] x, int xo, float[] dw, int dwo) {
    double[] sum = new double[u.filters * u.depth];
    Convolution.forEachProduct(u, (from, w, to) -> sum[w] += (double) dy[dyo + to] * x[xo + from]);
    for (int i = 0; i < sum.length; i++) {
      dw[dwo + i] = (float) sum[i];
    }
  }

  /// `dWᵀ = Σ X·dYᵀ`: pictures are split into parts by shape, each part has its sums, and these are
  /// joined in order.
  static void tables(Unfolding u, float[] dy, int dyo, float[] x, int xo, float[] dw, int dwo) {
    int groups = u.geometry.groups();
    int last = (Math.ceilDiv(u.groupFilters, TILING.wide()) - 1) * TILING.wide();
    int pitch = last + TILING.panel(u.groupFilters - last);
    int size = u.depth * pitch;
    int parts =
        Math.min(
            u.pictures, Math.clamp(PARTIAL / ((long) groups * u.depth * u.groupFilters), 1, PARTS));
    float[] sums = Scratch.RESULT.floats(parts * groups * size);
    int together = Math.clamp(TOGETHER / u.pixels, 1, u.pictures);
    int[] steps = u.steps(together);
    Workers.parallel(
        parts,
        part -> {
          int begin = Tiling.start(part, parts, u.pictures);
          int end = Tiling.start(part + 1, parts, u.pictures);
          float[] pictures = Scratch.PICTURE.floats(together * u.borderedSize());
          for (int n = begin; n < end; n += together) {
            int count = Math.min(together, end - n);
            for (int i = 0; i < count; i++) {
              Convolution.border(
                  u, x, xo + (n + i) * u.pictureSize(), pictures, i * u.borderedSize());
            }
            for (int g = 0; g < groups; g++) {
              int from = dyo + (n * u.filters + g * u.groupFilters) * u.pixels;
              int to = (part * groups + g) * size;
              addPictures(
                  u,
                  pictures,
                  g * u.groupSize(),
                  steps,
                  count,
                  dy,
                  from,
                  sums,
                  to,
                  pitch,
                  n > begin);
            }
          }
        });
    join(u, sums, parts, groups, size, pitch, dw, dwo);
  }

  /// `dWᵀ += X·dYᵀ` for a few pictures and one group, whose pixels form one depth.
  private static void addPictures(
      Unfolding u,
      float[] pictures,
      int at,
      int[] steps,
      int count,
      float[] dy,
      int from,
      float[] sums,
      int to,
      int pitch,
      boolean add) {
    int depth = count * u.pixels;
    int blocks = Convolution.blocks(depth);
    int tiles = TILING.tiles(u.depth);
    float[] right = Scratch.PANEL.floats(depth * TILING.wide());
    for (int j = 0; j < u.groupFilters; j += TILING.wide()) {
      int columns = Math.min(TILING.wide(), u.groupFilters - j);
      int width = TILING.panel(columns);
      for (int n = 0; n < count; n++) {
        int gradient = from + (n * u.filters + j) * u.pixels;
        Matrix pixels = Matrix.rowMajor(dy, gradient, columns, u.pixels).transpose();
        Packing.copy(pixels, right, n * u.pixels * width, width);
      }
      for (int block = 0; block < blocks; block++) {
        int k = Tiling.start(block, blocks, depth);
        int length = Tiling.start(block + 1, blocks, depth) - k;
        for (int tile = 0; tile < tiles; tile++) {
          int i = TILING.row(tile, u.depth);
          int rows = TILING.row(tile + 1, u.depth) - i;
          TILING
              .table(rows, width)
              .tile(
                  pictures,
                  at,
                  u.row,
                  i,
                  steps,
                  k,
                  right,
                  k * width,
                  length,
                  sums,
                  to + i * pitch + j,
                  pitch,
                  add || block > 0);
        }
      }
    }
  }

  /// Adds the parts in order and transposes the sum.
  private static void join(
      Unfolding u, float[] sums, int parts, int groups, int size, int pitch, float[] dw, int dwo) {
    for (int part = 1; part < parts; part++) {
      add(sums, part * groups * size, sums, 0, groups * size);
    }
    for (int g = 0; g < groups; g++) {
      Matrix sum = new Matrix(sums, g * size, u.depth, u.groupFilters, pitch, 1);
      Packing.copy(sum.transpose(), dw, dwo + g * u.groupFilters * u.depth, u.depth);
    }
  }

  /// `to[begin + i] += from[at + i]`, `i < length`.
  static void add(float[] from, int at, float[] to, int begin, int length) {
    if (VECTOR) {
      VectorUnfolding.add(from, at, to, begin, length);
    } else {
      for (int i = 0; i < length; i++) {
        to[begin + i] += from[at + i];
      }
    }
  }
}
