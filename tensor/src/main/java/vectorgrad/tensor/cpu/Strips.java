package vectorgrad.tensor.cpu;

import java.util.Arrays;

/// A picture that is unfolded along its width only: the X of a convolution, at a third of its cost
/// for filters of three rows.
///
/// For each channel and each column j of the filters there is a strip: the picture as that column
/// sees it, moved sideways, with zeros where it left the picture, and cut to the width of the
/// output. Rows of X that differ only in the row of the filter are the same strip, one or more
/// lines further down. And since a strip has the width of the output, pixels that follow one
/// another lie one after the other, across the ends of lines:
///
/// `X[k][p] = strips[row[k] + p]`
///
/// So vectors of pixels can be loaded wherever they begin, whatever the width of the picture is.
/// With a stride there is one strip for each remainder of the lines that the filter meets.
///
/// Source: Cho & Brand, *MEC: memory-efficient convolution for deep neural network*, 2017.
final class Strips {
  private static final boolean VECTOR = Lanes.bits() > 0;

  /// What a vector may write too much behind a strip.
  private static final int GAP = 16;

  /// Pixels of the output.
  final int pixels;

  /// Where each row of X begins in the strips of its group.
  final int[] row;

  /// From each row of X to the next.
  final int[] step;

  private final int groupChannels;
  private final int height;
  private final int width;
  private final int strideH;
  private final int strideW;
  private final int outWidth;
  private final int[] shifts; // of the columns of the filter
  private final int[] phases; // remainders of lines that the filter meets
  private final int first; // the line of the picture at the top of a strip, in strides
  private final int lines; // of a strip
  private final int[] tops; // the first line that is not above the picture, for each phase
  private final int[] bottoms; // the first line below it
  private final int[] lefts; // the first column that is not left of the picture, for each shift
  private final int[] rights; // the first column to its right

  /// @param channels channels of one group
  /// @param height of the picture, without a border
  /// @param width of the picture, without a border
  /// @param lineShifts for each row of the filter, which line of the picture it meets for the first
  ///   line of the output, possibly outside
  /// @param shifts the same for its columns
  /// @param strideH from line to line of the output
  /// @param strideW from column to column of the output
  /// @param outHeight lines of the output
  /// @param outWidth columns of the output
  Strips(
      int channels,
      int height,
      int width,
      int[] lineShifts,
      int[] shifts,
      int strideH,
      int strideW,
      int outHeight,
      int outWidth) {
    this.groupChannels = channels;
    this.height = height;
    this.width = width;
    this.strideH = strideH;
    this.strideW = strideW;
    this.outWidth = outWidth;
    this.shifts = shifts;
    this.pixels = outHeight * outWidth;
    int[] whole = new int[lineShifts.length];
    Arrays.setAll(whole, i -> Math.floorDiv(lineShifts[i], strideH));
    phases = Arrays.stream(lineShifts).map(s -> Math.floorMod(s, strideH)).distinct().toArray();
    first = Arrays.stream(whole).min().orElse(0);
    lines = outHeight + Arrays.stream(whole).max().orElse(0) - first;
    tops = new int[phases.length];
    bottoms = new int[phases.length];
    for (int i = 0; i < phases.length; i++) {
      tops[i] = Math.clamp(Math.ceilDiv(-phases[i], strideH) - first, 0, lines);
      bottoms[i] = Math.clamp(Math.ceilDiv(height - phases[i], strideH) - first, tops[i], lines);
    }
    lefts = new int[shifts.length];
    rights = new int[shifts.length];
    for (int j = 0; j < shifts.length; j++) {
      lefts[j] = Math.clamp(Math.ceilDiv(-shifts[j], strideW), 0, outWidth);
      rights[j] = Math.clamp(Math.ceilDiv(width - shifts[j], strideW), lefts[j], outWidth);
    }
    row = new int[channels * lineShifts.length * shifts.length];
    int[] place = new int[lineShifts.length]; // of each row of the filter in its strips
    for (int i = 0; i < place.length; i++) {
      int phase = 0;
      while (phases[phase] != Math.floorMod(lineShifts[i], strideH)) {
        phase++;
      }
      place[i] = phase * stripSize() + (whole[i] - first) * outWidth;
    }
    int k = 0;
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < place.length; i++) {
        for (int j = 0; j < shifts.length; j++) {
          row[k++] = c * channelSize() + j * phases.length * stripSize() + place[i];
        }
      }
    }
    step = new int[row.length];
    for (int i = 0; i + 1 < row.length; i++) {
      step[i] = row[i + 1] - row[i];
    }
  }

  /// The strips that a convolution multiplies its filters with.
  static Strips of(Unfolding u) {
    var g = u.geometry;
    return new Strips(
        u.groupChannels,
        u.height,
        u.width,
        shifts(u.kernelH, g.dilationH(), -g.paddingH()),
        shifts(u.kernelW, g.dilationW(), -g.paddingW()),
        g.strideH(),
        g.strideW(),
        u.outHeight,
        u.outWidth);
  }

  /// Which line or column each tap of a filter meets first.
  static int[] shifts(int taps, int dilation, int first) {
    int[] shifts = new int[taps];
    for (int i = 0; i < taps; i++) {
      shifts[i] = first + i * dilation;
    }
    return shifts;
  }

  /// Channels of one group.
  int groupChannels() {
    return groupChannels;
  }

  /// The strips of dy that the gradient of the input, of a convolution of stride 1, multiplies the
  /// turned filters with.
  static Strips turned(Unfolding u) {
    var g = u.geometry;
    return new Strips(
        u.groupFilters,
        u.outHeight,
        u.outWidth,
        shifts(u.kernelH, -g.dilationH(), g.paddingH()),
        shifts(u.kernelW, -g.dilationW(), g.paddingW()),
        1,
        1,
        u.height,
        u.width);
  }

  private int stripSize() {
    return lines * outWidth + (isPicture() ? 0 : GAP);
  }

  /// Elements of the strips of one channel.
  int channelSize() {
    return shifts.length * phases.length * stripSize();
  }

  /// Whether the picture is its own strips, as it is for filters of one pixel.
  boolean isPicture() {
    return shifts.length == 1
        && shifts[0] == 0
        && strideW == 1
        && outWidth == width
        && phases.length == 1
        && strideH == 1
        && first == 0
        && lines == height;
  }

  /// Cuts some channels, which begin at `from` in x, into strips that begin at `begin`.
  void cut(float[] x, int from, int channels, float[] to, int begin) {
    int plane = height * width;
    if (isPicture()) {
      System.arraycopy(x, from, to, begin, channels * plane);
      return;
    }
    int at = begin;
    for (int j = 0; j < shifts.length; j++) {
      for (int phase = 0; phase < phases.length; phase++) {
        int top = from + ((tops[phase] + first) * strideH + phases[phase]) * width + shifts[j];
        int bottom = top + (bottoms[phase] - tops[phase] - 1) * strideH * width;
        int safe = 0;
        int last = 0;
        if (VECTOR && strideW <= 2 && tops[phase] < bottoms[phase]) {
          last = channels;
          while (safe < last && top + safe * plane < 0) {
            safe++;
          }
          while (last > safe
              && !VectorUnfolding.inside(x, bottom + (last - 1) * plane, strideW, outWidth)) {
            last--;
          }
        }
        if (safe < last) {
          vectors(x, top + safe * plane, j, phase, last - safe, to, at + safe * channelSize());
        }
        for (int c = 0; c < channels; c++) {
          if (c < safe || c >= last) {
            elements(x, top + c * plane, j, phase, to, at + c * channelSize());
          }
        }
        at += stripSize();
      }
    }
  }

  /// One strip of some channels.
  private void vectors(float[] x, int at, int j, int phase, int channels, float[] to, int begin) {
    int top = tops[phase];
    int bottom = bottoms[phase];
    int distance = channelSize();
    VectorUnfolding.zeros(to, begin, top * outWidth, channels, distance);
    VectorUnfolding.lines(
        x,
        at,
        height * width,
        strideH * width,
        strideW,
        channels,
        bottom - top,
        outWidth,
        lefts[j],
        rights[j],
        to,
        begin + top * outWidth,
        distance);
    int below = (lines - bottom) * outWidth;
    VectorUnfolding.zeros(to, begin + bottom * outWidth, below, channels, distance);
  }

  /// One strip of one channel.
  private void elements(float[] x, int at, int j, int phase, float[] to, int begin) {
    Arrays.fill(to, begin, begin + lines * outWidth, 0f);
    for (int line = tops[phase]; line < bottoms[phase]; line++) {
      int from = at + (line - tops[phase]) * strideH * width;
      int target = begin + line * outWidth;
      for (int i = lefts[j]; i < rights[j]; i++) {
        to[target + i] = x[from + i * strideW];
      }
    }
  }
}
