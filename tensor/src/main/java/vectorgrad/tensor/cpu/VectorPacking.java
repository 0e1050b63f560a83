package vectorgrad.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The loops of [Packing] with vectors.
///
/// Copies use whole vectors only. What a vector writes too much is the beginning of the next row, which
/// is written after it; only where no row follows, the last ones are copied exactly.
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

  /// Whether this machine has vectors of four elements.
  static final boolean TRANSPOSES = FOURS.vectorBitSize() <= WidestVector.bits();

  private VectorPacking() {}

  static void rows(
      float[] from, int at, int along, int width, int depth, float[] to, int begin, int pitch) {
    int covered = (width + LANES - 1) / LANES * LANES;
    int end = begin + depth * pitch;
    if (width == 2 * LANES) {
      for (int k = 0; k < depth; k++) { // a panel, the common case
        int source = at + k * along;
        int target = begin + k * pitch;
        FloatVector.fromArray(SPECIES, from, source).intoArray(to, target);
        FloatVector.fromArray(SPECIES, from, source + LANES).intoArray(to, target + LANES);
      }
      return;
    }
    for (int k = 0; k < depth; k++) {
      int source = at + k * along;
      int target = begin + k * pitch;
      if (source + covered <= from.length && target + covered <= end) {
        for (int i = 0; i < width; i += LANES) {
          FloatVector.fromArray(SPECIES, from, source + i).intoArray(to, target + i);
        }
      } else {
        System.arraycopy(from, source, to, target, width);
      }
    }
  }

  /// Columns that lie in one piece become rows: 4 by 4 elements are transposed in four registers, in two
  /// steps of exchanging neighbours and then pairs. Rows beyond `width` repeat the last one.
  static void transpose(
      float[] from, int at, int across, int width, int depth, float[] to, int begin, int pitch) {
    int whole = 0;
    for (int block = 0; block + FOUR < depth; block = whole) {
      whole = Math.min(block + BLOCK, (depth - 1) / FOUR * FOUR);
      for (int i = (width - 1) / FOUR * FOUR; i >= 0; i -= FOUR) { // what spills over is written later
        int row0 = at + i * across;
        int row1 = at + Math.min(i + 1, width - 1) * across;
        int row2 = at + Math.min(i + 2, width - 1) * across;
        int row3 = at + Math.min(i + 3, width - 1) * across;
        for (int k = block; k < whole; k += FOUR) {
          FloatVector v0 = FloatVector.fromArray(FOURS, from, row0 + k);
          FloatVector v1 = FloatVector.fromArray(FOURS, from, row1 + k);
          FloatVector v2 = FloatVector.fromArray(FOURS, from, row2 + k);
          FloatVector v3 = FloatVector.fromArray(FOURS, from, row3 + k);
          FloatVector even01 = v0.blend(v1.rearrange(NEIGHBOURS), ODD);
          FloatVector odd01 = v0.rearrange(NEIGHBOURS).blend(v1, ODD);
          FloatVector even23 = v2.blend(v3.rearrange(NEIGHBOURS), ODD);
          FloatVector odd23 = v2.rearrange(NEIGHBOURS).blend(v3, ODD);
          int target = begin + k * pitch + i;
          even01.blend(even23.rearrange(PAIRS), UPPER).intoArray(to, target);
          odd01.blend(odd23.rearrange(PAIRS), UPPER).intoArray(to, target + pitch);
          even01.rearrange(PAIRS).blend(even23, UPPER).intoArray(to, target + 2 * pitch);
          odd01.rearrange(PAIRS).blend(odd23, UPPER).intoArray(to, target + 3 * pitch);
        }
      }
    }
    for (int k = whole; k < depth; k++) {
      for (int i = 0; i < width; i++) {
        to[begin + k * pitch + i] = from[at + i * across + k];
      }
    }
  }
}
