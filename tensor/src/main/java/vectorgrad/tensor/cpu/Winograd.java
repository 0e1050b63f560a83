package vectorgrad.tensor.cpu;

import java.util.Arrays;
import vectorgrad.tensor.cpu.MicroKernels.Left;

/// The convolution with filters of 3×3 and stride 1, and its gradients, with 16 multiplications
/// where the definition has 36: Winograd's minimal filtering F(2×2, 3×3).
///
/// Two neighbouring results of a filter of three places need four products, not six:
///
/// ```
/// m0 = (d0 − d2)·g0          m1 = (d1 + d2)·(g0 + g1 + g2)/2     y0 = m0 + m1 + m2
/// m3 = (d1 − d3)·g2          m2 = (d2 − d1)·(g0 − g1 + g2)/2     y1 = m1 − m2 − m3
/// ```
///
/// In two dimensions, with the additions written as matrices,
///
/// `Y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A`
///
/// where d are the 4×4 pixels that a *tile* of 2×2 results sees. Sums over channels are taken
/// before the last transform, so each of the 16 places of ⊙ is a matrix product, and the gradients
/// are the adjoint of every step:
///
/// | pass | product, for each place | before | after |
/// |---|---|---|---|
/// | forward | M (tiles × filters) = V (tiles × channels) · U | `Bᵀ d B`, `G g Gᵀ` | `Aᵀ M A` |
/// | for the input | the same of dy, with the filters turned by half a circle | | |
/// | for the weight | dU (filters × channels) = dMᵀ (filters × tiles) · V | `A dy Aᵀ` | `Gᵀ dU G` |
///
/// Pictures are turned to have their channels last, so that vectors hold channels: then tiles
/// overlap as they like, edges included, and a transform writes what the micro-kernels read; only U
/// is packed. Tiles are computed a block of rows at a time, so that V and M stay in L2. Blocks are
/// cut by shape, so threads do not show in the result, and neither do lanes.
///
/// **Numerics.** Other numbers are rounded than in the definition. Against its sums in f64 (2
/// pictures of 64 × 16 × 16 from a normal distribution, 64 filters) the error is no larger, since a
/// ninth as many products are summed one by one; with 512 channels it is nearly twice as large:
///
/// | | strips, tables: most | rms | here: most | rms | rms of the values |
/// |---|---|---|---|---|---|
/// | y | 5.2e-5 | 6.9e-6 | 3.4e-5 | 6.1e-6 | 23 |
/// | dX | 4.8e-5 | 6.8e-6 | 3.3e-5 | 6.1e-6 | 23 |
/// | dW | 5.0e-5 | 6.0e-6 | 2.5e-5 | 3.9e-6 | 22 |
/// | y, 512 channels | 1.3e-4 | 2.6e-5 | 2.5e-4 | 4.5e-5 | 65 |
///
/// A NaN or an infinity reaches all of the 2×2 results of every tile that sees it, as a NaN or an
/// infinity; in the definition, only those that the filter takes it to.
///
/// Measured in ms, one thread, 32 pictures (Zen 4; strips and tables in brackets):
///
/// | channels → filters, pixels | forward | for the input | for the weight |
/// |---|---|---|---|
/// | 64 → 64, 16² | 3.8 (6.3) | 3.9 (6.3) | 4.3 (7.3) |
/// | 32 → 32, 32² | 5.3 (6.6) | 5.4 (6.6) | 5.3 (7.4) |
/// | 128 → 128, 8² | 3.5 (5.8) | 3.5 (6.0) | 4.5 (7.6) |
/// | 16 → 16, 32², too few | 2.4 (1.8) | 2.4 (1.8) | 2.3 (2.5) |
///
/// Source: Winograd, *Arithmetic complexity of computations*, 1980; Lavin & Gray, *Fast algorithms
/// for convolutional neural networks*, 2015.
final class Winograd {
  /// Places of ⊙.
  private static final int PLACES = 16;

  /// The most channels, filters, and pixels of a line.
  private static final int MOST = 512;

  /// About as many tiles are computed together, fewer if there would be less than [#PARTS] blocks.
  private static final int TILES = 64;

  /// Channels that are turned together: a cache line of the slab. They are copied first, since long
  /// pieces come faster from memory than one line of each.
  private static final int TOGETHER = 16;

  /// Into how many parts is cut what has fewer pieces of a good size; the most sums of the weight's
  /// gradient, and the most elements of all together.
  private static final int PARTS = 8;

  private static final int PARTIAL = 1 << 23;

  private static final Tiling TILING = Tiling.MACHINE;

  private final int channels;
  private final int filters;
  private final int height;
  private final int width;
  private final int outHeight;
  private final int outWidth;
  private final int paddingH;
  private final int paddingW;
  private final int down; // tiles
  private final int across;
  private final int rows; // of tiles, of all pictures
  private final int blocks;
  private final int most; // tiles in a block
  private final int channelPitch;
  private final int filterPitch;
  private final int[] places; // of ⊙ in V
  private final int[] products; // of ⊙ in M
  private final int productPitch; // from tile to tile

  private Winograd(
      int pictures,
      int channels,
      int filters,
      int height,
      int width,
      int outHeight,
      int outWidth,
      int paddingH,
      int paddingW) {
    this.channels = channels;
    this.filters = filters;
    this.height = height;
    this.width = width;
    this.outHeight = outHeight;
    this.outWidth = outWidth;
    this.paddingH = paddingH;
    this.paddingW = paddingW;
    down = Math.ceilDiv(outHeight, 2);
    across = Math.ceilDiv(outWidth, 2);
    rows = pictures * down;
    int wanted = Math.clamp((long) rows * across / PARTS, TILES / 4, TILES);
    blocks = Math.clamp((long) rows * across / wanted, 1, rows);
    most = Math.ceilDiv(rows, blocks) * across;
    channelPitch = pitch(channels);
    filterPitch = pitch(filters);
    int together = MicroKernels.PITCH / channelPitch;
    places = new int[PLACES];
    Arrays.setAll(
        places, i -> i / together * most * MicroKernels.PITCH + i % together * channelPitch);
    products = new int[PLACES];
    Arrays.setAll(products, i -> i * filterPitch);
    productPitch = PLACES * filterPitch + 16; // not all in the same set of the cache
  }

  /// The whole panels that hold `columns` columns.
  private static int pitch(int columns) {
    int last = (columns - 1) / TILING.wide() * TILING.wide();
    return last + TILING.panel(columns - last);
  }

  /// Whether a convolution is one of those this class computes.
  static boolean covers(Unfolding u) {
    var g = u.geometry;
    return u.kernelH == 3
        && u.kernelW == 3
        && g.strideH() == 1
        && g.strideW() == 1
        && g.dilationH() == 1
        && g.dilationW() == 1
        && g.groups() == 1
        && g.paddingH() <= 2
        && g.paddingW() <= 2
        && Math.max(u.channels, u.filters) <= MOST
        && Math.max(u.width, u.outWidth) <= MOST
        && Math.min(u.channels, u.filters) > 0
        && u.pictures > 0
        && Math.min(u.pixels, u.height * u.width) > 0;
  }

  /// Whether it is worth the transforms: they are paid back by channels and filters, 24 of each or
  /// 16 with 64 of the other, and that of the filters by tiles. Doubles are for those who want the
  /// definition.
  static boolean pays(Unfolding u) {
    long tiles = u.pictures * (long) Math.min(u.pixels, u.height * u.width) / 4;
    return MicroKernels.bits(float.class) == Float.SIZE
        && covers(u)
        && u.channels * u.filters >= 12 * (u.channels + u.filters)
        && tiles >= TILES;
  }

  private static Winograd of(Unfolding u) {
    var g = u.geometry;
    return new Winograd(
        u.pictures,
        u.channels,
        u.filters,
        u.height,
        u.width,
        u.outHeight,
        u.outWidth,
        g.paddingH(),
        g.paddingW());
  }

  /// Y from x.
  static void forward(Unfolding u, float[] x, int xo, float[] weight, int wo, float[] y, int yo) {
    Winograd winograd = of(u);
    float[] filters = winograd.filters(weight, wo, 9, u.depth, false);
    winograd.multiply(x, xo, filters, y, yo);
  }

  /// dX from dy: a convolution in which channels and filters have changed places.
  static void inputGradient(
      Unfolding u, float[] dy, int dyo, float[] weight, int wo, float[] dx, int dxo) {
    var g = u.geometry;
    Winograd turned =
        new Winograd(
            u.pictures,
            u.filters,
            u.channels,
            u.outHeight,
            u.outWidth,
            u.height,
            u.width,
            2 - g.paddingH(),
            2 - g.paddingW());
    turned.multiply(dy, dyo, turned.filters(weight, wo, u.depth, 9, true), dx, dxo);
  }

  /// U, for each place channels × filters in packed panels.
  ///
  /// @param channel from a channel to the next in `weight`
  /// @param filter from a filter to the next
  private float[] filters(float[] weight, int wo, int channel, int filter, boolean turned) {
    float[] packed = Scratch.LEFT.floats(PLACES * channels * filterPitch);
    int[] from = new int[9];
    Arrays.setAll(from, i -> (turned ? 8 - i : i) * filterPitch);
    int[] to = new int[PLACES];
    Arrays.setAll(to, i -> i * channels * filterPitch);
    int parts = Math.min(PARTS, channels);
    Workers.parallel(
        parts,
        part -> {
          float[] line = Scratch.PANEL.floats(9 * filterPitch);
          int last = Tiling.start(part + 1, parts, channels);
          for (int c = Tiling.start(part, parts, channels); c < last; c++) {
            Matrix all = new Matrix(weight, wo + c * channel, 9, filters, 1, filter);
            Packing.copy(all, line, 0, filterPitch);
            for (int j = 0; j < filters; j += TILING.wide()) {
              int columns = TILING.panel(filters - j);
              int at = j * channels + c * columns;
              TileTransform.FILTER.run(line, j, from, 0, packed, at, to, 0, 1, columns);
            }
          }
        });
    return packed;
  }

  private int start(int block) {
    return Tiling.start(block, blocks, rows);
  }

  private void multiply(float[] x, int xo, float[] packed, float[] y, int yo) {
    Workers.parallel(
        blocks,
        block -> {
          int first = start(block);
          int last = start(block + 1);
          int tiles = (last - first) * across;
          float[] v = Scratch.PICTURE.floats(places[PLACES - 1] + most * MicroKernels.PITCH);
          float[] m = Scratch.RIGHT.floats(most * productPitch);
          input(x, xo, first, last, v);
          for (int place = 0; place < PLACES; place++) {
            for (int j = 0; j < filters; j += TILING.wide()) {
              int columns = TILING.panel(filters - j);
              int right = (place * filterPitch + j) * channels;
              for (int tile = 0; tile < TILING.tiles(tiles); tile++) {
                int i = TILING.row(tile, tiles);
                int height = TILING.row(tile + 1, tiles) - i;
                TILING
                    .kernel(Left.ROWS, height, columns)
                    .tile(
                        v,
                        places[place] + i * MicroKernels.PITCH,
                        MicroKernels.PITCH,
                        packed,
                        right,
                        columns,
                        channels,
                        m,
                        i * productPitch + products[place] + j,
                        productPitch,
                        false);
              }
            }
          }
          output(m, first, last, y, yo);
        });
  }

  /// V of some rows of tiles.
  private void input(float[] x, int xo, int first, int last, float[] v) {
    int columns = 2 * across + 2;
    int[] from = square(4, columns * channelPitch, channelPitch);
    int to = 0;
    for (int row = first, next; row < last; row = next) {
      int n = row / down;
      next = Math.min(last, (n + 1) * down);
      int lines = 2 * (next - row) + 2;
      float[] slab = Scratch.PANEL.floats(lines * columns * channelPitch);
      int top = 2 * (row - n * down) - paddingH;
      int picture = xo + n * channels * height * width;
      slab(x, picture, channels, height, width, top, paddingW, lines, columns, slab, channelPitch);
      for (int r = 0; r < next - row; r++) {
        int at = 2 * r * columns * channelPitch;
        TileTransform.INPUT.run(
            slab, at, from, 2 * channelPitch, v, to, places, MicroKernels.PITCH, across, channels);
        to += across * MicroKernels.PITCH;
      }
    }
  }

  /// Where the numbers of a square are.
  private static int[] square(int size, int line, int column) {
    int[] places = new int[size * size];
    Arrays.setAll(places, i -> i / size * line + i % size * column);
    return places;
  }

  /// Some lines of a picture with its channels last and zeros around it.
  private static void slab(
      float[] x,
      int from,
      int channels,
      int height,
      int width,
      int top,
      int left,
      int lines,
      int columns,
      float[] slab,
      int pitch) {
    int begin = Math.max(0, -top);
    int end = Math.min(lines, height - top);
    for (int line = 0; line < lines; line++) {
      int to = line * columns * pitch;
      boolean inside = begin <= line && line < end;
      int right = inside ? to + (left + width) * pitch : to;
      Arrays.fill(slab, to, inside ? to + left * pitch : to, 0f);
      Arrays.fill(slab, right, to + columns * pitch, 0f);
    }
    int pixels = Math.max(0, end - begin) * width;
    float[] near = Scratch.TILE.floats(TOGETHER * pixels);
    for (int c = 0; c < channels; c += TOGETHER) {
      int count = Math.min(TOGETHER, channels - c);
      for (int i = 0; i < count; i++) {
        int at = from + ((c + i) * height + top + begin) * width;
        System.arraycopy(x, at, near, i * pixels, pixels);
      }
      for (int line = begin; line < end; line++) {
        Matrix turned = new Matrix(near, (line - begin) * width, width, count, 1, pixels);
        Packing.into(turned, slab, (line * columns + left) * pitch + c, pitch);
      }
    }
  }

  /// Y of some rows of tiles, from M.
  private void output(float[] m, int first, int last, float[] y, int yo) {
    int line = outWidth * filterPitch;
    int[] to = square(2, line, filterPitch);
    int at = 0;
    for (int row = first, next; row < last; row = next) {
      int n = row / down;
      next = Math.min(last, (n + 1) * down);
      // what the last tile of a row has too much is the beginning of a line that is written later
      float[] slab = Scratch.PANEL.floats((2 * (next - row) + 1) * line);
      for (int r = 0; r < next - row; r++) {
        TileTransform.OUTPUT.run(
            m,
            at,
            products,
            productPitch,
            slab,
            2 * r * line,
            to,
            2 * filterPitch,
            across,
            filters);
        at += across * productPitch;
      }
      int h = 2 * (row - n * down);
      int pixels = (Math.min(outHeight, 2 * (next - n * down)) - h) * outWidth;
      int begin = yo + (n * filters * outHeight + h) * outWidth;
      Matrix planes = new Matrix(slab, 0, filters, pixels, 1, filterPitch);
      Packing.into(planes, y, begin, outHeight * outWidth);
    }
  }

  /// dW from dy and x: rows of tiles are split into parts by shape, each part has its sums, and
  /// these are joined in order.
  static void weightGradient(
      Unfolding u, float[] dy, int dyo, float[] x, int xo, float[] dw, int dwo) {
    Winograd winograd = of(u);
    int size = PLACES * u.filters * winograd.channelPitch;
    int parts = Math.clamp(PARTIAL / size, 1, Math.min(PARTS, winograd.blocks));
    float[] sums = Scratch.RESULT.floats(parts * size);
    Workers.parallel(
        parts,
        part -> {
          int begin = Tiling.start(part, parts, winograd.blocks);
          int end = Tiling.start(part + 1, parts, winograd.blocks);
          for (int block = begin; block < end; block++) {
            winograd.addBlock(block, dy, dyo, x, xo, sums, part * size, block > begin);
          }
        });
    winograd.join(sums, parts, size, dw, dwo);
  }

  /// dU of a block.
  private void addBlock(
      int block, float[] dy, int dyo, float[] x, int xo, float[] sums, int to, boolean add) {
    int first = start(block);
    int last = start(block + 1);
    float[] v = Scratch.PICTURE.floats(places[PLACES - 1] + most * MicroKernels.PITCH);
    float[] dm = Scratch.RIGHT.floats(most * productPitch);
    input(x, xo, first, last, v);
    slopes(dy, dyo, first, last, dm);
    for (int place = 0; place < PLACES; place++) {
      for (int tile = 0; tile < TILING.tiles(filters); tile++) {
        int i = TILING.row(tile, filters);
        int height = TILING.row(tile + 1, filters) - i;
        for (int j = 0; j < channels; j += TILING.wide()) {
          int columns = TILING.panel(channels - j);
          TILING
              .kernel(Left.COLUMNS, height, columns)
              .tile(
                  dm,
                  products[place] + i,
                  productPitch,
                  v,
                  places[place] + j,
                  MicroKernels.PITCH,
                  (last - first) * across,
                  sums,
                  to + (place * filters + i) * channelPitch + j,
                  channelPitch,
                  add);
        }
      }
    }
  }

  /// dM of some rows of tiles.
  private void slopes(float[] dy, int dyo, int first, int last, float[] dm) {
    int columns = 2 * across;
    int[] from = square(2, columns * filterPitch, filterPitch);
    int to = 0;
    for (int row = first, next; row < last; row = next) {
      int n = row / down;
      next = Math.min(last, (n + 1) * down);
      int lines = 2 * (next - row);
      float[] slab = Scratch.PANEL.floats(lines * columns * filterPitch);
      int top = 2 * (row - n * down);
      int picture = dyo + n * filters * outHeight * outWidth;
      slab(dy, picture, filters, outHeight, outWidth, top, 0, lines, columns, slab, filterPitch);
      for (int r = 0; r < next - row; r++) {
        int at = 2 * r * columns * filterPitch;
        TileTransform.SLOPE.run(
            slab, at, from, 2 * filterPitch, dm, to, products, productPitch, across, filters);
        to += across * productPitch;
      }
    }
  }

  /// Adds the parts in order and leads the sum back to filters.
  private void join(float[] sums, int parts, int size, float[] dw, int dwo) {
    int[] from = new int[PLACES];
    Arrays.setAll(from, i -> i * filters * channelPitch);
    int[] to = new int[9];
    Arrays.setAll(to, i -> i * channelPitch);
    int plane = filters * channelPitch;
    Workers.parallel(
        PLACES,
        place -> {
          for (int part = 1; part < parts; part++) {
            int more = part * size + place * plane;
            ConvolutionWeightGradient.add(sums, more, sums, place * plane, plane);
          }
        });
    int tasks = Math.min(PARTS, filters);
    Workers.parallel(
        tasks,
        task -> {
          float[] line = Scratch.PANEL.floats(9 * channelPitch);
          int last = Tiling.start(task + 1, tasks, filters);
          for (int o = Tiling.start(task, tasks, filters); o < last; o++) {
            int at = o * channelPitch;
            TileTransform.WEIGHT.run(sums, at, from, 0, line, 0, to, 0, 1, channels);
            Matrix all = new Matrix(line, 0, channels, 9, 1, channelPitch);
            Packing.copy(all, dw, dwo + o * channels * 9, 9);
          }
        });
  }
}
