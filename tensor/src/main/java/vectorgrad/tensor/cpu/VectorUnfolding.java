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
    FloatVector zero = FloatVector.zero(FULL);
    for (int j = (length - 1) / FULL_LANES * FULL_LANES; j >= 0; j -= FULL_LANES) {
      VectorMask<Float> inside = FULL.indexInRange(j - left, right - left);
      for (int c = 0; c < channels; c++) {
        int from = at + c * plane + j * step;
        int target = begin + c * distance + j;
        if (step == 1) {
          for (int line = 0; line < lines; line++) {
            FloatVector all = FloatVector.fromArray(FULL, x, from + line * stride);
            zero.blend(all, inside).intoArray(to, target + line * length);
          }
        } else {
          for (int line = 0; line < lines; line++) {
            FloatVector low = FloatVector.fromArray(FULL, x, from + line * stride);
            FloatVector high = FloatVector.fromArray(FULL, x, from + line * stride + FULL_LANES);
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
        FloatVector.zero(FULL).intoArray(to, begin + j + c * distance);
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
        FloatVector more = FloatVector.fromArray(FULL, from, at + j + c * stride);
        FloatVector.fromArray(FULL, picture, place).add(more).intoArray(picture, place);
      }
    }
    for (; j + HALF_LANES <= length; j += HALF_LANES) {
      for (int c = 0; c < channels; c++) {
        int place = to + j + c * plane;
        FloatVector more = FloatVector.fromArray(HALF, from, at + j + c * stride);
        FloatVector.fromArray(HALF, picture, place).add(more).intoArray(picture, place);
      }
    }
    for (; j + QUARTER_LANES <= length; j += QUARTER_LANES) {
      for (int c = 0; c < channels; c++) {
        int place = to + j + c * plane;
        FloatVector more = FloatVector.fromArray(QUARTER, from, at + j + c * stride);
        FloatVector.fromArray(QUARTER, picture, place).add(more).intoArray(picture, place);
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
      FloatVector more = FloatVector.fromArray(FULL, from, at + j);
      FloatVector.fromArray(FULL, to, begin + j).add(more).intoArray(to, begin + j);
    }
    for (; j < length; j++) {
      to[begin + j] += from[at + j];
    }
  }
}
