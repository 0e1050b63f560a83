package vectorgrad.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// How dot products of [MatrixVector] end, with vectors.
final class VectorMatrixVector {
  private static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.bits()));
  private static final int LANES = SPECIES.length();

  /// The shortest vectors that every machine has.
  private static final VectorSpecies<Float> SHORT =
      VectorSpecies.of(float.class, VectorShape.S_128_BIT);

  private static final int FEW = SHORT.length();

  private static final VectorShuffle<Float> EIGHT_ON = further(8);
  private static final VectorShuffle<Float> FOUR_ON = further(4);
  private static final VectorShuffle<Float> TWO_ON = further(2);
  private static final VectorShuffle<Float> ONE_ON = further(1);

  private VectorMatrixVector() {}

  private static VectorShuffle<Float> further(int lanes) {
    return SPECIES.shuffleFromOp(lane -> (lane + lanes) % LANES);
  }

  /// As [StreamKernel#rest].
  static void rest(float[] a, int ao, float[] x, int xo, int depth, float[] sums, int so) {
    int k = SPECIES.loopBound(depth);
    int to = so + k % MatrixVector.SUMS - k;
    for (; k + FEW <= depth; k += FEW) {
      FloatVector sum = FloatVector.fromArray(SHORT, sums, to + k);
      FloatVector factor = FloatVector.fromArray(SHORT, x, xo + k);
      factor.fma(FloatVector.fromArray(SHORT, a, ao + k), sum).intoArray(sums, to + k);
    }
    for (; k < depth; k++) {
      sums[to + k] = Math.fma(x[xo + k], a[ao + k], sums[to + k]);
    }
  }

  /// As [StreamKernel#join]: without a loop within, and by short vectors, which need no lanes to
  /// change places.
  static void join(float[] sums, int count) {
    for (int from = 0; from < count * MatrixVector.SUMS; from += MatrixVector.SUMS) {
      if (FEW == 4) {
        four(sums, from).intoArray(sums, from);
        sums[from] = (sums[from] + sums[from + 2]) + (sums[from + 1] + sums[from + 3]);
      } else {
        two(sums, from).intoArray(sums, from);
        sums[from] += sums[from + 1];
      }
    }
  }

  /// The elements from `s` on once 32 sums have become 16, 8, 4 or 2.
  private static FloatVector sixteen(float[] sums, int s) {
    return FloatVector.fromArray(SHORT, sums, s).add(FloatVector.fromArray(SHORT, sums, s + 16));
  }

  private static FloatVector eight(float[] sums, int s) {
    return sixteen(sums, s).add(sixteen(sums, s + 8));
  }

  private static FloatVector four(float[] sums, int s) {
    return eight(sums, s).add(eight(sums, s + 4));
  }

  private static FloatVector two(float[] sums, int s) {
    return four(sums, s).add(four(sums, s + 2));
  }

  /// Joins `count` sums by the same halving: first of whole vectors, then within one.
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
}
