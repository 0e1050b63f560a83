package vectorgrad.tensor.cpu;

import java.util.Arrays;
import java.util.List;
import vectorgrad.tensor.cpu.Convolution.Variant;
import vectorgrad.tensor.cpu.Unfolding.Runs;

/// The gradient of [Convolution] with respect to its input, from the gradient `dy` of its output:
/// `dX = Wᵀ·dY` for each picture and group, whose rows that stand for the same pixel are added up.
///
/// First the definition; then that product, each tile of which is added to the picture where the
/// convolution would read it; then a convolution of dy with the filters turned around, which needs
/// no adding up. The last computes every pixel of the picture from every place of the filter, so it
/// pays where dy is nearly as large as the picture; and for filters of 3×3 that convolution is
/// [Winograd]'s.
///
/// Threads and lanes do not show in the result.
final class ConvolutionInputGradient {
  /// Pixels that are computed before they are added to the picture. The same for all lane widths,
  /// because it decides the order of the sums.
  private static final int PIXELS = 128;

  /// Channels whose part of dX is computed before it is added: it stays in the cache.
  private static final int CHANNELS = 8;

  /// All versions, the slowest first: dx from dy and the weight. The last one falls back on the one
  /// before where its idea does not pay.
  static final List<Variant> VARIANTS =
      List.of(
          new Variant("naive", "the definition", ConvolutionInputGradient::naive),
          new Variant("fold", "add tiles of dX to the picture", ConvolutionInputGradient::fold),
          new Variant(
              "turned",
              "a convolution with the filters turned around",
              ConvolutionInputGradient::turned),
          new Variant(
              "winograd",
              "16 multiplications instead of 36",
              (u, dy, dyo, w, wo, dx, dxo) -> run(u, dy, dyo, w, wo, dx, dxo, Winograd.covers(u))));

  private static final boolean VECTOR = Lanes.bits() > 0;
  private static final Tiling TILING = Tiling.MACHINE;

  private ConvolutionInputGradient() {}

  /// The version that suits the shape.
  static void best(Unfolding u, float[] dy, int dyo, float[] weight, int wo, float[] dx, int dxo) {
    if (Depthwise.pays(u)) {
      Depthwise.inputGradient(u, dy, dyo, weight, wo, dx, dxo);
    } else {
      run(u, dy, dyo, weight, wo, dx, dxo, Winograd.pays(u));
    }
  }

  private static void run(
      Unfolding u,
      float[] dy,
      int dyo,
      float[] weight,
      int wo,
      float[] dx,
      int dxo,
      boolean winograd) {
    if (winograd) {
      Winograd.inputGradient(u, dy, dyo, weight, wo, dx, dxo);
    } else {
      turned(u, dy, dyo, weight, wo, dx, dxo);
    }
  }

  /// Every product of the definition, sent back to the pixel it came from.
  static void naive(Unfolding u, float[] dy, int dyo, float[] weight, int wo, float[] dx, int dxo) {
    double[] sum = new double[u.pictures * u.pictureSize()];
    Convolution.forEachProduct(
        u, (from, w, to) -> sum[from] += (double) dy[dyo + to] * weight[wo + w]);
    for (int i = 0; i < sum.length; i++) {
      dx[dxo + i] = (float) sum[i];
    }
  }

  /// `dX = Wᵀ·dY`, some pixels and channels at a time; what several rows of it have in common is
  /// added up in the picture.
  static void fold(Unfolding u, float[] dy, int dyo, float[] weight, int wo, float[] dx, int dxo) {
    LeftOperand[][][] filters = packTransposed(u, weight, wo);
    Runs runs = u.runs(PIXELS);
    Workers.parallel(
        u.pictures,
        n -> {
          float[] picture = Scratch.PICTURE.floats(u.borderedSize());
          Arrays.fill(picture, 0, u.borderedSize(), 0f);
          for (int g = 0; g < filters.length; g++) {
            int from = dyo + (n * u.filters + g * u.groupFilters) * u.pixels;
            Matrix gradient = Matrix.rowMajor(dy, from, u.groupFilters, u.pixels);
            for (int piece = 0; piece < runs.first.length - 1; piece++) {
              addPixels(u, runs, piece, filters[g], gradient, picture, g * u.groupSize());
            }
          }
          withoutBorder(u, picture, dx, dxo + n * u.pictureSize());
        });
  }

  /// The left operands `Wᵀ` (depth × filters): one for each group, some channels, and block of
  /// filters.
  private static LeftOperand[][][] packTransposed(Unfolding u, float[] weight, int wo) {
    int parts = Math.ceilDiv(u.groupChannels, CHANNELS);
    int blocks = Convolution.blocks(u.groupFilters);
    int places = u.kernelH * u.kernelW;
    float[] data = Scratch.LEFT.floats(u.filters * u.depth);
    LeftOperand[][][] filters = new LeftOperand[u.geometry.groups()][parts][blocks];
    for (int g = 0; g < filters.length; g++) {
      int to = g * u.groupFilters * u.depth;
      Matrix all = Matrix.rowMajor(weight, wo + to, u.groupFilters, u.depth).transpose();
      for (int part = 0; part < parts; part++) {
        int row = Tiling.start(part, parts, u.groupChannels) * places;
        int rows = Tiling.start(part + 1, parts, u.groupChannels) * places - row;
        for (int block = 0; block < blocks; block++) {
          int k = Tiling.start(block, blocks, u.groupFilters);
          int count = Tiling.start(block + 1, blocks, u.groupFilters) - k;
          LeftOperand left = LeftOperand.packed(TILING, data, to, rows, count);
          Matrix some = all.block(row, rows, k, count);
          for (int tile = 0; tile < left.tiles(); tile++) {
            left.pack(some, tile);
          }
          filters[g][part][block] = left;
          to += rows * count;
        }
      }
    }
    return filters;
  }

  /// All rows of dX for one piece of at most [#PIXELS] pixels, added to the bordered picture.
  private static void addPixels(
      Unfolding u,
      Runs runs,
      int piece,
      LeftOperand[][] filters,
      Matrix gradient,
      float[] picture,
      int at) {
    int p = piece * PIXELS;
    int columns = Math.min(PIXELS, u.pixels - p);
    int wide = TILING.wide();
    int panels = Math.ceilDiv(columns, wide);
    int pitch = panels * wide;
    float[] right = Scratch.PANEL.floats(u.groupFilters * pitch);
    for (int j = 0; j < columns; j += wide) {
      Matrix part = gradient.block(0, u.groupFilters, p + j, Math.min(wide, columns - j));
      Packing.copy(part, right, j * u.groupFilters, wide);
    }
    int row = 0;
    for (LeftOperand[] part : filters) {
      int rows = part[0].rows();
      float[] sums = Scratch.RESULT.floats(rows * pitch);
      for (int j = 0; j < columns; j += wide) {
        Matrix result = new Matrix(sums, j, rows, wide, pitch, 1);
        int k = 0;
        for (LeftOperand left : part) {
          left.multiply(0, left.tiles(), right, j * u.groupFilters + k * wide, wide, result, k > 0);
          k += left.depth();
        }
      }
      fold(u, runs, piece, sums, pitch, row, rows, picture, at);
      row += rows;
    }
  }

  /// Adds rows of dX to the pixels that the same rows of X are read from. Channels in the inner
  /// loop: neighbouring places of the filter add to the same pixels, and adding to what was written
  /// a moment ago would stall.
  private static void fold(
      Unfolding u,
      Runs runs,
      int piece,
      float[] sums,
      int pitch,
      int row,
      int rows,
      float[] picture,
      int at) {
    int places = u.kernelH * u.kernelW;
    int channels = rows / places;
    int plane = u.paddedHeight * u.paddedWidth;
    int begin = runs.at[runs.first[piece]];
    for (int place = 0; place < places; place++) {
      int to = at + u.row[row + place];
      for (int run = runs.first[piece]; run < runs.first[piece + 1]; run++) {
        int p = runs.at[run];
        int length = runs.at[run + 1] - p;
        int from = place * pitch + p - begin;
        if (VECTOR) {
          VectorUnfolding.fold(
              sums, from, places * pitch, picture, to + u.step[p], plane, channels, length);
        } else {
          for (int c = 0; c < channels; c++) {
            for (int j = 0; j < length; j++) {
              picture[to + u.step[p] + c * plane + j] += sums[from + c * places * pitch + j];
            }
          }
        }
      }
    }
  }

  private static void withoutBorder(Unfolding u, float[] picture, float[] dx, int to) {
    if (u.borderedSize() == u.pictureSize()) {
      System.arraycopy(picture, 0, dx, to, u.pictureSize());
      return;
    }
    for (int line = 0; line < u.channels * u.height; line++) {
      System.arraycopy(picture, Convolution.inside(u, line), dx, to + line * u.width, u.width);
    }
  }

  /// A pixel is the sum of what every place of the filters gives it: a convolution of dy, in which
  /// channels and filters have changed places and the filters are turned by half a circle.
  static void turned(
      Unfolding u, float[] dy, int dyo, float[] weight, int wo, float[] dx, int dxo) {
    var g = u.geometry;
    boolean dense = g.strideH() == 1 && g.strideW() == 1;
    if (!dense || 4L * u.height * u.width > 5L * u.pixels) {
      fold(u, dy, dyo, weight, wo, dx, dxo);
      return;
    }
    int places = u.kernelH * u.kernelW;
    int depth = u.groupFilters * places;
    float[] turned = Scratch.RESULT.floats(u.channels * depth);
    float[] packed = Scratch.LEFT.floats(u.channels * depth);
    LeftOperand[][] filters = new LeftOperand[g.groups()][];
    for (int group = 0; group < filters.length; group++) {
      int to = group * u.groupChannels * depth;
      for (int o = 0; o < u.groupFilters; o++) {
        int from = wo + (group * u.groupFilters + o) * u.depth;
        for (int c = 0; c < u.groupChannels; c++) {
          for (int i = 0; i < places; i++) {
            turned[to + c * depth + o * places + i] = weight[from + c * places + i];
          }
        }
      }
      Matrix all = Matrix.rowMajor(turned, to, u.groupChannels, depth);
      filters[group] = Convolution.pack(all, packed, to);
    }
    Convolution.multiply(
        filters, Strips.turned(u), u.pictures, dy, dyo, u.filters * u.pixels, dx, dxo);
  }
}
