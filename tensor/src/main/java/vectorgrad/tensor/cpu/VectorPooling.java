package vectorgrad.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The loops of [Pooling] with vectors of four elements: rows of windows are short.
final class VectorPooling {
  private static final int LANES = 4;
  private static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(LANES * MicroKernels.bits(float.class)));
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_128;
  private static final VectorShuffle<Float> EVEN = SPECIES.shuffleFromOp(lane -> 2 * lane % LANES);
  private static final VectorShuffle<Float> ODD =
      SPECIES.shuffleFromOp(lane -> 2 * lane % LANES + 1);
  private static final VectorMask<Float> UPPER = SPECIES.indexInRange(-LANES / 2, LANES);
  private static final FloatVector ZERO = FloatVector.zero(SPECIES);
  private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1);
  private static final IntVector TWICE = IntVector.zero(INTS).addIndex(2);

  private static final Class<? extends FloatVector> EXACT =
      SPECIES.vectorType().asSubclass(FloatVector.class);
  private static final Class<? extends IntVector> EXACT_INTS =
      INTS.vectorType().asSubclass(IntVector.class);

  private VectorPooling() {}

  private static FloatVector load(float[] from, int at) {
    return EXACT.cast(FloatVector.fromArray(SPECIES, from, at));
  }

  /// Whether rows are long enough, and this machine has vectors of four elements.
  static boolean suits(int columns) {
    return columns >= LANES && SPECIES.vectorBitSize() <= WidestVector.bits();
  }

  /// The 2×2 windows of one plane, rows × columns of them, at least four columns. How far a maximum
  /// is from its window's first element is carried along as a number. The last vector of a row ends
  /// where the row ends, and computes some windows once more.
  static void pairs(
      float[] x,
      int from,
      int width,
      int rows,
      int columns,
      float[] values,
      int vo,
      int[] indices,
      int io) {
    for (int h = 0; h < rows; h++) {
      int index = 2 * h * width;
      int to = h * columns;
      for (int next = 0; next < columns; next += LANES) {
        int i = Math.min(next, columns - LANES);
        int at = from + index + 2 * i;
        FloatVector a = load(x, at);
        FloatVector b = load(x, at + LANES);
        FloatVector c = load(x, at + width);
        FloatVector d = load(x, at + width + LANES);
        FloatVector upper = even(a, b);
        FloatVector right = odd(a, b);
        VectorMask<Float> better = replaces(right, upper);
        upper = upper.blend(right, better);
        FloatVector upperPlace = ZERO.blend(ONE, better);
        FloatVector lower = even(c, d);
        right = odd(c, d);
        better = replaces(right, lower);
        lower = lower.blend(right, better);
        FloatVector lowerPlace = ZERO.blend(ONE, better).add(width);
        better = replaces(lower, upper);
        upper.blend(lower, better).intoArray(values, vo + to + i);
        FloatVector place = upperPlace.blend(lowerPlace, better);
        IntVector first = TWICE.add(index + 2 * i);
        EXACT_INTS.cast(place.castShape(INTS, 0)).add(first).intoArray(indices, io + to + i);
      }
    }
  }

  private static FloatVector even(FloatVector low, FloatVector high) {
    return low.rearrange(EVEN).blend(high.rearrange(EVEN), UPPER);
  }

  private static FloatVector odd(FloatVector low, FloatVector high) {
    return low.rearrange(ODD).blend(high.rearrange(ODD), UPPER);
  }

  /// [Pooling#replaces] on vectors.
  private static VectorMask<Float> replaces(FloatVector value, FloatVector max) {
    VectorMask<Float> number = max.compare(VectorOperators.EQ, max);
    return number.andNot(value.compare(VectorOperators.LE, max));
  }
}
