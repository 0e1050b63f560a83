package vectorgrad.tensor.cpu;

/// The product with a B that stays in L2: each tile of A is packed when its turn comes, into L1,
/// and meets all panels there, for one block of k after the other. So A is read once, what is
/// packed of it never leaves the cache, and C is written row by row, or added to while it is near.
///
/// @param tiling the tiles and their kernels
/// @param loop who runs the tasks
/// @param a M × K
/// @param b K × N
record NearProduct(Tiling tiling, MatMul.Loop loop, Matrix a, Matrix b) {
  /// Up to this many elements (half a megabyte), packed panels of B stay in L2 while all tiles of A
  /// pass by.
  private static final int NEAR = (1 << 22) / MicroKernels.bits(float.class);

  /// Tiles whose columns of an A that lies across are packed together, and which are transposed
  /// together: memory is fast where it is read and written in long pieces.
  private static final int GROUP = 4;

  private int panels() {
    return Math.ceilDiv(b.columns(), tiling.wide());
  }

  private int blocks() {
    return MatMul.blocks(b.rows());
  }

  private int start(int block) {
    return Tiling.start(block, blocks(), b.rows());
  }

  /// How many blocks of k of B stay in L2 together.
  int together() {
    int blocks = Math.max(1, blocks());
    long size = (long) panels() * tiling.wide() * Math.ceilDiv(b.rows(), blocks);
    return (int) Math.min(blocks, NEAR / Math.max(1, size));
  }

  /// `C = A·B`, or `+=`. A C whose columns lie in one piece is transposed on its way out; then all
  /// blocks must stay in L2 together, and `add` be false.
  void run(Matrix c, boolean add) {
    int together = together();
    for (int block = 0; block < blocks(); block += together) {
      blocks(block, Math.min(blocks(), block + together), c, add || block > 0);
    }
  }

  private void blocks(int first, int last, Matrix c, boolean add) {
    int panels = panels();
    int width = panels * tiling.wide();
    float[] right = Scratch.RIGHT.floats(width * (start(last) - start(first)));
    loop.run(
        panels * (last - first),
        part -> {
          int k = start(first + part / panels);
          int depth = start(first + part / panels + 1) - k;
          int panel = part % panels;
          int to = (k - start(first)) * width + panel * tiling.wide() * depth;
          Packing.panels(tiling, b.block(k, depth, 0, b.columns()), panel, panel + 1, right, to);
        });
    int tiles = tiling.tiles(a.rows());
    int tasks =
        Math.max(
            Math.ceilDiv(a.rows(), PackedProduct.TASK_ROWS),
            Math.min(tiles, PackedProduct.NARROW_TASKS));
    loop.run(
        tasks,
        task -> {
          int end = Tiling.start(task + 1, tasks, tiles);
          for (int tile = Tiling.start(task, tasks, tiles); tile < end; tile += GROUP) {
            int i = tiling.row(tile, a.rows());
            int rows = tiling.row(Math.min(end, tile + GROUP), a.rows()) - i;
            Matrix out = c.block(i, rows, 0, c.columns());
            if (c.columnStride() == 1) {
              group(first, last, i, right, out, add);
            } else {
              float[] result = Scratch.RESULT.floats(rows * c.columns());
              Matrix other = Matrix.rowMajor(result, 0, rows, c.columns());
              group(first, last, i, right, other, false);
              Packing.transpose(other, out);
            }
          }
        });
  }

  /// The rows of some tiles, which begin at `i`.
  private void group(int first, int last, int i, float[] right, Matrix c, boolean add) {
    int tiles = tiling.tiles(c.rows());
    int unit = a.columnStride() == 1 ? 1 : tiles;
    for (int tile = 0; tile < tiles; tile += unit) {
      int begin = tiling.row(tile, c.rows());
      int rows = tiling.row(tile + unit, c.rows()) - begin;
      Matrix out = c.block(begin, rows, 0, c.columns());
      for (int p = first; p < last; p++) {
        int k = start(p);
        Matrix part = a.block(i + begin, rows, k, start(p + 1) - k);
        int from = (k - start(first)) * panels() * tiling.wide();
        tiles(part, right, from, out, add || p > first);
      }
    }
  }

  /// One block of k of some tiles.
  private void tiles(Matrix a, float[] right, int from, Matrix c, boolean add) {
    LeftOperand left = PackedProduct.left(tiling, true, a, c.columns());
    left.pack(a);
    for (int tile = 0; tile < left.tiles(); tile++) {
      for (int j = 0; j < c.columns(); j += tiling.wide()) {
        int columns = Math.min(tiling.wide(), c.columns() - j);
        Matrix part = c.block(0, c.rows(), j, columns);
        int at = from + j * a.columns();
        int width = tiling.panel(columns);
        left.multiply(tile, tile + 1, right, at, width, width, part, add);
      }
    }
  }
}
