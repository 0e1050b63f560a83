package vectorgrad.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The loops of [Convolution] and [ConvolutionInputGradient] that move pieces of pictures, with
/// vectors.
///
/// The lines of small pictures are shorter than a vector. Masks would do, but are slow on machines
/// that emulate them, so short runs use vectors of half and a quarter of the width.
final class VectorUnfolding {
  private static final VectorSpecies<Float> FULL = species(1);
  private static final VectorSpecies<Float> HALF = species(2);
  private static final VectorSpecies<Float> QUARTER = species(4);
  private static final Class<? extends FloatVector> EXACT =
      FULL.vectorType().asSubclass(FloatVector.class);
  private static final Class<? extends FloatVector> EXACT_HALF =
      HALF.vectorType().asSubclass(FloatVector.class);
  private static final Class<? extends FloatVector> EXACT_QUARTER =
      QUARTER.vectorType().asSubclass(FloatVector.class);
  private static final int FULL_LANES = FULL.length();
  private static final VectorShuffle<Float> EVEN =
      FULL.shuffleFromOp(lane -> 2 * lane % FULL_LANES);
  private static final VectorMask<Float> UPPER = FULL.indexInRange(-FULL_LANES / 2, FULL_LANES);
  private static final int HALF_LANES = HALF.length();
  private static final int QUARTER_LANES = QUARTER.length();

  private VectorUnfolding() {}

  private static VectorSpecies<Float> species(int part) {
    return VectorSpecies.of(float.class, VectorShape.forBitSize(Math.max(64, Lanes.bits() / part)));
  }

  private static FloatVector load(float[] from, int at) {
    return EXACT.cast(FloatVector.fromArray(FULL, from, at));
  }

  private static FloatVector half(float[] from, int at) {
    return EXACT_HALF.cast(FloatVector.fromArray(HALF, from, at));
  }

  private static FloatVector quarter(float[] from, int at) {
    return EXACT_QUARTER.cast(FloatVector.fromArray(QUARTER, from, at));
  }

  private static FloatVector all(float value) {
    return EXACT.cast(FloatVector.broadcast(FULL, value));
  }

  /// Whether a line of `length` elements, `step` apart from `at` on, can be read in whole vectors
  /// without leaving x.
  static boolean inside(float[] x, int at, int step, int length) {
    return at + (length + FULL_LANES - 1) / FULL_LANES * FULL_LANES * step <= x.length;
  }

  /// One strip of some channels: lines are copied to where they lie one after the other, with zeros
  /// instead of what is left of `left` or not left of `right`. What the last vector of a line
  /// writes too much is the beginning of the next line, so vectors that begin lines are written
  /// last.
  ///
  /// @param step every element of a line, or every second
  static void lines(
      float[] x,
      int at,
      int plane,
      int stride,
      int step,
      int channels,
      int lines,
      int length,
      int left,
      int right,
      float[] to,
      int begin,
      int distance) {
    FloatVector zero = all(0);
    for (int j = (length - 1) / FULL_LANES * FULL_LANES; j >= 0; j -= FULL_LANES) {
      VectorMask<Float> inside = FULL.indexInRange(j - left, right - left);
      for (int c = 0; c < channels; c++) {
        int from = at + c * plane + j * step;
        int target = begin + c * distance + j;
        if (step == 1) {
          for (int line = 0; line < lines; line++) {
            FloatVector all = load(x, from + line * stride);
            zero.blend(all, inside).intoArray(to, target + line * length);
          }
        } else {
          for (int line = 0; line < lines; line++) {
            FloatVector low = load(x, from + line * stride);
            FloatVector high = load(x, from + line * stride + FULL_LANES);
            FloatVector all = low.rearrange(EVEN).blend(high.rearrange(EVEN), UPPER);
            zero.blend(all, inside).intoArray(to, target + line * length);
          }
        }
      }
    }
  }

  /// Zeros for some channels, and some more behind them.
  static void zeros(float[] to, int begin, int count, int channels, int distance) {
    for (int j = 0; j < count; j += FULL_LANES) {
      for (int c = 0; c < channels; c++) {
        all(0).intoArray(to, begin + j + c * distance);
      }
    }
  }

  /// Adds one run of `length` pixels for several channels, `stride` apart in `from` and `plane`
  /// apart in the picture.
  static void fold(
      float[] from,
      int at,
      int stride,
      float[] picture,
      int to,
      int plane,
      int channels,
      int length) {
    int j = 0;
    for (; j + FULL_LANES <= length; j += FULL_LANES) {
      for (int c = 0; c < channels; c++) {
        int place = to + j + c * plane;
        FloatVector more = load(from, at + j + c * stride);
        load(picture, place).add(more).intoArray(picture, place);
      }
    }
    for (; j + HALF_LANES <= length; j += HALF_LANES) {
      for (int c = 0; c < channels; c++) {
        int place = to + j + c * plane;
        FloatVector more = half(from, at + j + c * stride);
        half(picture, place).add(more).intoArray(picture, place);
      }
    }
    for (; j + QUARTER_LANES <= length; j += QUARTER_LANES) {
      for (int c = 0; c < channels; c++) {
        int place = to + j + c * plane;
        FloatVector more = quarter(from, at + j + c * stride);
        quarter(picture, place).add(more).intoArray(picture, place);
      }
    }
    for (; j < length; j++) {
      for (int c = 0; c < channels; c++) {
        picture[to + j + c * plane] += from[at + j + c * stride];
      }
    }
  }

  /// `to[begin + j] += from[at + j]`, `j < length`.
  static void add(float[] from, int at, float[] to, int begin, int length) {
    int j = 0;
    for (; j + FULL_LANES <= length; j += FULL_LANES) {
      FloatVector more = load(from, at + j);
      load(to, begin + j).add(more).intoArray(to, begin + j);
    }
    for (; j < length; j++) {
      to[begin + j] += from[at + j];
    }
  }

  /// One plane of [Depthwise]: four lines at a time use a weight that was broadcast once. The last
  /// vector of a line ends where the line ends, and computes some pixels once more; if a line is
  /// shorter than a vector, it reaches into the next line, which is written later.
  static void weigh(
      float[] x,
      int at,
      int[] offset,
      int pitch,
      float[] weight,
      int wo,
      float[] y,
      int yo,
      int height,
      int width) {
    FloatVector zero = all(0);
    for (int next = 0; next < width; next += FULL_LANES) {
      int j = Math.max(0, Math.min(next, width - FULL_LANES));
      for (int line = 0; line < height; line += 4) {
        int h0 = Math.max(0, Math.min(line, height - 4));
        int h1 = Math.min(h0 + 1, height - 1);
        int h2 = Math.min(h0 + 2, height - 1);
        int h3 = Math.min(h0 + 3, height - 1);
        FloatVector s0 = zero;
        FloatVector s1 = zero;
        FloatVector s2 = zero;
        FloatVector s3 = zero;
        for (int k = 0; k < offset.length; k++) {
          int from = at + offset[k] + j;
          FloatVector w = all(weight[wo + k]);
          s0 = w.fma(load(x, from + h0 * pitch), s0);
          s1 = w.fma(load(x, from + h1 * pitch), s1);
          s2 = w.fma(load(x, from + h2 * pitch), s2);
          s3 = w.fma(load(x, from + h3 * pitch), s3);
        }
        s0.intoArray(y, yo + j + h0 * width);
        s1.intoArray(y, yo + j + h1 * width);
        s2.intoArray(y, yo + j + h2 * width);
        s3.intoArray(y, yo + j + h3 * width);
      }
    }
  }

  /// The same for filters of 3×3 that move by one line: what is loaded is used for three lines of
  /// the result, two of which are not finished yet.
  static void weighThree(
      float[] x,
      int at,
      int[] offset,
      int pitch,
      float[] weight,
      int wo,
      float[] y,
      int yo,
      int height,
      int width) {
    FloatVector zero = all(0);
    FloatVector w0 = all(weight[wo]);
    FloatVector w1 = all(weight[wo + 1]);
    FloatVector w2 = all(weight[wo + 2]);
    FloatVector w3 = all(weight[wo + 3]);
    FloatVector w4 = all(weight[wo + 4]);
    FloatVector w5 = all(weight[wo + 5]);
    FloatVector w6 = all(weight[wo + 6]);
    FloatVector w7 = all(weight[wo + 7]);
    FloatVector w8 = all(weight[wo + 8]);
    for (int next = 0; next < width; next += FULL_LANES) {
      int j = Math.max(0, Math.min(next, width - FULL_LANES));
      int from = at + j;
      int a = from + offset[0];
      int b = from + offset[1];
      int c = from + offset[2];
      FloatVector v0 = load(x, a);
      FloatVector v1 = load(x, b);
      FloatVector v2 = load(x, c);
      FloatVector upper = w2.fma(v2, w1.fma(v1, w0.fma(v0, zero)));
      v0 = load(x, a + pitch);
      v1 = load(x, b + pitch);
      v2 = load(x, c + pitch);
      upper = w5.fma(v2, w4.fma(v1, w3.fma(v0, upper)));
      FloatVector lower = w2.fma(v2, w1.fma(v1, w0.fma(v0, zero)));
      for (int h = 0; h < height; h++) {
        v0 = load(x, a + (h + 2) * pitch);
        v1 = load(x, b + (h + 2) * pitch);
        v2 = load(x, c + (h + 2) * pitch);
        w8.fma(v2, w7.fma(v1, w6.fma(v0, upper))).intoArray(y, yo + j + h * width);
        upper = w5.fma(v2, w4.fma(v1, w3.fma(v0, lower)));
        lower = w2.fma(v2, w1.fma(v1, w0.fma(v0, zero)));
      }
    }
  }

  /// Adds `dy[from + p]·x[at + offset[k] + p]` to sum p modulo 16 of tap k, for a multiple of 16
  /// pixels p and five taps at a time, the last of which may be the same.
  static void products(
      float[] x, int at, int[] offset, float[] dy, int from, int pixels, float[] sums, int so) {
    int last = offset.length - 1;
    for (int k = 0; k <= last; k += 5) {
      int k1 = Math.min(k + 1, last);
      int k2 = Math.min(k + 2, last);
      int k3 = Math.min(k + 3, last);
      int k4 = Math.min(k + 4, last);
      int r0 = at + offset[k];
      int r1 = at + offset[k1];
      int r2 = at + offset[k2];
      int r3 = at + offset[k3];
      int r4 = at + offset[k4];
      for (int lane = 0; lane < Depthwise.SUMS; lane += FULL_LANES) {
        int to = so + lane;
        FloatVector s0 = load(sums, to + k * Depthwise.SUMS);
        FloatVector s1 = load(sums, to + k1 * Depthwise.SUMS);
        FloatVector s2 = load(sums, to + k2 * Depthwise.SUMS);
        FloatVector s3 = load(sums, to + k3 * Depthwise.SUMS);
        FloatVector s4 = load(sums, to + k4 * Depthwise.SUMS);
        for (int p = lane; p < pixels; p += Depthwise.SUMS) {
          FloatVector d = load(dy, from + p);
          s0 = d.fma(load(x, r0 + p), s0);
          s1 = d.fma(load(x, r1 + p), s1);
          s2 = d.fma(load(x, r2 + p), s2);
          s3 = d.fma(load(x, r3 + p), s3);
          s4 = d.fma(load(x, r4 + p), s4);
        }
        s0.intoArray(sums, to + k * Depthwise.SUMS);
        s1.intoArray(sums, to + k1 * Depthwise.SUMS);
        s2.intoArray(sums, to + k2 * Depthwise.SUMS);
        s3.intoArray(sums, to + k3 * Depthwise.SUMS);
        s4.intoArray(sums, to + k4 * Depthwise.SUMS);
      }
    }
  }
}
