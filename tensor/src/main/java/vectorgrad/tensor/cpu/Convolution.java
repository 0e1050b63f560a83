package vectorgrad.tensor.cpu;

import java.util.Arrays;
import java.util.List;

/// The 2-d convolution (a cross-correlation, as everywhere in the field). Its gradients are in
/// [ConvolutionInputGradient] and [ConvolutionWeightGradient].
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
/// [Unfolding]; then as the same product, which reads X from [Strips] instead of building it
/// (*implicit GEMM*); then, for filters of 3×3, with fewer multiplications ([Winograd]). Filters
/// that see one channel each are [Depthwise], which is no product.
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
          new Variant("strips", "unfold the width only: no panel is packed", Convolution::strips),
          new Variant(
              "winograd",
              "16 multiplications instead of 36",
              (u, x, xo, w, wo, y, yo) -> run(u, x, xo, w, wo, y, yo, Winograd.covers(u))));

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

  /// What is done with every product of the definition.
  interface Product {
    void visit(int x, int weight, int y);
  }

  /// All products of the definition.
  static void forEachProduct(Unfolding u, Product product) {
    for (int n = 0; n < u.pictures; n++) {
      for (int o = 0; o < u.filters; o++) {
        for (int h = 0; h < u.outHeight; h++) {
          for (int w = 0; w < u.outWidth; w++) {
            for (int c = 0; c < u.groupChannels; c++) {
              for (int i = 0; i < u.kernelH; i++) {
                for (int j = 0; j < u.kernelW; j++) {
                  int from = input(u, n, o, c, h, w, i, j);
                  if (from >= 0) {
                    product.visit(from, weight(u, o, c, i, j), output(u, n, o, h, w));
                  }
                }
              }
            }
          }
        }
      }
    }
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

  /// The version that suits the shape.
  static void best(Unfolding u, float[] x, int xo, float[] weight, int wo, float[] y, int yo) {
    if (Depthwise.pays(u)) {
      Depthwise.forward(u, x, xo, weight, wo, y, yo);
    } else {
      run(u, x, xo, weight, wo, y, yo, Winograd.pays(u));
    }
  }

  private static void run(
      Unfolding u, float[] x, int xo, float[] weight, int wo, float[] y, int yo, boolean winograd) {
    if (winograd) {
      Winograd.forward(u, x, xo, weight, wo, y, yo);
    } else {
      strips(u, x, xo, weight, wo, y, yo);
    }
  }

  /// `Y = W·X`, with an X that is found in strips of the picture.
  static void strips(Unfolding u, float[] x, int xo, float[] weight, int wo, float[] y, int yo) {
    LeftOperand[][] filters = new LeftOperand[u.geometry.groups()][];
    float[] packed = Scratch.LEFT.floats(u.filters * u.depth);
    for (int g = 0; g < filters.length; g++) {
      int from = wo + g * u.groupFilters * u.depth;
      int to = g * u.groupFilters * u.depth;
      filters[g] = pack(Matrix.rowMajor(weight, from, u.groupFilters, u.depth), packed, to);
    }
    multiply(filters, Strips.of(u), u.pictures, x, xo, u.pictureSize(), y, yo);
  }

  /// Into how many near-equal blocks the steps of a sum are cut: of at most [MatMul#DEPTH]. Its
  /// short ones are for a matrix that is read in pieces; here strips stay near anyway.
  static int blocks(int steps) {
    return Math.ceilDiv(steps, MatMul.DEPTH);
  }

  /// The left operands: one for each block of the depth.
  static LeftOperand[] pack(Matrix filters, float[] data, int begin) {
    int depth = filters.columns();
    LeftOperand[] blocks = new LeftOperand[blocks(depth)];
    int to = begin;
    for (int block = 0; block < blocks.length; block++) {
      int k = Tiling.start(block, blocks.length, depth);
      int length = Tiling.start(block + 1, blocks.length, depth) - k;
      LeftOperand left = LeftOperand.packed(TILING, data, to, filters.rows(), length);
      Matrix part = filters.block(0, filters.rows(), k, length);
      for (int tile = 0; tile < left.tiles(); tile++) {
        left.pack(part, tile);
      }
      blocks[block] = left;
      to += filters.rows() * left.rowStride();
    }
    return blocks;
  }

  /// `Y = W·X` for every picture. Few pictures are shared out in parts: each is cut into strips
  /// once, by all threads.
  static void multiply(
      LeftOperand[][] filters,
      Strips strips,
      int pictures,
      float[] x,
      int xo,
      int pictureSize,
      float[] y,
      int yo) {
    int channels = filters.length * strips.groupChannels();
    int size = channels * strips.channelSize() + TILING.wide();
    int outSize = filters.length * filters[0][0].rows() * strips.pixels;
    int panels = Math.ceilDiv(strips.pixels, TILING.wide());
    if (pictures >= FEW || panels == 1) {
      Workers.parallel(
          pictures,
          n -> {
            int from = xo + n * pictureSize;
            int to = yo + n * outSize;
            if (strips.isPicture() && from + size <= x.length) { // a panel may reach beyond it
              multiply(filters, strips, x, from, 0, panels, y, to);
            } else {
              float[] own = Scratch.PICTURE.floats(size);
              strips.cut(x, from, channels, own, 0);
              multiply(filters, strips, own, 0, 0, panels, y, to);
            }
          });
      return;
    }
    int parts = Math.min(panels, FEW);
    float[] shared = Scratch.RIGHT.floats(size);
    for (int n = 0; n < pictures; n++) {
      int from = xo + n * pictureSize;
      int to = yo + n * outSize;
      Workers.parallel(
          Math.min(channels, FEW),
          part -> {
            int c = Tiling.start(part, Math.min(channels, FEW), channels);
            int count = Tiling.start(part + 1, Math.min(channels, FEW), channels) - c;
            int begin = c * strips.channelSize();
            strips.cut(x, from + c * pictureSize / channels, count, shared, begin);
          });
      Workers.parallel(
          parts,
          part -> {
            int first = Tiling.start(part, parts, panels);
            int last = Tiling.start(part + 1, parts, panels);
            multiply(filters, strips, shared, 0, first, last, y, to);
          });
    }
  }

  /// Some panels of pixels of one picture, all filters.
  private static void multiply(
      LeftOperand[][] filters,
      Strips strips,
      float[] picture,
      int begin,
      int firstPanel,
      int lastPanel,
      float[] y,
      int yo) {
    for (int g = 0; g < filters.length; g++) {
      int at = begin + g * strips.groupChannels() * strips.channelSize();
      int rows = filters[g][0].rows();
      int k = 0;
      for (LeftOperand left : filters[g]) {
        for (int panel = firstPanel; panel < lastPanel; panel++) {
          int p = panel * TILING.wide();
          int columns = Math.min(TILING.wide(), strips.pixels - p);
          int to = yo + g * rows * strips.pixels + p;
          Matrix result = new Matrix(y, to, rows, columns, strips.pixels, 1);
          left.multiply(
              picture,
              at + p + strips.row[k],
              strips.step,
              k,
              TILING.panel(columns),
              result,
              k > 0);
        }
        k += left.depth();
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
