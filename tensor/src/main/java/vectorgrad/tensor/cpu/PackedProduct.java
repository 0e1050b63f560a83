package vectorgrad.tensor.cpu;

import vectorgrad.tensor.cpu.MicroKernels.Left;

/// A product of packed operands: C is cut into tiles, K into [MatMul#blocks], and what is read more
/// than once is packed.
///
/// @param tiling the tiles and their kernels
/// @param sparing whether operands may be read as they lie, and in whatever order suits the shape
/// @param loop who runs the tasks
/// @param finish told of complete parts of C
record PackedProduct(Tiling tiling, boolean sparing, MatMul.Loop loop, MatMul.Finish finish) {
  /// Rows of one task: its part of a packed A stays in L2.
  static final int TASK_ROWS = 168;

  /// Columns of one task, whose panels of B are packed together: memory is fast where it is read in
  /// long pieces.
  private static final int TASK_COLUMNS = 128;

  /// Into how many parts a narrow product is cut, if it has as many panels.
  static final int NARROW_TASKS = 4;

  /// The most rows and columns whose packed operands are held at once.
  private static final int MOST = 4096;

  /// Up to this many columns, 64 of f32, A is read as it lies: copying it would not be paid back.
  private static final int DIRECT_COLUMNS = (1 << 11) / MicroKernels.bits(float.class);

  /// Up to this many elements, gaps included, B is read as it lies if it is read by few tiles: it
  /// is then in L2, and few of its rows are on pages of their own.
  private static final int DIRECT_AREA = 1 << 16;

  /// What stands for shared panels where each task has its own.
  private static final float[] NONE = {};

  PackedProduct(Tiling tiling, boolean sparing, MatMul.Loop loop) {
    this(tiling, sparing, loop, MatMul.Finish.NONE);
  }

  /// `Cᵀ = Bᵀ·Aᵀ` has the same bits. It costs a transposition of C, but may save one of a larger B:
  /// the right operand must be packed row by row, the left one can be read as it lies. And if both
  /// lie across, as in the gradient of a weight, it packs a tall A in long pieces. Where Aᵀ stays
  /// near, tiles of the result are transposed on their way out: 128 × 4096 × 784 with B across
  /// takes 9.4 ms instead of 10.3.
  void sparing(Operand a, Operand b, Matrix c, boolean add) {
    long m = c.rows();
    long n = c.columns();
    long k = a.columns();
    boolean across = a.rowStride() == 1 && a.columnStride() != 1 && b.columnStride() == 1;
    long plain = across ? m * k : b.columnStride() == 1 ? 0 : n * k;
    long swapped = (across ? n * k : a.rowStride() == 1 ? 0 : m * k) + m * n;
    if (2 * swapped < plain && !add && c.rowStride() == n && m * n <= MOST * MOST) {
      Operand left = b.transpose();
      Operand right = a.transpose();
      int blocks = MatMul.blocks(right.rows(), c.columns());
      NearProduct near = new NearProduct(tiling, loop, finish, left, right, blocks);
      if (suits(near) && near.together() == blocks) {
        near.run(c.transpose(), false);
        return;
      }
      float[] result = Scratch.RESULT.floats(c.rows() * c.columns());
      Matrix other = Matrix.rowMajor(result, 0, left.rows(), right.columns());
      new PackedProduct(tiling, sparing, loop).run(left, right, other, false, blocks);
      transpose(other, c);
    } else {
      run(a, b, c, add);
    }
  }

  private void transpose(Matrix from, Matrix to) {
    int columns = to.columns();
    int tasks = Math.ceilDiv(to.rows(), TASK_ROWS);
    loop.run(
        tasks,
        task -> {
          int i = Tiling.start(task, tasks, to.rows());
          int rows = Tiling.start(task + 1, tasks, to.rows()) - i;
          Packing.copy(
              from.transpose().block(i, rows, 0, columns), to.data(), to.index(i, 0), columns);
          finish.done(to.block(i, rows, 0, columns));
        });
  }

  /// Whether many rows of A must be packed.
  private boolean suits(NearProduct near) {
    return sparing
        && near.a().rows() > TASK_ROWS
        && !isDirect(near.a(), near.b().columns())
        && near.a().columns() > 0;
  }

  /// `C = A·B`, or `+=`, with the operands as they are given.
  void run(Operand a, Operand b, Matrix c, boolean add) {
    run(a, b, c, add, MatMul.blocks(a.columns(), c.columns()));
  }

  /// Block after block of k, for as many rows and columns as packed operands are held of.
  private void run(Operand a, Operand b, Matrix c, boolean add, int blocks) {
    MatMul.clearIfEmpty(a, c, add);
    NearProduct near = new NearProduct(tiling, loop, finish, a, b, blocks);
    if (suits(near)) {
      near.run(c, add);
      return;
    }
    for (int j = 0; j < c.columns(); j += MOST) {
      int columns = Math.min(MOST, c.columns() - j);
      for (int i = 0; i < c.rows(); i += MOST) {
        int rows = Math.min(MOST, c.rows() - i);
        for (int p = 0; p < blocks; p++) {
          int k = Tiling.start(p, blocks, a.columns());
          int depth = Tiling.start(p + 1, blocks, a.columns()) - k;
          Operand left = a.block(i, rows, k, depth);
          Operand right = b.block(k, depth, j, columns);
          block(left, right, c.block(i, rows, j, columns), add || p > 0, p == blocks - 1);
        }
      }
    }
  }

  /// One block of k: first what several tasks read is packed, then all tiles are computed, each
  /// shared out by shape. A task that alone reads its columns of B packs them itself, and then has
  /// them in its caches.
  private void block(Operand a, Operand b, Matrix c, boolean add, boolean last) {
    LeftOperand left = left(tiling, sparing, a, c.columns());
    int leftParts = left.layout() == Left.DIRECT ? 0 : left.tiles();
    int tasks = Math.ceilDiv(c.rows(), TASK_ROWS);
    int panels = Math.ceilDiv(c.columns(), tiling.wide());
    int groups = Math.max(Math.ceilDiv(c.columns(), TASK_COLUMNS), Math.min(panels, NARROW_TASKS));
    boolean direct = sparing && tasks == 1 && isNear(b) && b instanceof Matrix;
    boolean shared = tasks > 1 || !sparing;
    int size = tiling.wide() * a.columns();
    float[] right = shared ? Scratch.RIGHT.floats(panels * size) : NONE;
    loop.run(
        leftParts + (shared ? groups : 0),
        part -> {
          if (part < leftParts) {
            left.pack(a, part);
          } else {
            int first = Tiling.start(part - leftParts, groups, panels);
            int end = Tiling.start(part - leftParts + 1, groups, panels);
            Packing.panels(tiling, b, first, end, right, first * size);
          }
        });
    loop.run(
        tasks * groups,
        task -> {
          int first = Tiling.start(task % groups, groups, panels);
          int end = Tiling.start(task % groups + 1, groups, panels);
          float[] packed = shared ? right : Scratch.PANEL.floats((end - first) * size);
          int from = shared ? first * size : 0;
          if (!shared && !direct) {
            Packing.panels(tiling, b, first, end, packed, 0);
          }
          int firstTile = Tiling.start(task / groups, tasks, left.tiles());
          int lastTile = Tiling.start(task / groups + 1, tasks, left.tiles());
          int begin = first * tiling.wide();
          Matrix own =
              c.block(0, c.rows(), begin, Math.min(end * tiling.wide(), c.columns()) - begin);
          // a tile stays in L1 while the panels pass by, which stay in L2
          for (int tile = firstTile; !direct && tile < lastTile; tile++) {
            left.multiply(tile, packed, from, own, add);
          }
          for (int panel = first; direct && panel < end; panel++) {
            multiply(left, b.near(), panel, packed, c, add);
          }
          if (last && finish != MatMul.Finish.NONE) { // the smallest products would notice
            int i = tiling.row(firstTile, c.rows());
            int rows = tiling.row(lastTile, c.rows()) - i;
            finish.done(own.block(i, rows, 0, own.columns()));
          }
        });
  }

  /// Multiplies all rows with one panel of a B that is read as it lies.
  private void multiply(
      LeftOperand left, Matrix b, int panel, float[] packed, Matrix c, boolean add) {
    int j = panel * tiling.wide();
    int columns = Math.min(tiling.wide(), c.columns() - j);
    int width = tiling.panel(columns);
    Matrix part = c.block(0, c.rows(), j, columns);
    int tiles = left.tiles();
    if (b.index(b.rows() - 1, j) + width <= b.data().length) {
      left.multiply(0, tiles, b.data(), b.index(0, j), b.rowStride(), width, part, add);
    } else { // its last row would be read beyond the end
      Packing.panels(tiling, b, panel, panel + 1, packed, 0);
      left.multiply(0, tiles, packed, 0, width, width, part, add);
    }
  }

  /// Whether B is near enough to be read as it lies.
  static boolean isNear(Operand b) {
    return b.columnStride() == 1
        && b.rowStride() > 0
        && (long) b.rowStride() * b.rows() <= DIRECT_AREA;
  }

  private static boolean isDirect(Operand a, int columns) {
    return a instanceof Matrix && a.columnStride() == 1 && columns <= DIRECT_COLUMNS;
  }

  /// The left operand of a product with so many columns, as it is read fastest.
  static LeftOperand left(Tiling tiling, boolean sparing, Operand a, int columns) {
    int rows = a.rows();
    int depth = a.columns();
    if (sparing && isDirect(a, columns)) {
      return LeftOperand.direct(tiling, a.near());
    }
    if (sparing) {
      return LeftOperand.of(tiling, a, Scratch.LEFT.floats(rows * MicroKernels.PITCH), 0);
    }
    return LeftOperand.packed(tiling, Scratch.LEFT.floats(rows * depth), 0, rows, depth);
  }
}
