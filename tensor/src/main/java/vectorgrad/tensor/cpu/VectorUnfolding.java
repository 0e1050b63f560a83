package vectorgrad.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import vectorgrad.tensor.cpu.Unfolding.Runs;

/// The loops of [Convolution] and [ConvolutionGradients] that move pieces of pictures, with
/// vectors.
///
/// The lines of small pictures are shorter than a vector. Masks would do, but are slow on machines
/// that emulate them, so short runs use vectors of half and a quarter of the width.
final class VectorUnfolding {
  private static final VectorSpecies<Float> FULL = species(1);
  private static final VectorSpecies<Float> HALF = species(2);
  private static final VectorSpecies<Float> QUARTER = species(4);
  private static final int FULL_LANES = FULL.length();
  private static final int HALF_LANES = HALF.length();
  private static final int QUARTER_LANES = QUARTER.length();

  private VectorUnfolding() {}

  private static VectorSpecies<Float> species(int part) {
    return VectorSpecies.of(float.class, VectorShape.forBitSize(Math.max(64, Lanes.bits() / part)));
  }

  /// Packs rows `k` to `k + depth` of one panel of X. A run is copied for all rows at a time, in
  /// vectors of the largest width that fits; the last one ends where the run ends, and copies some
  /// once more.
  static void unfold(
      Unfolding u,
      Runs runs,
      int panel,
      float[] picture,
      int at,
      int k,
      int depth,
      float[] to,
      int width) {
    int begin = runs.at[runs.first[panel]];
    for (int run = runs.first[panel]; run < runs.first[panel + 1]; run++) {
      int p = runs.at[run];
      int length = runs.at[run + 1] - p;
      int from = at + u.step[p];
      if (length >= FULL_LANES) {
        for (int j = 0; j < length; j += FULL_LANES) {
          int place = Math.min(j, length - FULL_LANES);
          full(picture, from + place, u.row, k, depth, to, p - begin + place, width);
        }
      } else if (length >= HALF_LANES) {
        half(picture, from, u.row, k, depth, to, p - begin, width);
        if (length > HALF_LANES) {
          int place = length - HALF_LANES;
          half(picture, from + place, u.row, k, depth, to, p - begin + place, width);
        }
      } else if (length >= QUARTER_LANES) {
        quarter(picture, from, u.row, k, depth, to, p - begin, width);
        if (length > QUARTER_LANES) {
          int place = length - QUARTER_LANES;
          quarter(picture, from + place, u.row, k, depth, to, p - begin + place, width);
        }
      } else {
        for (int i = 0; i < depth; i++) {
          for (int j = 0; j < length; j++) {
            to[i * width + p - begin + j] = picture[from + u.row[k + i] + j];
          }
        }
      }
    }
  }

  private static void full(
      float[] picture, int at, int[] row, int k, int depth, float[] to, int begin, int width) {
    for (int i = 0; i < depth; i++) {
      FloatVector.fromArray(FULL, picture, at + row[k + i]).intoArray(to, begin + i * width);
    }
  }

  private static void half(
      float[] picture, int at, int[] row, int k, int depth, float[] to, int begin, int width) {
    for (int i = 0; i < depth; i++) {
      FloatVector.fromArray(HALF, picture, at + row[k + i]).intoArray(to, begin + i * width);
    }
  }

  private static void quarter(
      float[] picture, int at, int[] row, int k, int depth, float[] to, int begin, int width) {
    for (int i = 0; i < depth; i++) {
      FloatVector.fromArray(QUARTER, picture, at + row[k + i]).intoArray(to, begin + i * width);
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
