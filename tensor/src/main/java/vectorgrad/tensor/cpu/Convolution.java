package vectorgrad.tensor.cpu;

import java.util.Arrays;
import java.util.List;
import vectorgrad.tensor.cpu.Unfolding.Runs;

/// The 2-d convolution (a cross-correlation, as everywhere in the field). Its gradients are in
/// [ConvolutionGradients].
///
/// `y[n, o, h, w] = Σ_c,i,j x[n, c, h·stride + i·dilation − padding, …]·weight[o, c, i, j]`
///
/// | array | shape |
/// |---|---|
/// | x | N, C, H, W |
/// | weight | O, C / groups, kH, kW |
/// | y | N, O, oH, oW |
///
/// All arrays are contiguous from their offset on. Costs 2·N·O·oH·oW·C/groups·kH·kW flops. First
/// the definition, in seven loops; then as a matrix product with the unfolded picture X of
/// [Unfolding]; then as the same product, which reads X from the picture instead of building it
/// (*implicit GEMM*).
///
/// Pictures are shared out to threads. Threads and lanes do not show in the result.
///
/// Source: Chetlur et al., *cuDNN: efficient primitives for deep learning*, 2014.
final class Convolution {
  /// With fewer pictures than this, each is shared out too.
  private static final int FEW = 8;

  /// One version of the convolution or of a gradient: a result from two operands, each an array and
  /// where it begins.
  interface Pass {
    void run(Unfolding u, float[] first, int fo, float[] second, int so, float[] result, int ro);
  }

  /// A version under its name, with the idea it adds.
  record Variant(String name, String idea, Pass pass) {}

  /// All versions, the slowest first: y from x and the weight.
  static final List<Variant> VARIANTS =
      List.of(
          new Variant("naive", "the definition", Convolution::naive),
          new Variant("unfold", "a matrix product does the work", Convolution::unfolded),
          new Variant("implicit", "pack panels straight from the picture", Convolution::forward));

  private static final boolean VECTOR = Lanes.bits() > 0;
  private static final Tiling TILING = Tiling.MACHINE;

  private Convolution() {}

  /// The definition, summed in float64.
  static void naive(Unfolding u, float[] x, int xo, float[] weight, int wo, float[] y, int yo) {
    for (int n = 0; n < u.pictures; n++) {
      for (int o = 0; o < u.filters; o++) {
        for (int h = 0; h < u.outHeight; h++) {
          for (int w = 0; w < u.outWidth; w++) {
            double sum = 0;
            for (int c = 0; c < u.groupChannels; c++) {
              for (int i = 0; i < u.kernelH; i++) {
                for (int j = 0; j < u.kernelW; j++) {
                  int from = input(u, n, o, c, h, w, i, j);
                  if (from >= 0) {
                    sum += (double) x[xo + from] * weight[wo + weight(u, o, c, i, j)];
                  }
                }
              }
            }
            y[yo + output(u, n, o, h, w)] = (float) sum;
          }
        }
      }
    }
  }

  /// The place in x, or -1 in the border.
  static int input(Unfolding u, int n, int o, int c, int h, int w, int i, int j) {
    var g = u.geometry;
    int channel = o / u.groupFilters * u.groupChannels + c;
    int row = h * g.strideH() + i * g.dilationH() - g.paddingH();
    int column = w * g.strideW() + j * g.dilationW() - g.paddingW();
    boolean inside = row >= 0 && row < u.height && column >= 0 && column < u.width;
    return inside ? ((n * u.channels + channel) * u.height + row) * u.width + column : -1;
  }

  static int weight(Unfolding u, int o, int c, int i, int j) {
    return ((o * u.groupChannels + c) * u.kernelH + i) * u.kernelW + j;
  }

  static int output(Unfolding u, int n, int o, int h, int w) {
    return ((n * u.filters + o) * u.outHeight + h) * u.outWidth + w;
  }

  /// `Y = W·X`, with an X that is built.
  static void unfolded(Unfolding u, float[] x, int xo, float[] weight, int wo, float[] y, int yo) {
    float[] columns = new float[u.depth * u.pixels];
    float[] picture = new float[u.borderedSize()];
    for (int n = 0; n < u.pictures; n++) {
      border(u, x, xo + n * u.pictureSize(), picture, 0);
      for (int g = 0; g < u.geometry.groups(); g++) {
        for (int k = 0; k < u.depth; k++) {
          for (int p = 0; p < u.pixels; p++) {
            columns[k * u.pixels + p] = picture[g * u.groupSize() + u.row[k] + u.step[p]];
          }
        }
        int o = g * u.groupFilters;
        int to = yo + (n * u.filters + o) * u.pixels;
        MatMul.multiply(
            Matrix.rowMajor(weight, wo + o * u.depth, u.groupFilters, u.depth),
            Matrix.rowMajor(columns, 0, u.depth, u.pixels),
            Matrix.rowMajor(y, to, u.groupFilters, u.pixels),
            false);
      }
    }
  }

  /// `Y = W·X`: filters are packed once, panels of X straight from the picture, and Y is written
  /// where it belongs.
  static void forward(Unfolding u, float[] x, int xo, float[] weight, int wo, float[] y, int yo) {
    LeftOperand[][] filters = packFilters(u, weight, wo);
    Runs runs = u.runs(TILING.wide());
    int panels = Math.ceilDiv(u.pixels, TILING.wide());
    int parts = u.pictures >= FEW ? 1 : Math.min(panels, FEW); // of one picture
    Workers.parallel(
        u.pictures * parts,
        task -> {
          int n = task / parts;
          float[] picture = Scratch.PICTURE.floats(u.borderedSize());
          border(u, x, xo + n * u.pictureSize(), picture, 0);
          int last = Tiling.start(task % parts + 1, parts, panels);
          for (int panel = Tiling.start(task % parts, parts, panels); panel < last; panel++) {
            forward(u, runs, picture, filters, panel, y, yo + n * u.filters * u.pixels);
          }
        });
  }

  /// The left operands: one for each group and block of the depth.
  private static LeftOperand[][] packFilters(Unfolding u, float[] weight, int wo) {
    int blocks = MatMul.blocks(u.depth);
    float[] data = Scratch.LEFT.floats(u.filters * u.depth);
    LeftOperand[][] filters = new LeftOperand[u.geometry.groups()][blocks];
    for (int g = 0; g < filters.length; g++) {
      int begin = g * u.groupFilters * u.depth;
      Matrix all = Matrix.rowMajor(weight, wo + begin, u.groupFilters, u.depth);
      for (int block = 0; block < blocks; block++) {
        int k = Tiling.start(block, blocks, u.depth);
        int depth = Tiling.start(block + 1, blocks, u.depth) - k;
        int to = begin + u.groupFilters * k;
        LeftOperand left = LeftOperand.packed(TILING, data, to, u.groupFilters, depth);
        for (int tile = 0; tile < left.tiles(); tile++) {
          left.pack(all.block(0, u.groupFilters, k, depth), tile);
        }
        filters[g][block] = left;
      }
    }
    return filters;
  }

  /// One panel of pixels, all filters.
  private static void forward(
      Unfolding u,
      Runs runs,
      float[] picture,
      LeftOperand[][] filters,
      int panel,
      float[] y,
      int yo) {
    int p = panel * TILING.wide();
    int columns = Math.min(TILING.wide(), u.pixels - p);
    int width = TILING.panel(columns);
    float[] right = Scratch.PANEL.floats(Math.min(u.depth, MatMul.DEPTH) * width);
    for (int g = 0; g < filters.length; g++) {
      int to = yo + g * u.groupFilters * u.pixels + p;
      Matrix result = new Matrix(y, to, u.groupFilters, columns, u.pixels, 1);
      int k = 0;
      for (LeftOperand left : filters[g]) {
        unfold(u, runs, picture, g * u.groupSize(), panel, k, left.depth(), right, width);
        left.multiply(0, left.tiles(), right, 0, width, result, k > 0);
        k += left.depth();
      }
    }
  }

  /// Packs rows `k` to `k + depth` of one panel of X.
  private static void unfold(
      Unfolding u,
      Runs runs,
      float[] picture,
      int at,
      int panel,
      int k,
      int depth,
      float[] right,
      int width) {
    int first = runs.first[panel];
    int last = runs.first[panel + 1];
    int p = runs.at[first];
    if (u.geometry.strideW() > 1) {
      int columns = runs.at[last] - p;
      for (int i = 0; i < depth; i++) {
        for (int j = 0; j < columns; j++) {
          right[i * width + j] = picture[at + u.row[k + i] + u.step[p + j]];
        }
      }
    } else if (VECTOR) {
      VectorUnfolding.unfold(u, runs, panel, picture, at, k, depth, right, width);
    } else {
      for (int i = 0; i < depth; i++) {
        for (int run = first; run < last; run++) {
          int from = at + u.row[k + i] + u.step[runs.at[run]];
          int length = runs.at[run + 1] - runs.at[run];
          System.arraycopy(picture, from, right, i * width + runs.at[run] - p, length);
        }
      }
    }
  }

  /// Copies a picture and puts its border of zeros around each channel.
  static void border(Unfolding u, float[] x, int from, float[] picture, int to) {
    if (u.borderedSize() == u.pictureSize()) {
      System.arraycopy(x, from, picture, to, u.pictureSize());
      return;
    }
    Arrays.fill(picture, to, to + u.borderedSize(), 0f);
    for (int line = 0; line < u.channels * u.height; line++) {
      System.arraycopy(x, from + line * u.width, picture, to + inside(u, line), u.width);
    }
  }

  /// Where a line of a picture begins in the bordered one.
  static int inside(Unfolding u, int line) {
    int h = line / u.height * u.paddedHeight + line % u.height + u.geometry.paddingH();
    return h * u.paddedWidth + u.geometry.paddingW();
  }
}
