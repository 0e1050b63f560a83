package vectorgrad.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// How dot products of [MatrixVector] end, with vectors.
final class VectorMatrixVector {
  private static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.bits()));

  /// The shortest vectors that every machine has.
  private static final VectorSpecies<Float> SHORT =
      VectorSpecies.of(float.class, VectorShape.S_128_BIT);

  private static final Class<? extends FloatVector> EXACT =
      SHORT.vectorType().asSubclass(FloatVector.class);
  private static final int FEW = SHORT.length();

  private VectorMatrixVector() {}

  private static FloatVector load(float[] from, int at) {
    return EXACT.cast(FloatVector.fromArray(SHORT, from, at));
  }

  /// As [StreamKernel#rest].
  static void rest(
      float[] a, int ao, float[] x, int xo, int depth, float[] sums, int so, int size) {
    int k = SPECIES.loopBound(depth);
    int to = so + k % size - k;
    for (; k + FEW <= depth; k += FEW) {
      FloatVector sum = load(sums, to + k);
      FloatVector factor = load(x, xo + k);
      factor.fma(load(a, ao + k), sum).intoArray(sums, to + k);
    }
    for (; k < depth; k++) {
      sums[to + k] = Math.fma(x[xo + k], a[ao + k], sums[to + k]);
    }
  }

  /// As [StreamKernel#join].
  static void joinAll(float[] sums, int count, int size) {
    for (int from = 0; from < count * size; from += size) {
      sums[from] = join(sums, from, size);
    }
  }

  /// Joins 16 or 32 sums: without a loop, and by short vectors, which need no lanes to change
  /// places. The last lanes are read again, since to take them out of a vector took as long as the
  /// multiply-adds of a row.
  static float join(float[] sums, int from, int size) {
    boolean both = size > 16;
    if (FEW == 4) {
      four(sums, from, both).intoArray(sums, from);
      return (sums[from] + sums[from + 2]) + (sums[from + 1] + sums[from + 3]);
    }
    two(sums, from, both).intoArray(sums, from);
    return sums[from] + sums[from + 1];
  }

  /// The elements from `s` on once there are 16 sums left, of 32 if `both`; or 8, 4 or 2.
  private static FloatVector sixteen(float[] sums, int s, boolean both) {
    FloatVector sum = load(sums, s);
    return both ? sum.add(load(sums, s + 16)) : sum;
  }

  private static FloatVector eight(float[] sums, int s, boolean both) {
    return sixteen(sums, s, both).add(sixteen(sums, s + 8, both));
  }

  private static FloatVector four(float[] sums, int s, boolean both) {
    return eight(sums, s, both).add(eight(sums, s + 4, both));
  }

  private static FloatVector two(float[] sums, int s, boolean both) {
    return four(sums, s, both).add(four(sums, s + 2, both));
  }
}
