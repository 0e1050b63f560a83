package vectorgrad.tensor.cpu;

/// The product with a packed B that stays in the caches: each tile of A lies in L1 or L2 while all
/// panels of B stream past it. So C is written row by row, once for each block of k.
///
/// Where B does not fit, some of its columns at a time do; then packed tiles of A are kept for the
/// next columns. Where a tile meets all columns at once, it is packed and forgotten.
///
/// @param tiling the tiles and their kernels
/// @param loop who runs the tasks
/// @param finish told of complete parts of C
/// @param a M × K
/// @param b K × N
/// @param blocks into how many blocks K is cut
record NearProduct(
    Tiling tiling, MatMul.Loop loop, MatMul.Finish finish, Operand a, Operand b, int blocks) {
  /// Up to this many elements (four megabytes), packed panels of B stream from L3 as fast as they
  /// are multiplied.
  private static final int NEAR = (1 << 25) / MicroKernels.bits(float.class);

  /// The most rows of which packed tiles are kept.
  private static final int ROWS = 2048;

  /// Tiles that are packed together, and transposed together: memory is fast where it is read and
  /// written in long pieces. And panels of B whose rows are.
  private static final int GROUP = 4;

  private int start(int block) {
    return Tiling.start(block, blocks, b.rows());
  }

  private int panels(int columns) {
    return Math.ceilDiv(columns, tiling.wide());
  }

  /// How many blocks of k of B are held together.
  int together() {
    long size = (long) panels(b.columns()) * tiling.wide() * Math.ceilDiv(b.rows(), blocks);
    return (int) Math.min(blocks, Math.max(1, NEAR / Math.max(1, size)));
  }

  /// How many columns of B are held together: whole panels.
  private int columns() {
    int depth = together() * Math.ceilDiv(b.rows(), blocks);
    return Math.max(1, NEAR / (depth * tiling.wide())) * tiling.wide();
  }

  /// `C = A·B`, or `+=`, of at least one step of k. A C whose columns lie in one piece is
  /// transposed on its way out; then all blocks must be held together, and `add` be false.
  void run(Matrix c, boolean add) {
    int most = columns();
    int together = together();
    int height = c.columns() <= most ? c.rows() : ROWS;
    for (int i = 0; i < c.rows(); i += height) {
      int rows = Math.min(height, c.rows() - i);
      NearProduct part =
          new NearProduct(tiling, loop, finish, a.block(i, rows, 0, a.columns()), b, blocks);
      for (int block = 0; block < blocks; block += together) {
        int last = Math.min(blocks, block + together);
        for (int j = 0; j < c.columns(); j += most) {
          int columns = Math.min(most, c.columns() - j);
          part.columns(block, last, j, c.block(i, rows, j, columns), add || block > 0);
        }
      }
    }
  }

  /// Some blocks of k of the columns of B from `j` on, as many as C has.
  private void columns(int first, int last, int j, Matrix c, boolean add) {
    int width = panels(c.columns()) * tiling.wide();
    float[] right = Scratch.RIGHT.floats(width * (start(last) - start(first)));
    int groups = Math.ceilDiv(panels(c.columns()), GROUP);
    loop.run(
        groups * (last - first),
        part -> {
          int k = start(first + part / groups);
          int depth = start(first + part / groups + 1) - k;
          int panel = part % groups * GROUP;
          int end = Math.min(panel + GROUP, panels(c.columns()));
          int to = (k - start(first)) * width + panel * tiling.wide() * depth;
          Packing.panels(tiling, b.block(k, depth, j, c.columns()), panel, end, right, to);
        });
    boolean kept = c.columns() < b.columns();
    float[] tiled =
        kept ? Scratch.LEFT.floats((last - first) * a.rows() * MicroKernels.PITCH) : right;
    int tiles = tiling.tiles(a.rows());
    int tasks = Math.max(Math.ceilDiv(tiles, GROUP), Math.min(tiles, PackedProduct.NARROW_TASKS));
    loop.run(
        tasks,
        task -> {
          int end = Tiling.start(task + 1, tasks, tiles);
          for (int tile = Tiling.start(task, tasks, tiles); tile < end; tile += GROUP) {
            int i = tiling.row(tile, a.rows());
            int rows = tiling.row(Math.min(end, tile + GROUP), a.rows()) - i;
            Matrix out = c.block(i, rows, 0, c.columns());
            if (c.columnStride() == 1) {
              group(first, last, i, kept, j == 0, tiled, right, out, add);
            } else {
              float[] result = Scratch.RESULT.floats(rows * c.columns());
              Matrix other = Matrix.rowMajor(result, 0, rows, c.columns());
              group(first, last, i, kept, j == 0, tiled, right, other, false);
              Packing.transpose(other, out);
            }
            if (last == blocks) {
              finish.done(out);
            }
          }
        });
  }

  /// The rows of some tiles, which begin at `i`.
  private void group(
      int first,
      int last,
      int i,
      boolean kept,
      boolean fresh,
      float[] tiled,
      float[] right,
      Matrix c,
      boolean add) {
    int width = panels(c.columns()) * tiling.wide();
    for (int p = first, next; p < last; p = next) {
      next = p + 1;
      while (next < last && start(next + 1) - start(p) <= MatMul.DEPTH) {
        next++; // short blocks are packed together: memory is fast where it is read in long pieces
      }
      int k = start(p);
      Operand part = a.block(i, c.rows(), k, start(next) - k);
      int at = kept ? ((p - first) * a.rows() + i) * MicroKernels.PITCH : 0;
      float[] data = kept ? tiled : Scratch.LEFT.floats(c.rows() * MicroKernels.PITCH);
      LeftOperand all = LeftOperand.of(tiling, part, data, at);
      if (!kept || fresh) {
        all.pack(part);
      }
      for (int block = p; block < next; block++) {
        LeftOperand left = all.steps(start(block) - k, start(block + 1) - start(block));
        int from = (start(block) - start(first)) * width;
        for (int tile = 0; tile < left.tiles(); tile++) {
          left.multiply(tile, right, from, c, add || block > first);
        }
      }
    }
  }
}
