package vectorgrad.tensor.cpu;

import java.util.Arrays;

/// Copies operands into the order in which a [MicroKernel] reads them, whatever their strides are.
///
/// Both operands are packed by one loop: a tile of A is the transposition of what a panel of B is.
///
/// `to[k][i] = from[at + i·across + k·along]`, `i < width`
///
/// A packed operand is read without a gap, so no page or cache set is visited for a few bytes only; and
/// a transposed, sliced, flipped or broadcast operand costs nothing more once it is packed.
final class Packing {
  private static final boolean VECTOR = Lanes.bits() > 0;

  private Packing() {}

  /// Packs `depth` rows of `width` elements, `pitch` apart, from `to[begin]` on. The rest of each row is
  /// filler: kernels multiply it, and nobody looks at the product.
  static void panel(
      float[] from, int at, int across, int along, int width, int depth, float[] to, int begin, int pitch) {
    if (width < pitch) {
      Arrays.fill(to, begin, begin + depth * pitch, 0f);
    }
    if (across == 1) {
      if (VECTOR && width >= 4) {
        VectorPacking.rows(from, at, along, width, depth, to, begin, pitch);
      } else {
        rows(from, at, along, width, depth, to, begin, pitch);
      }
    } else if (along == 1 && VECTOR && VectorPacking.TRANSPOSES) {
      VectorPacking.transpose(from, at, across, width, depth, to, begin, pitch);
    } else {
      elements(from, at, across, along, width, depth, to, begin, pitch);
    }
  }

  /// Any strides.
  private static void elements(
      float[] from, int at, int across, int along, int width, int depth, float[] to, int begin, int pitch) {
    for (int i = 0; i < width; i++) {
      for (int k = 0; k < depth; k++) {
        to[begin + k * pitch + i] = from[at + i * across + k * along];
      }
    }
  }

  /// Rows that lie in one piece.
  static void rows(
      float[] from, int at, int along, int width, int depth, float[] to, int begin, int pitch) {
    for (int k = 0; k < depth; k++) {
      System.arraycopy(from, at + k * along, to, begin + k * pitch, width);
    }
  }
}
