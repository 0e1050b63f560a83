package vectorgrad.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// A vector micro-kernel to be read: 4 rows of two vectors, from a packed A.
///
/// Two ideas make it fast. A vector computes many columns at once; and every vector of B that is
/// loaded is used for four rows, every element of A for two vectors, while eight sums stay in
/// registers: eight multiply-adds for two loads and four broadcasts. [MicroKernels] writes the same
/// for more rows.
final class HandWrittenKernel extends MicroKernel {
  static final int ROWS = 4;

  private static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.bits()));
  private static final int LANES = SPECIES.length();

  /// Columns of the tile.
  static final int COLUMNS = 2 * LANES;

  private final int rows;

  private HandWrittenKernel(int rows) {
    this.rows = rows;
  }

  /// The kernel for tiles of at most 4 rows. Its type is the general one, so that whoever asks for
  /// it can be verified without loading the Vector API.
  static MicroKernel of(int rows) {
    return new HandWrittenKernel(rows);
  }

  @Override
  void tile(
      float[] a,
      int ao,
      int lda,
      float[] b,
      int bo,
      int ldb,
      int depth,
      float[] c,
      int co,
      int ldc,
      boolean add) {
    if (rows == ROWS) {
      fourRows(a, ao, b, bo, ldb, depth, c, co, ldc, add);
    } else {
      for (int i = 0; i < rows; i++) { // the last tiles of a matrix
        oneRow(a, ao + i, b, bo, ldb, depth, c, co + i * ldc, add);
      }
    }
  }

  private static void fourRows(
      float[] a,
      int ao,
      float[] b,
      int bo,
      int ldb,
      int depth,
      float[] c,
      int co,
      int ldc,
      boolean add) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector s00 = zero;
    FloatVector s01 = zero;
    FloatVector s10 = zero;
    FloatVector s11 = zero;
    FloatVector s20 = zero;
    FloatVector s21 = zero;
    FloatVector s30 = zero;
    FloatVector s31 = zero;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bo + k * ldb);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bo + k * ldb + LANES);
      FloatVector x = FloatVector.broadcast(SPECIES, a[ao + k * ROWS]);
      s00 = x.fma(b0, s00);
      s01 = x.fma(b1, s01);
      x = FloatVector.broadcast(SPECIES, a[ao + k * ROWS + 1]);
      s10 = x.fma(b0, s10);
      s11 = x.fma(b1, s11);
      x = FloatVector.broadcast(SPECIES, a[ao + k * ROWS + 2]);
      s20 = x.fma(b0, s20);
      s21 = x.fma(b1, s21);
      x = FloatVector.broadcast(SPECIES, a[ao + k * ROWS + 3]);
      s30 = x.fma(b0, s30);
      s31 = x.fma(b1, s31);
    }
    store(s00, s01, c, co, add);
    store(s10, s11, c, co + ldc, add);
    store(s20, s21, c, co + 2 * ldc, add);
    store(s30, s31, c, co + 3 * ldc, add);
  }

  private void oneRow(
      float[] a, int ao, float[] b, int bo, int ldb, int depth, float[] c, int co, boolean add) {
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = FloatVector.zero(SPECIES);
    for (int k = 0; k < depth; k++) {
      FloatVector x = FloatVector.broadcast(SPECIES, a[ao + k * rows]);
      s0 = x.fma(FloatVector.fromArray(SPECIES, b, bo + k * ldb), s0);
      s1 = x.fma(FloatVector.fromArray(SPECIES, b, bo + k * ldb + LANES), s1);
    }
    store(s0, s1, c, co, add);
  }

  /// Adds two vectors of sums to what stands in C, or to −0, to which every number can be added
  /// without a change (0 would make 0 of −0).
  ///
  /// `if (add)` around an addition to the sums would be shorter, and 20 times as slow in every
  /// second JVM: where the branch ends, C2 does not know how many lanes they have. It believes what
  /// it has seen `intoArray` store, the vectors of four of [VectorPacking#transpose], and keeps the
  /// sums as objects.
  private static void store(FloatVector s0, FloatVector s1, float[] c, int co, boolean add) {
    FloatVector c0 =
        add ? FloatVector.fromArray(SPECIES, c, co) : FloatVector.broadcast(SPECIES, -0f);
    FloatVector c1 =
        add ? FloatVector.fromArray(SPECIES, c, co + LANES) : FloatVector.broadcast(SPECIES, -0f);
    c0.add(s0).intoArray(c, co);
    c1.add(s1).intoArray(c, co + LANES);
  }
}
