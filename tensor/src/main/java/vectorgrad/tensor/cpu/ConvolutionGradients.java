package vectorgrad.tensor.cpu;

import java.util.Arrays;
import java.util.List;
import vectorgrad.tensor.cpu.Convolution.Variant;
import vectorgrad.tensor.cpu.Unfolding.Runs;

/// The gradients of [Convolution] with respect to its input and its filters, from the gradient `dy`
/// of its output: the definitions, then the fast versions.
///
/// | | product, for each picture and group | how X is used |
/// |---|---|---|
/// | input gradient | `dX = Wᵀ·dY` | each tile of dX is added to the picture where X would be read |
/// | weight gradient | `dWᵀ = Σ X·dYᵀ` | read by a [TableKernel], not even packed |
///
/// A sum over pictures is split into parts by shape and joined in order, so threads and lanes do
/// not show in the result.
final class ConvolutionGradients {
  /// Into how many partial sums the pictures of a weight gradient are split, at most.
  private static final int PARTS = 8;

  /// Elements of all partial sums together, at most.
  private static final int PARTIAL = 1 << 23;

  /// Pixels of an input gradient that are computed before they are added to the picture. The same
  /// for all lane widths, because it decides the order of the sums.
  private static final int PIXELS = 128;

  /// Channels whose part of dX is computed before it is added: it stays in the cache.
  private static final int CHANNELS = 8;

  /// All versions of the input gradient, the slowest first: dx from dy and the weight.
  static final List<Variant> INPUT_VARIANTS =
      List.of(
          new Variant("naive", "the definition", ConvolutionGradients::naiveInputGradient),
          new Variant(
              "implicit", "add tiles of dX to the picture", ConvolutionGradients::inputGradient));

  /// All versions of the weight gradient, the slowest first: dw from dy and x.
  static final List<Variant> WEIGHT_VARIANTS =
      List.of(
          new Variant("naive", "the definition", ConvolutionGradients::naiveWeightGradient),
          new Variant(
              "implicit",
              "read X from the picture by tables",
              ConvolutionGradients::weightGradient));

  private static final boolean VECTOR = Lanes.bits() > 0;
  private static final Tiling TILING = Tiling.MACHINE;

  private ConvolutionGradients() {}

  /// Every product of the definition, sent back to the pixel it came from.
  static void naiveInputGradient(
      Unfolding u, float[] dy, int dyo, float[] weight, int wo, float[] dx, int dxo) {
    double[] sum = new double[u.pictures * u.pictureSize()];
    forEachProduct(u, (from, w, to) -> sum[from] += (double) dy[dyo + to] * weight[wo + w]);
    for (int i = 0; i < sum.length; i++) {
      dx[dxo + i] = (float) sum[i];
    }
  }

  /// Every product of the definition, sent back to the weight it used.
  static void naiveWeightGradient(
      Unfolding u, float[] dy, int dyo, float[] x, int xo, float[] dw, int dwo) {
    double[] sum = new double[u.filters * u.depth];
    forEachProduct(u, (from, w, to) -> sum[w] += (double) dy[dyo + to] * x[xo + from]);
    for (int i = 0; i < sum.length; i++) {
      dw[dwo + i] = (float) sum[i];
    }
  }

  private interface Product {
    void visit(int x, int weight, int y);
  }

  private static void forEachProduct(Unfolding u, Product product) {
    for (int n = 0; n < u.pictures; n++) {
      for (int o = 0; o < u.filters; o++) {
        for (int h = 0; h < u.outHeight; h++) {
          for (int w = 0; w < u.outWidth; w++) {
            for (int c = 0; c < u.groupChannels; c++) {
              for (int i = 0; i < u.kernelH; i++) {
                for (int j = 0; j < u.kernelW; j++) {
                  int from = Convolution.input(u, n, o, c, h, w, i, j);
                  if (from >= 0) {
                    product.visit(
                        from, Convolution.weight(u, o, c, i, j), Convolution.output(u, n, o, h, w));
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// `dX = Wᵀ·dY`, some pixels and channels at a time; what several rows of it have in common is
  /// added up in the picture.
  static void inputGradient(
      Unfolding u, float[] dy, int dyo, float[] weight, int wo, float[] dx, int dxo) {
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
    int blocks = MatMul.blocks(u.groupFilters);
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
          for (int tile = 0; tile < left.tiles(); tile++) {
            left.pack(all.block(row, rows, k, count), tile);
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

  /// `dWᵀ = Σ X·dYᵀ`: pictures are split into parts by shape, each part has its sums, and these are
  /// joined in order.
  static void weightGradient(
      Unfolding u, float[] dy, int dyo, float[] x, int xo, float[] dw, int dwo) {
    int groups = u.geometry.groups();
    int last = (Math.ceilDiv(u.groupFilters, TILING.wide()) - 1) * TILING.wide();
    int pitch = last + TILING.panel(u.groupFilters - last);
    int size = u.depth * pitch;
    int parts =
        Math.min(
            u.pictures, Math.clamp(PARTIAL / ((long) groups * u.depth * u.groupFilters), 1, PARTS));
    float[] sums = Scratch.RESULT.floats(parts * groups * size);
    int together = Math.clamp(MatMul.DEPTH / u.pixels, 1, u.pictures);
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
    int blocks = MatMul.blocks(depth);
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
      if (VECTOR) {
        VectorUnfolding.add(sums, part * groups * size, sums, 0, groups * size);
      } else {
        for (int i = 0; i < groups * size; i++) {
          sums[i] += sums[part * groups * size + i];
        }
      }
    }
    for (int g = 0; g < groups; g++) {
      Matrix sum = new Matrix(sums, g * size, u.depth, u.groupFilters, pitch, 1);
      Packing.copy(sum.transpose(), dw, dwo + g * u.groupFilters * u.depth, u.depth);
    }
  }
}
