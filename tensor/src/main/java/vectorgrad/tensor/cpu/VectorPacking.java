package vectorgrad.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The loops of [Packing] with vectors.
///
/// Copies use whole vectors only. What a vector writes too much is the beginning of the next row,
/// which is written after it; only where no row follows, the last ones are copied exactly.
final class VectorPacking {
  private static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.bits()));
  private static final int LANES = SPECIES.length();

  private static final int FOUR = 4;
  private static final int BLOCK = 16; // a cache line of each row
  private static final VectorSpecies<Float> FOURS =
      VectorSpecies.of(float.class, VectorShape.forBitSize(FOUR * MicroKernels.bits(float.class)));
  private static final VectorShuffle<Float> NEIGHBOURS = FOURS.shuffleFromOp(lane -> lane ^ 1);
  private static final VectorShuffle<Float> PAIRS = FOURS.shuffleFromOp(lane -> lane ^ 2);
  private static final VectorMask<Float> ODD = VectorMask.fromLong(FOURS, 0b1010);
  private static final VectorMask<Float> UPPER = VectorMask.fromLong(FOURS, 0b1100);

  // A product of 24 × 768 × 768 took twice as long after one with a transposed operand.
  private static final Class<? extends FloatVector> EXACT =
      SPECIES.vectorType().asSubclass(FloatVector.class);
  private static final Class<? extends FloatVector> EXACT_FOUR =
      FOURS.vectorType().asSubclass(FloatVector.class);

  // the same for four blocks of four beside each other, in vectors of sixteen
  private static final int SIXTEEN = FOUR * FOUR;
  private static final VectorShuffle<Float> NEIGHBOURS_OF_16 =
      SPECIES.shuffleFromOp(lane -> lane ^ 1);
  private static final VectorShuffle<Float> PAIRS_OF_16 = SPECIES.shuffleFromOp(lane -> lane ^ 2);
  private static final VectorMask<Float> ODD_OF_16 = VectorMask.fromLong(SPECIES, 0xAAAA);
  private static final VectorMask<Float> UPPER_OF_16 = VectorMask.fromLong(SPECIES, 0xCCCC);
  private static final VectorMask<Float> FIRST_FOUR = VectorMask.fromLong(SPECIES, 0xF);
  private static final VectorMask<Float> SECOND_FOUR = VectorMask.fromLong(SPECIES, 0xF0);
  private static final VectorMask<Float> THIRD_FOUR = VectorMask.fromLong(SPECIES, 0xF00);
  private static final VectorMask<Float> LAST_FOUR = VectorMask.fromLong(SPECIES, 0xF000);
  private static final VectorMask<Float> LAST_EIGHT = VectorMask.fromLong(SPECIES, 0xFF00);

  /// Whether this machine has vectors of four elements.
  static final boolean TRANSPOSES = FOURS.vectorBitSize() <= WidestVector.bits();

  private VectorPacking() {}

  private static FloatVector load(float[] from, int at) {
    return EXACT.cast(FloatVector.fromArray(SPECIES, from, at));
  }

  private static FloatVector four(float[] from, int at) {
    return EXACT_FOUR.cast(FloatVector.fromArray(FOURS, from, at));
  }

  /// Every loop once, of a square of some panels, so that the JIT compiler sees them.
  static void all(Matrix from, float[] to) {
    int panel = 2 * LANES;
    rows(from, to, 0, from.columns());
    rows(from.block(0, from.rows(), 0, panel), to, 0, panel);
    panels(from, to, 0, panel * from.rows());
    if (TRANSPOSES) {
      transpose(from.transpose(), to, 0, from.rows());
      transpose(from.block(0, FOUR, 0, from.columns()).transpose(), to, 0, FOUR);
    }
  }

  static void rows(Matrix from, float[] to, int begin, int pitch) {
    float[] data = from.data();
    int width = from.columns();
    if (width == 2 * LANES) {
      for (int i = 0; i < from.rows(); i++) { // a panel, the common case
        int source = from.index(i, 0);
        int target = begin + i * pitch;
        load(data, source).intoArray(to, target);
        load(data, source + LANES).intoArray(to, target + LANES);
      }
      return;
    }
    int covered = (width + LANES - 1) / LANES * LANES;
    int end = begin + from.rows() * pitch;
    for (int i = 0; i < from.rows(); i++) {
      int source = from.index(i, 0);
      int target = begin + i * pitch;
      if (source + covered <= data.length && target + covered <= end) {
        for (int j = 0; j < width; j += LANES) {
          load(data, source + j).intoArray(to, target + j);
        }
      } else {
        System.arraycopy(data, source, to, target, width);
      }
    }
  }

  /// Whole panels of two vectors, each `size` behind the other. A row of all panels is read in one
  /// piece.
  static void panels(Matrix from, float[] to, int begin, int size) {
    float[] data = from.data();
    int wide = 2 * LANES;
    for (int i = 0; i < from.rows(); i++) {
      int source = from.index(i, 0);
      int target = begin + i * wide;
      for (int j = 0; j < from.columns(); j += wide) {
        load(data, source + j).intoArray(to, target);
        load(data, source + j + LANES).intoArray(to, target + LANES);
        target += size;
      }
    }
  }

  /// Columns that lie in one piece become rows: 4 by 4 elements are transposed in four registers,
  /// in two steps of exchanging neighbours and then pairs. Columns beyond the last repeat it.
  ///
  /// With vectors of sixteen, four such blocks beside each other go through the same steps at once;
  /// columns are walked from end to end, and rows written by cache lines.
  static void transpose(Matrix from, float[] to, int begin, int pitch) {
    float[] data = from.data();
    int depth = from.rows();
    int last = from.columns() - 1;
    boolean room = last / FOUR * FOUR + FOUR <= pitch;
    int all = room && depth >= FOUR ? (depth + FOUR - 1) / FOUR * FOUR : (depth - 1) / FOUR * FOUR;
    int wide = LANES == SIXTEEN ? (last + 1) / SIXTEEN * SIXTEEN : 0;
    int whole = 0;
    for (int block = 0; block < all; block = whole) {
      whole = Math.min(block + BLOCK, all);
      for (int j = last / FOUR * FOUR; j >= wide; j -= FOUR) { // what spills over is written later
        int column0 = from.index(0, j);
        int column1 = from.index(0, Math.min(j + 1, last));
        int column2 = from.index(0, Math.min(j + 2, last));
        int column3 = from.index(0, Math.min(j + 3, last));
        for (int next = block; next < whole; next += FOUR) {
          int i = Math.min(next, depth - FOUR); // the last four may have been there before
          FloatVector v0 = four(data, column0 + i);
          FloatVector v1 = four(data, column1 + i);
          FloatVector v2 = four(data, column2 + i);
          FloatVector v3 = four(data, column3 + i);
          FloatVector even01 = v0.blend(v1.rearrange(NEIGHBOURS), ODD);
          FloatVector odd01 = v0.rearrange(NEIGHBOURS).blend(v1, ODD);
          FloatVector even23 = v2.blend(v3.rearrange(NEIGHBOURS), ODD);
          FloatVector odd23 = v2.rearrange(NEIGHBOURS).blend(v3, ODD);
          int target = begin + i * pitch + j;
          even01.blend(even23.rearrange(PAIRS), UPPER).intoArray(to, target);
          odd01.blend(odd23.rearrange(PAIRS), UPPER).intoArray(to, target + pitch);
          even01.rearrange(PAIRS).blend(even23, UPPER).intoArray(to, target + 2 * pitch);
          odd01.rearrange(PAIRS).blend(odd23, UPPER).intoArray(to, target + 3 * pitch);
        }
      }
    }
    for (int j = 0; j < wide; j += SIXTEEN) {
      int stride = from.columnStride();
      for (int next = 0; next < all; next += FOUR) {
        int i = Math.min(next, depth - FOUR);
        int at = from.index(i, j);
        FloatVector v0 = fours(data, at, FOUR * stride);
        FloatVector v1 = fours(data, at + stride, FOUR * stride);
        FloatVector v2 = fours(data, at + 2 * stride, FOUR * stride);
        FloatVector v3 = fours(data, at + 3 * stride, FOUR * stride);
        FloatVector even01 = v0.blend(v1.rearrange(NEIGHBOURS_OF_16), ODD_OF_16);
        FloatVector odd01 = v0.rearrange(NEIGHBOURS_OF_16).blend(v1, ODD_OF_16);
        FloatVector even23 = v2.blend(v3.rearrange(NEIGHBOURS_OF_16), ODD_OF_16);
        FloatVector odd23 = v2.rearrange(NEIGHBOURS_OF_16).blend(v3, ODD_OF_16);
        int target = begin + i * pitch + j;
        even01.blend(even23.rearrange(PAIRS_OF_16), UPPER_OF_16).intoArray(to, target);
        odd01.blend(odd23.rearrange(PAIRS_OF_16), UPPER_OF_16).intoArray(to, target + pitch);
        even01.rearrange(PAIRS_OF_16).blend(even23, UPPER_OF_16).intoArray(to, target + 2 * pitch);
        odd01.rearrange(PAIRS_OF_16).blend(odd23, UPPER_OF_16).intoArray(to, target + 3 * pitch);
      }
    }
    for (int i = whole; i < depth; i++) {
      for (int j = 0; j <= last; j++) {
        to[begin + i * pitch + j] = from.at(i, j);
      }
    }
  }

  /// Four elements from each of four places, `step` from each other, one behind the other. Masked
  /// loads: vectors of four, made longer, would be objects wherever C2 has met both lengths.
  private static FloatVector fours(float[] data, int at, int step) {
    FloatVector first = EXACT.cast(FloatVector.fromArray(SPECIES, data, at, FIRST_FOUR));
    FloatVector second = FloatVector.fromArray(SPECIES, data, at + step - FOUR, SECOND_FOUR);
    FloatVector third =
        EXACT.cast(FloatVector.fromArray(SPECIES, data, at + 2 * (step - FOUR), THIRD_FOUR));
    FloatVector last = FloatVector.fromArray(SPECIES, data, at + 3 * (step - FOUR), LAST_FOUR);
    return first.blend(second, SECOND_FOUR).blend(third.blend(last, LAST_FOUR), LAST_EIGHT);
  }
}
