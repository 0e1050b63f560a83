package vectorgrad.tensor.cpu;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/// Copies operands into the order in which a [MicroKernel] reads them, whatever their strides are.
///
/// One copy serves both operands: a panel of B is packed row by row, a tile of A column by column,
/// which is the same for its transposition.
///
/// A packed operand is read without a gap, so no page or cache set is visited for a few bytes only;
/// and a transposed, sliced, flipped or broadcast operand costs nothing more once it is packed.
///
/// The loops here are replaced by those of [VectorPacking] as soon as those are machine code.
final class Packing {
  private static final boolean VECTOR = Lanes.bits() > 0;

  /// Rows and columns of a matrix that warms: a multiple of any panel's width, and more than four
  /// lanes.
  private static final int WARMING = 64;

  /// More than it takes to copy that matrix in every way, once this is compiled.
  private static final int WARM_NANOS = 20_000;

  private static final AtomicBoolean ASKED = new AtomicBoolean();

  @SuppressWarnings("NonFinalStaticField") // set once, by [Warmup]
  private static volatile boolean compiled;

  private Packing() {}

  /// Whether vectors do the work. [VectorPacking] is not even loaded before: its shuffles and masks
  /// and the first matrices would be 40 ms of a cold start.
  private static boolean vectors() {
    if (!VECTOR || compiled || Warmup.impatient) {
      return VECTOR;
    }
    if (!ASKED.get() && ASKED.compareAndSet(false, true)) {
      float[] from = new float[WARMING * WARMING];
      float[] to = new float[WARMING * WARMING];
      Warmup.start(
          Warmup.Kind.PRODUCT,
          () -> Matrix.rowMajor(from, 0, WARMING, WARMING),
          matrix -> VectorPacking.all(matrix, to),
          WARM_NANOS,
          _ -> compiled = true);
    }
    return false;
  }

  /// `to[begin + i·pitch + j] = from[i][j]`. What is left of each row of `pitch` elements is
  /// filler: kernels multiply it, and nobody looks at the product.
  static void copy(Operand from, float[] to, int begin, int pitch) {
    int together = together(from);
    for (int i = 0; i < from.rows(); i += together) {
      copy(near(from, i, together), to, begin + i * pitch, pitch);
    }
  }

  /// How many rows are near at once.
  private static int together(Operand from) {
    return Math.max(1, from.most() / Math.max(1, from.columns()));
  }

  private static Matrix near(Operand from, int i, int together) {
    return from.block(i, Math.min(together, from.rows() - i), 0, from.columns()).near();
  }

  /// The same of a matrix as kernels read it.
  static void copy(Matrix from, float[] to, int begin, int pitch) {
    if (from.columns() < pitch) {
      Arrays.fill(to, begin, begin + from.rows() * pitch, 0f);
    }
    boolean vectors = from.columns() >= 4 && vectors();
    if (from.columnStride() == 1) {
      if (vectors) {
        VectorPacking.rows(from, to, begin, pitch);
      } else {
        rows(from, to, begin, pitch);
      }
    } else if (from.rowStride() == 1 && vectors && VectorPacking.TRANSPOSES) {
      VectorPacking.transpose(from, to, begin, pitch);
    } else {
      elements(from, to, begin, pitch);
    }
  }

  /// `to[j][i] = from[i][j]`, of rows that lie in one piece, and nothing beside them.
  static void transpose(Matrix from, Matrix to) {
    Matrix out = to.transpose();
    into(from.transpose(), out.data(), out.index(0, 0), out.rowStride());
  }

  /// [#copy] without filler: what is left of each row of `pitch` elements keeps its value.
  static void into(Matrix from, float[] to, int begin, int pitch) {
    int columns = from.columns();
    boolean vectors = columns >= 4 && from.rowStride() == 1 && vectors();
    int whole = vectors && VectorPacking.TRANSPOSES ? columns / 4 * 4 : 0;
    if (whole > 0) {
      VectorPacking.transpose(from.block(0, from.rows(), 0, whole), to, begin, pitch);
    }
    elements(from.block(0, from.rows(), whole, columns - whole), to, begin + whole, pitch);
  }

  /// Some panels of a right operand, one behind the other.
  static void panels(Tiling tiling, Operand b, int first, int last, float[] to, int begin) {
    int wide = tiling.wide();
    int whole = Math.min(last, b.columns() / wide) - first;
    int panel = first;
    if (b.columnStride() == 1 && whole > 0 && vectors()) {
      Operand all = b.block(0, b.rows(), first * wide, whole * wide);
      int together = together(all);
      for (int k = 0; k < b.rows(); k += together) {
        VectorPacking.panels(near(all, k, together), to, begin + k * wide, wide * b.rows());
      }
      panel += whole;
    }
    for (; panel < last; panel++) {
      int columns = Math.min(wide, b.columns() - panel * wide);
      Operand part = b.block(0, b.rows(), panel * wide, columns);
      copy(part, to, begin + (panel - first) * wide * b.rows(), tiling.panel(columns));
    }
  }

  /// Any strides.
  private static void elements(Matrix from, float[] to, int begin, int pitch) {
    for (int j = 0; j < from.columns(); j++) {
      for (int i = 0; i < from.rows(); i++) {
        to[begin + i * pitch + j] = from.at(i, j);
      }
    }
  }

  /// Rows that lie in one piece.
  static void rows(Operand from, float[] to, int begin, int pitch) {
    int together = together(from);
    for (int i = 0; i < from.rows(); i += together) {
      rows(near(from, i, together), to, begin + i * pitch, pitch);
    }
  }

  /// The same of a matrix as kernels read it.
  static void rows(Matrix from, float[] to, int begin, int pitch) {
    for (int i = 0; i < from.rows(); i++) {
      System.arraycopy(from.data(), from.index(i, 0), to, begin + i * pitch, from.columns());
    }
  }
}
