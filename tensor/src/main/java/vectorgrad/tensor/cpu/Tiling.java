package vectorgrad.tensor.cpu;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import vectorgrad.tensor.cpu.MicroKernels.Left;
import vectorgrad.tensor.cpu.MicroKernels.Right;

/// How a product is cut into tiles, and the kernels that compute them.
///
/// C is cut into panels of [#wide()] columns (the last one may be [#narrow()]) and tiles of at most
/// [#rows()] rows. Kernels are made when they are first needed; emitted ones take over from scalar
/// ones when they are compiled, see [Warmup].
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
  private final boolean warming;
  private final Kernels kernels;
  private final MadeKernels<MicroKernel> made;
  private final MadeKernels<TableKernel> tables;
  private final MadeKernels<StripKernel> strips;

  private Tiling(int rows, int wide, int narrow, boolean warming, Kernels kernels) {
    this.rows = rows;
    this.wide = wide;
    this.narrow = narrow;
    this.warming = warming;
    this.kernels = kernels;
    this.made = new MadeKernels<>(4 * 2 * (rows + 1), warming);
    this.tables = new MadeKernels<>(2 * (rows + 1), warming);
    this.strips = new MadeKernels<>(2 * (rows + 1), warming);
  }

  private static Tiling scalar() {
    return new Tiling(
        ScalarKernel.ROWS, ScalarKernel.WIDE, ScalarKernel.NARROW, false, ScalarKernel::new);
  }

  private static Tiling emitted() {
    int lanes = MicroKernels.lanes(float.class, Lanes.bits());
    return new Tiling(
        MicroKernels.mostRows(),
        2 * lanes,
        lanes,
        true,
        (left, rows, columns) ->
            MicroKernels.emit(
                MicroKernel.class, left, Right.ROWS, Lanes.bits(), rows, columns / lanes));
  }

  /// The kernel in the source, for packed operands.
  static Tiling handWritten() {
    int columns = HandWrittenKernel.COLUMNS;
    return new Tiling(
        HandWrittenKernel.ROWS,
        columns,
        columns,
        false,
        (_, rows, _) -> HandWrittenKernel.of(rows));
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

  /// The first row of a tile. Tiles are near-equal, but of an even number of rows wherever they can
  /// be, so that few kernels have to be made and compiled.
  int row(int tile, int size) {
    int unit = rows % 2 == 0 ? 2 : 1;
    return Math.min(size, unit * start(tile, tiles(size), Math.ceilDiv(size, unit)));
  }

  /// The kernel for a tile whose left operand lies like that.
  MicroKernel kernel(Left left, int rows, int columns) {
    int layout = left == Left.PACKED ? 0 : left == Left.ROWS ? 1 : left == Left.DIRECT ? 2 : 3;
    int kind = 2 * layout + (columns == wide ? 1 : 0);
    int place = kind * (this.rows + 1) + rows;
    MicroKernel kernel = made.get(place);
    return kernel != null ? kernel : make(left, rows, columns, place);
  }

  private MicroKernel make(Left left, int rows, int columns, int place) {
    float[] a = new float[rows * MicroKernels.PITCH];
    float[] b = new float[columns];
    float[] c = new float[columns];
    return made.make(
        place,
        () -> kernels.make(left, rows, columns),
        () -> warming ? new ScalarKernel(left, rows, columns) : kernels.make(left, rows, columns),
        both((kernel, add) -> kernel.tile(a, 0, 0, b, 0, 0, Warmup.STEPS, c, 0, 0, add)),
        nanos(rows * columns));
  }

  /// The kernel for a tile whose left operand is found by tables.
  TableKernel table(int rows, int columns) {
    int place = (columns == wide ? 1 : 0) * (this.rows + 1) + rows;
    TableKernel kernel = tables.get(place);
    return kernel != null ? kernel : makeTable(rows, columns, place);
  }

  private TableKernel makeTable(int rows, int columns, int place) {
    int vectors = columns / narrow;
    float[] a = new float[1];
    float[] b = new float[Warmup.STEPS * columns];
    float[] c = new float[columns];
    int[] table = new int[rows + Warmup.STEPS];
    return tables.make(
        place,
        () ->
            MicroKernels.emit(
                TableKernel.class, Left.TABLE, Right.ROWS, Lanes.bits(), rows, vectors),
        () -> new ScalarTableKernel(rows, columns),
        both((kernel, add) ->
            kernel.tile(a, 0, table, 0, table, 0, b, 0, Warmup.STEPS, c, 0, 0, add)),
        nanos(rows * columns));
  }

  /// The kernel for a tile whose right operand is cut into strips.
  StripKernel strips(int rows, int columns) {
    int place = (columns == wide ? 1 : 0) * (this.rows + 1) + rows;
    StripKernel kernel = strips.get(place);
    return kernel != null ? kernel : makeStrips(rows, columns, place);
  }

  private StripKernel makeStrips(int rows, int columns, int place) {
    int vectors = columns / narrow;
    float[] a = new float[rows * Warmup.STEPS];
    float[] b = new float[columns];
    float[] c = new float[columns];
    int[] step = new int[Warmup.STEPS];
    return strips.make(
        place,
        () ->
            MicroKernels.emit(
                StripKernel.class, Left.PACKED, Right.TABLE, Lanes.bits(), rows, vectors),
        () -> new ScalarStripKernel(rows, columns),
        both((kernel, add) -> kernel.tile(a, 0, b, 0, step, 0, Warmup.STEPS, c, 0, 0, add)),
        nanos(rows * columns));
  }

  /// Both kinds of calls: one that replaces C, and one that adds to it.
  private static <K> Consumer<K> both(BiConsumer<K, Boolean> call) {
    return kernel -> {
      call.accept(kernel, false);
      call.accept(kernel, true);
    };
  }

  /// More than two calls of a compiled kernel take, and less than those of one that is not.
  private static long nanos(int size) {
    return 2 * (100L + Warmup.STEPS * size / 2);
  }
}
