package vectorgrad.tensor.cpu;

import java.util.Arrays;

/// The convolution whose filters see one channel each, and its gradients.
///
/// As a matrix product it would have as many rows as there are filters for a channel, often one,
/// and would use what it loads only once. So here a vector holds neighbouring pixels of one line,
/// and each tap of the filter is one broadcast weight:
///
/// | | |
/// |---|---|
/// | forward | `y[h, w] = Σₖ weight[k]·x[offset[k] + h·pitch + w]` |
/// | input gradient | the same on dy, turned; with zeros between its pixels if there is a stride |
/// | weight gradient | `dw[k] = Σₚ dy[p]·x[offset[k] + p]`, in sixteen sums whatever the lanes are |
///
/// x is a plane with its border, from [Strips] that are wide enough for all columns of the filter;
/// with a stride there are several, of every second line or column. So all of it is stride 1.
///
/// Lines are walked to the end of their border, where dy is zero. So an infinity of x makes NaN of
/// all weight gradients of its channel, also of taps that do not see it.
///
/// Planes are shared out to threads, for the weight's gradient channels. Threads and lanes do not
/// show in the result.
final class Depthwise {
  /// Partial sums of one element of a weight's gradient: the lanes of the widest vector.
  static final int SUMS = 16;

  /// From so many filters for each channel on, the matrix product is faster.
  private static final int FILTERS = 8;

  /// Elements of the planes of one task, about: they stay in the first cache.
  private static final int TASK = 1 << 12;

  private static final boolean VECTOR = Lanes.bits() > 0;

  private final Strips strips;
  private final int[] offset; // of each tap
  private final int pitch;
  private final int height; // of the result
  private final int width;

  /// @param channels planes of one group
  /// @param height of a plane, without its border
  /// @param width of a plane, without its border
  /// @param lineShifts for each line of the filter, which line of the plane it meets for the first
  ///   line of the result, possibly outside
  /// @param shifts the same for its columns
  private Depthwise(
      int channels,
      int height,
      int width,
      int[] lineShifts,
      int[] shifts,
      int strideH,
      int strideW,
      int outHeight,
      int outWidth) {
    int last = shifts.length - 1;
    int least = Math.floorDiv(shifts[0], strideW);
    pitch = outWidth + Math.floorDiv(shifts[last], strideW) - least;
    int[] starts = Strips.shifts(strideW, 1, least * strideW);
    strips =
        new Strips(channels, height, width, lineShifts, starts, strideH, strideW, outHeight, pitch);
    offset = new int[channels * lineShifts.length * shifts.length];
    for (int k = 0; k < offset.length; k++) {
      int column = shifts[k % shifts.length] - starts[0];
      offset[k] = strips.row[k / shifts.length * strideW + column % strideW] + column / strideW;
    }
    this.height = outHeight;
    this.width = outWidth;
  }

  /// Whether this is the faster way.
  static boolean pays(Unfolding u) {
    return u.groupChannels == 1 && u.groupFilters < FILTERS && u.pixels > 0;
  }

  private static Depthwise of(Unfolding u) {
    var g = u.geometry;
    return new Depthwise(
        1,
        u.height,
        u.width,
        Strips.shifts(u.kernelH, g.dilationH(), -g.paddingH()),
        Strips.shifts(u.kernelW, g.dilationW(), -g.paddingW()),
        g.strideH(),
        g.strideW(),
        u.outHeight,
        u.outWidth);
  }

  static void forward(Unfolding u, float[] x, int xo, float[] weight, int wo, float[] y, int yo) {
    of(u).planes(u, u.groupFilters, 1, 1, x, xo, u.height, u.width, weight, wo, y, yo);
  }

  static void inputGradient(
      Unfolding u, float[] dy, int dyo, float[] weight, int wo, float[] dx, int dxo) {
    var g = u.geometry;
    int taps = u.kernelH * u.kernelW;
    float[] turned = Scratch.LEFT.floats(u.filters * taps);
    for (int i = 0; i < u.filters * taps; i++) {
      turned[i] = weight[wo + i / taps * taps + taps - 1 - i % taps];
    }
    new Depthwise(
            u.groupFilters,
            (u.outHeight - 1) * g.strideH() + 1,
            (u.outWidth - 1) * g.strideW() + 1,
            Strips.shifts(u.kernelH, g.dilationH(), g.paddingH() - (u.kernelH - 1) * g.dilationH()),
            Strips.shifts(u.kernelW, g.dilationW(), g.paddingW() - (u.kernelW - 1) * g.dilationW()),
            1,
            1,
            u.height,
            u.width)
        .planes(
            u, 1, g.strideH(), g.strideW(), dy, dyo, u.outHeight, u.outWidth, turned, 0, dx, dxo);
  }

  /// All groups of all pictures, some at a time: each has some planes, and `results` planes that
  /// are computed from them.
  private void planes(
      Unfolding u,
      int results,
      int apartH,
      int apartW,
      float[] x,
      int xo,
      int lines,
      int columns,
      float[] weight,
      int wo,
      float[] y,
      int yo) {
    int channels = strips.groupChannels();
    int size = channels * strips.channelSize();
    int all = u.pictures * u.channels;
    int together = together(size);
    int pixels = height * width;
    Workers.parallel(
        Math.ceilDiv(all, together),
        task -> {
          int first = task * together;
          int count = Math.min(together, all - first);
          float[] own = Scratch.PICTURE.floats(count * size + SUMS);
          int from = xo + first * channels * lines * columns;
          if (apartH > 1 || apartW > 1) {
            float[] apart = spread(x, from, count * channels, lines, columns, apartH, apartW);
            strips.cut(apart, 0, count * channels, own, 0);
          } else {
            strips.cut(x, from, count * channels, own, 0);
          }
          int planes = count * results;
          for (int i = 0; i < planes; i++) {
            int plane = first * results + i;
            int filter = wo + plane % (u.channels * results) * offset.length;
            int at = i / results * size;
            if (width < SUMS && (planes - 1 - i) * pixels < SUMS) { // a vector may reach beyond
              float[] last = Scratch.TILE.floats(pixels + SUMS);
              plane(own, at, weight, filter, last, 0);
              System.arraycopy(last, 0, y, yo + plane * pixels, pixels);
            } else {
              plane(own, at, weight, filter, y, yo + plane * pixels);
            }
          }
        });
  }

  private static int together(int size) {
    return Math.clamp(TASK / size, 1, SUMS);
  }

  /// Planes with zeros between their pixels.
  private static float[] spread(
      float[] x, int from, int planes, int height, int width, int apartH, int apartW) {
    int wide = (width - 1) * apartW + 1;
    int size = ((height - 1) * apartH + 1) * wide;
    float[] apart = Scratch.PANEL.floats(planes * size);
    Arrays.fill(apart, 0, planes * size, 0f);
    for (int line = 0; line < planes * height; line++) {
      int to = line / height * size + line % height * apartH * wide;
      int at = from + line * width;
      for (int w = 0; w < width; w++) {
        apart[to + w * apartW] = x[at + w];
      }
    }
    return apart;
  }

  /// One plane of a result.
  private void plane(float[] x, int at, float[] weight, int wo, float[] y, int yo) {
    if (VECTOR) {
      if (offset.length == 9 && offset[3] == offset[0] + pitch && offset[6] == offset[3] + pitch) {
        VectorUnfolding.weighThree(x, at, offset, pitch, weight, wo, y, yo, height, width);
      } else {
        VectorUnfolding.weigh(x, at, offset, pitch, weight, wo, y, yo, height, width);
      }
      return;
    }
    Arrays.fill(y, yo, yo + height * width, 0f);
    for (int k = 0; k < offset.length; k++) {
      for (int h = 0; h < height; h++) {
        int from = at + offset[k] + h * pitch;
        int to = yo + h * width;
        for (int w = 0; w < width; w++) {
          y[to + w] = Math.fma(weight[wo + k], x[from + w], y[to + w]);
        }
      }
    }
  }

  static void weightGradient(
      Unfolding u, float[] dy, int dyo, float[] x, int xo, float[] dw, int dwo) {
    Depthwise pictures = of(u);
    Strips strips = pictures.strips;
    int[] offset = pictures.offset;
    int[] none = {0};
    int pitch = pictures.pitch;
    Strips gradients = new Strips(1, u.outHeight, u.outWidth, none, none, 1, 1, u.outHeight, pitch);
    int size = strips.channelSize();
    int gradientSize = gradients.channelSize();
    int pixels = (u.outHeight - 1) * pitch + u.outWidth;
    if (!strips.isPicture() && !gradients.isPicture()) { // behind each plane are zeros
      pixels = Math.ceilDiv(pixels, SUMS) * SUMS;
    }
    int products = pixels;
    int together = together(size + u.groupFilters * gradientSize);
    float[] sums = Scratch.RESULT.floats(u.filters * u.depth * SUMS);
    Arrays.fill(sums, 0, u.filters * u.depth * SUMS, 0f);
    Workers.parallel(
        Math.ceilDiv(u.channels, together),
        task -> {
          int c = task * together;
          int count = Math.min(together, u.channels - c);
          int o = c * u.groupFilters;
          int filters = count * u.groupFilters;
          float[] own = Scratch.PICTURE.floats(count * size + SUMS);
          float[] slopes = Scratch.PANEL.floats(filters * gradientSize + SUMS);
          Arrays.fill(own, 0, count * size + SUMS, 0f); // what lies behind a plane is no number
          Arrays.fill(slopes, 0, filters * gradientSize + SUMS, 0f);
          for (int n = 0; n < u.pictures; n++) {
            int from = xo + (n * u.channels + c) * u.height * u.width;
            strips.cut(x, from, count, own, 0);
            gradients.cut(dy, dyo + (n * u.filters + o) * u.pixels, filters, slopes, 0);
            for (int i = 0; i < filters; i++) {
              int at = i / u.groupFilters * size;
              int to = (o + i) * u.depth * SUMS;
              products(own, at, offset, slopes, i * gradientSize, products, sums, to);
            }
          }
        });
    for (int i = 0; i < u.filters * u.depth; i++) {
      float sum = 0;
      for (int j = 0; j < SUMS; j++) {
        sum += sums[i * SUMS + j];
      }
      dw[dwo + i] = sum;
    }
  }

  /// Adds what one plane gives to the sums of all taps of its filter.
  private static void products(
      float[] x, int at, int[] offset, float[] dy, int from, int pixels, float[] sums, int so) {
    int p = 0;
    if (VECTOR) {
      p = pixels / SUMS * SUMS;
      VectorUnfolding.products(x, at, offset, dy, from, p, sums, so);
    }
    for (; p < pixels; p++) {
      for (int k = 0; k < offset.length; k++) {
        int to = so + k * SUMS + p % SUMS;
        sums[to] = Math.fma(dy[from + p], x[at + offset[k] + p], sums[to]);
      }
    }
  }
}
