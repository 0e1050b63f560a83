package vectorgrad.tensor.cpu;

import java.util.concurrent.atomic.AtomicReferenceArray;
import vectorgrad.tensor.cpu.MicroKernels.Left;

/// How a product is cut into tiles, and the kernels that compute them.
///
/// C is cut into panels of [#wide()] columns (the last one may be [#narrow()]) and tiles of at most
/// [#rows()] rows. Kernels are made when they are first needed.
final class Tiling {
  /// Emitted vector kernels, or scalar ones where there is no Vector API.
  static final Tiling MACHINE = Lanes.bits() == 0 ? scalar() : emitted();

  /// Makes the kernel for tiles of the given size.
  interface Kernels {
    MicroKernel make(Left left, int rows, int columns);
  }

  private final int rows;
  private final int wide;
  private final int narrow;
  private final Kernels kernels;
  private final AtomicReferenceArray<MicroKernel> made;
  private final AtomicReferenceArray<TableKernel> tables;

  private Tiling(int rows, int wide, int narrow, Kernels kernels) {
    this.rows = rows;
    this.wide = wide;
    this.narrow = narrow;
    this.kernels = kernels;
    this.made = new AtomicReferenceArray<>(4 * (rows + 1));
    this.tables = new AtomicReferenceArray<>(2 * (rows + 1));
  }

  private static Tiling scalar() {
    return new Tiling(
        ScalarKernel.ROWS,
        ScalarKernel.WIDE,
        ScalarKernel.NARROW,
        (left, rows, columns) -> new ScalarKernel(left == Left.PACKED, rows, columns));
  }

  private static Tiling emitted() {
    int lanes = MicroKernels.lanes(float.class, Lanes.bits());
    return new Tiling(
        MicroKernels.mostRows(),
        2 * lanes,
        lanes,
        (left, rows, columns) ->
            MicroKernels.emit(MicroKernel.class, left, Lanes.bits(), rows, columns / lanes));
  }

  /// The kernel in the source, for packed operands.
  static Tiling handWritten() {
    int columns = HandWrittenKernel.COLUMNS;
    return new Tiling(
        HandWrittenKernel.ROWS, columns, columns, (_, rows, _) -> HandWrittenKernel.of(rows));
  }

  int rows() {
    return rows;
  }

  int wide() {
    return wide;
  }

  int narrow() {
    return narrow;
  }

  /// The columns of a panel that has `remaining` columns left to compute.
  int panel(int remaining) {
    return remaining <= narrow ? narrow : wide;
  }

  /// Into how many tiles `size` rows are cut.
  int tiles(int size) {
    return Math.ceilDiv(size, rows);
  }

  /// The first row of tile `tile` of `tiles`: near-equal tiles, so that there is no poor last one.
  static int start(int tile, int tiles, int size) {
    return (int) ((long) tile * size / tiles);
  }

  MicroKernel packed(int rows, int columns) {
    return kernel(Left.PACKED, rows, columns);
  }

  MicroKernel direct(int rows, int columns) {
    return kernel(Left.DIRECT, rows, columns);
  }

  private MicroKernel kernel(Left left, int rows, int columns) {
    int kind = (left == Left.DIRECT ? 2 : 0) + (columns == wide ? 1 : 0);
    int place = kind * (this.rows + 1) + rows;
    MicroKernel kernel = made.get(place);
    if (kernel == null) {
      kernel = kernels.make(left, rows, columns);
      made.set(place, kernel); // whoever comes second makes the same
    }
    return kernel;
  }

  TableKernel table(int rows, int columns) {
    int place = (columns == wide ? 1 : 0) * (this.rows + 1) + rows;
    TableKernel kernel = tables.get(place);
    if (kernel == null) {
      int lanes = MicroKernels.lanes(float.class, Lanes.bits());
      kernel =
          lanes == 0
              ? new ScalarTableKernel(rows, columns)
              : MicroKernels.emit(
                  TableKernel.class, Left.TABLE, Lanes.bits(), rows, columns / lanes);
      tables.set(place, kernel);
    }
    return kernel;
  }
}
