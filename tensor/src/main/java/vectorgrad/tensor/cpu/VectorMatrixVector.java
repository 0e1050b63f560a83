package vectorgrad.tensor.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The loops of [MatrixVector] with vectors.
final class VectorMatrixVector {
  private static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.bits()));
  private static final int LANES = SPECIES.length();

  private static final VectorShuffle<Float> EIGHT_ON = further(8);
  private static final VectorShuffle<Float> FOUR_ON = further(4);
  private static final VectorShuffle<Float> TWO_ON = further(2);
  private static final VectorShuffle<Float> ONE_ON = further(1);

  /// Elements of a row after which the next sums take their turn, before the row leaves the cache.
  private static final int CHUNK = 32 * MatrixVector.SUMS;

  private VectorMatrixVector() {}

  private static VectorShuffle<Float> further(int lanes) {
    return SPECIES.shuffleFromOp(lane -> (lane + lanes) % LANES);
  }

  /// Makes the sums of the products of `depth` elements. Four vectors of sums are in work at a
  /// time, since each multiply-add waits four cycles for the one before.
  static void dot(float[] a, int at, float[] x, int depth, float[] sums) {
    int whole = depth / MatrixVector.SUMS * MatrixVector.SUMS;
    if (whole == 0) {
      Arrays.fill(sums, 0, MatrixVector.SUMS, 0f);
    }
    for (int begin = 0; begin < whole; begin += CHUNK) {
      int end = Math.min(begin + CHUNK, whole);
      for (int s = 0; s < MatrixVector.SUMS; s += 4 * LANES) {
        dot(a, at, x, begin, end, sums, s);
      }
    }
    int k = whole;
    for (; k + LANES <= depth; k += LANES) {
      FloatVector sum = FloatVector.fromArray(SPECIES, sums, k - whole);
      product(a, at + k, x, k, sum).intoArray(sums, k - whole);
    }
    for (; k < depth; k++) {
      sums[k - whole] = Math.fma(a[at + k], x[k], sums[k - whole]);
    }
  }

  /// Joins `count` sums by the same halving as [MatrixVector#join]: first of whole vectors, then
  /// within one.
  static float join(float[] sums, int from, int count) {
    for (int half = count / 2; half >= LANES; half /= 2) {
      for (int s = from; s < from + half; s += LANES) {
        FloatVector lower = FloatVector.fromArray(SPECIES, sums, s);
        lower.add(FloatVector.fromArray(SPECIES, sums, s + half)).intoArray(sums, s);
      }
    }
    FloatVector sum = FloatVector.fromArray(SPECIES, sums, from);
    if (LANES > 8) {
      sum = sum.add(sum.rearrange(EIGHT_ON));
    }
    if (LANES > 4) {
      sum = sum.add(sum.rearrange(FOUR_ON));
    }
    if (LANES > 2) {
      sum = sum.add(sum.rearrange(TWO_ON));
    }
    return sum.add(sum.rearrange(ONE_ON)).lane(0);
  }

  private static void dot(float[] a, int at, float[] x, int begin, int end, float[] sums, int s) {
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    if (begin > 0) {
      s0 = FloatVector.fromArray(SPECIES, sums, s);
      s1 = FloatVector.fromArray(SPECIES, sums, s + LANES);
      s2 = FloatVector.fromArray(SPECIES, sums, s + 2 * LANES);
      s3 = FloatVector.fromArray(SPECIES, sums, s + 3 * LANES);
    }
    for (int k = begin; k < end; k += MatrixVector.SUMS) {
      int l = at + k + s;
      int r = k + s;
      s0 = product(a, l, x, r, s0);
      s1 = product(a, l + LANES, x, r + LANES, s1);
      s2 = product(a, l + 2 * LANES, x, r + 2 * LANES, s2);
      s3 = product(a, l + 3 * LANES, x, r + 3 * LANES, s3);
    }
    s0.intoArray(sums, s);
    s1.intoArray(sums, s + LANES);
    s2.intoArray(sums, s + 2 * LANES);
    s3.intoArray(sums, s + 3 * LANES);
  }

  private static FloatVector product(float[] a, int at, float[] x, int k, FloatVector sum) {
    return FloatVector.fromArray(SPECIES, a, at).fma(FloatVector.fromArray(SPECIES, x, k), sum);
  }

  /// Adds `depth` columns, each `stride` behind the other, to the sums; four at a time, so that the
  /// sums are read and written once for four.
  static void gather(float[] a, int at, int stride, float[] x, int depth, float[] sums, int rows) {
    int k = 0;
    int whole = SPECIES.loopBound(rows);
    for (; k + 4 <= depth; k += 4) {
      FloatVector x0 = FloatVector.broadcast(SPECIES, x[k]);
      FloatVector x1 = FloatVector.broadcast(SPECIES, x[k + 1]);
      FloatVector x2 = FloatVector.broadcast(SPECIES, x[k + 2]);
      FloatVector x3 = FloatVector.broadcast(SPECIES, x[k + 3]);
      int c0 = at + k * stride;
      int c1 = c0 + stride;
      int c2 = c1 + stride;
      int c3 = c2 + stride;
      for (int i = 0; i < whole; i += LANES) {
        FloatVector sum = FloatVector.fromArray(SPECIES, sums, i);
        sum = x0.fma(FloatVector.fromArray(SPECIES, a, c0 + i), sum);
        sum = x1.fma(FloatVector.fromArray(SPECIES, a, c1 + i), sum);
        sum = x2.fma(FloatVector.fromArray(SPECIES, a, c2 + i), sum);
        sum = x3.fma(FloatVector.fromArray(SPECIES, a, c3 + i), sum);
        sum.intoArray(sums, i);
      }
      for (int i = whole; i < rows; i++) {
        float sum = Math.fma(x[k + 1], a[c1 + i], Math.fma(x[k], a[c0 + i], sums[i]));
        sums[i] = Math.fma(x[k + 3], a[c3 + i], Math.fma(x[k + 2], a[c2 + i], sum));
      }
    }
    for (; k < depth; k++) {
      MatrixVector.addColumn(a, at + k * stride, x[k], sums, rows);
    }
  }
}
