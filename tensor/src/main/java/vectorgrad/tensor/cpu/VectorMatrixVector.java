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

  private static final int SUMS = MatrixVector.SUMS;

  /// Elements of a row after which the next sums take their turn, before the row leaves the cache.
  /// Where two vectors hold all sums of a row, there are no next ones.
  private static final int CHUNK = SUMS > 2 * LANES ? 64 * SUMS : Integer.MAX_VALUE / 2;

  private VectorMatrixVector() {}

  private static VectorShuffle<Float> further(int lanes) {
    return SPECIES.shuffleFromOp(lane -> (lane + lanes) % LANES);
  }

  /// Makes the sums of the products of `depth` elements of four rows, each `apart` behind the
  /// other. Eight vectors of sums are in work at a time, since each multiply-add waits four cycles
  /// for the one before.
  static void dots(float[] a, int at, int apart, float[] x, int depth, float[] sums) {
    int whole = depth / SUMS * SUMS;
    if (whole == 0) {
      Arrays.fill(sums, 0, 4 * SUMS, 0f);
    }
    for (int begin = 0; begin < whole; begin += CHUNK) {
      int end = Math.min(begin + CHUNK, whole);
      for (int s = 0; s < SUMS; s += 2 * LANES) {
        dots(a, at, apart, x, begin, end, sums, s);
      }
    }
    for (int r = 0; whole < depth && r < 4; r++) {
      rest(a, at + r * apart, x, whole, depth, sums, r * SUMS);
    }
  }

  /// Adds what is left of a row behind its first `whole` elements.
  private static void rest(
      float[] a, int at, float[] x, int whole, int depth, float[] sums, int from) {
    int k = whole;
    for (; k + LANES <= depth; k += LANES) {
      int s = from + k - whole;
      FloatVector sum = FloatVector.fromArray(SPECIES, sums, s);
      product(a, at + k, FloatVector.fromArray(SPECIES, x, k), sum).intoArray(sums, s);
    }
    for (; k < depth; k++) {
      int s = from + k - whole;
      sums[s] = Math.fma(a[at + k], x[k], sums[s]);
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

  private static void dots(
      float[] data, int at, int apart, float[] x, int begin, int end, float[] sums, int s) {
    int s1 = s + SUMS;
    int s2 = s1 + SUMS;
    int s3 = s2 + SUMS;
    FloatVector a0 = FloatVector.zero(SPECIES);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector c0 = a0;
    FloatVector c1 = a0;
    FloatVector d0 = a0;
    FloatVector d1 = a0;
    if (begin > 0) {
      a0 = FloatVector.fromArray(SPECIES, sums, s);
      a1 = FloatVector.fromArray(SPECIES, sums, s + LANES);
      b0 = FloatVector.fromArray(SPECIES, sums, s1);
      b1 = FloatVector.fromArray(SPECIES, sums, s1 + LANES);
      c0 = FloatVector.fromArray(SPECIES, sums, s2);
      c1 = FloatVector.fromArray(SPECIES, sums, s2 + LANES);
      d0 = FloatVector.fromArray(SPECIES, sums, s3);
      d1 = FloatVector.fromArray(SPECIES, sums, s3 + LANES);
    }
    for (int k = begin; k < end; k += SUMS) {
      int r = k + s;
      FloatVector x0 = FloatVector.fromArray(SPECIES, x, r);
      FloatVector x1 = FloatVector.fromArray(SPECIES, x, r + LANES);
      int l = at + r;
      a0 = product(data, l, x0, a0);
      a1 = product(data, l + LANES, x1, a1);
      l += apart;
      b0 = product(data, l, x0, b0);
      b1 = product(data, l + LANES, x1, b1);
      l += apart;
      c0 = product(data, l, x0, c0);
      c1 = product(data, l + LANES, x1, c1);
      l += apart;
      d0 = product(data, l, x0, d0);
      d1 = product(data, l + LANES, x1, d1);
    }
    a0.intoArray(sums, s);
    a1.intoArray(sums, s + LANES);
    b0.intoArray(sums, s1);
    b1.intoArray(sums, s1 + LANES);
    c0.intoArray(sums, s2);
    c1.intoArray(sums, s2 + LANES);
    d0.intoArray(sums, s3);
    d1.intoArray(sums, s3 + LANES);
  }

  private static FloatVector product(float[] a, int at, FloatVector x, FloatVector sum) {
    return FloatVector.fromArray(SPECIES, a, at).fma(x, sum);
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
