package vectorgrad.tensor.cpu;

import vectorgrad.tensor.cpu.MicroKernels.Left;

/// The left operand of a product, as the micro-kernels read it: packed into tiles, copied row by
/// row, or as it lies.
///
/// @param tiling how its rows are cut into tiles
/// @param layout how it lies in `data`
/// @param data the packed tiles or rows one behind the other, or the matrix
/// @param begin where it begins in `data`
/// @param rows M
/// @param first the first step of k that is multiplied
/// @param depth K
/// @param rowStride from one row to the next, and from what stands for it in a tile
@SuppressWarnings("ArrayRecordComponent") // a view: nobody compares it
record LeftOperand(
    Tiling tiling,
    Left layout,
    float[] data,
    int begin,
    int rows,
    int first,
    int depth,
    int rowStride) {

  /// A matrix whose rows lie in one piece.
  static LeftOperand direct(Tiling tiling, Matrix a) {
    return new LeftOperand(
        tiling, Left.DIRECT, a.data(), a.offset(), a.rows(), 0, a.columns(), a.rowStride());
  }

  /// Room for rows × depth elements, to be filled by [#pack].
  static LeftOperand packed(Tiling tiling, float[] data, int begin, int rows, int depth) {
    return new LeftOperand(tiling, Left.PACKED, data, begin, rows, 0, depth, depth);
  }

  /// Room in `data` from `begin` on, for the block of k of `a`, whose rows are copied if they lie
  /// in one piece, and transposed otherwise.
  static LeftOperand of(Tiling tiling, Operand a, float[] data, int begin) {
    boolean rows = a.columnStride() == 1 && a.columns() >= SHALLOW;
    return new LeftOperand(
        tiling,
        rows ? Left.ROWS : Left.PACKED,
        data,
        begin,
        a.rows(),
        0,
        a.columns(),
        rows ? MicroKernels.PITCH : a.columns());
  }

  /// Below this many steps of k, copied rows would lie too far apart.
  private static final int SHALLOW = 64;

  /// Steps of k in which neighbouring tiles are packed, so that what they share is still near.
  private static final int TOGETHER = 8;

  /// Some steps of k of what is packed.
  LeftOperand steps(int first, int count) {
    return new LeftOperand(tiling, layout, data, begin, rows, first, count, rowStride);
  }

  /// Where a kernel begins to read a tile of so many rows from row `i` on.
  private int at(int i, int height) {
    return begin + i * rowStride + first * (layout == Left.PACKED ? height : 1);
  }

  int tiles() {
    return tiling.tiles(rows);
  }

  private int start(int tile) {
    return tiling.row(tile, rows);
  }

  /// Packs one tile of `a`, the matrix that this operand stands for.
  void pack(Operand a, int tile) {
    packSteps(a, tile, tile + 1, 0, depth);
  }

  /// Packs all of `a`, in pieces as long as its rows or columns are.
  void pack(Operand a) {
    int tiles = tiles();
    int steps = layout == Left.ROWS || tiles == 1 ? depth : TOGETHER;
    for (int k = 0; k < depth; k += steps) {
      packSteps(a, 0, tiles, k, Math.min(depth - k, steps));
    }
  }

  /// Packs some steps of k of some tiles.
  private void packSteps(Operand a, int first, int last, int k, int steps) {
    int above = start(first);
    int height = start(last) - above;
    if (layout == Left.ROWS) {
      Operand part = a.block(above, height, k, steps);
      Packing.rows(part, data, begin + above * rowStride + k, rowStride);
      return;
    }
    Operand all = a.block(above, height, k, steps).transpose();
    if (last - first == 1) {
      Packing.copy(all, data, begin + above * depth + k * height, height);
      return;
    }
    Matrix across = all.near(); // few steps of many tiles at once
    for (int tile = first; tile < last; tile++) {
      int i = start(tile);
      int rows = start(tile + 1) - i;
      Packing.copy(
          across.block(0, steps, i - above, rows), data, begin + i * depth + k * rows, rows);
    }
  }

  /// Multiplies one tile with packed panels of the right operand, one behind the other.
  ///
  /// @param c the columns of the result that belong to the panels
  void multiply(int tile, float[] right, int from, Matrix c, boolean add) {
    int i = start(tile);
    int wide = tiling.wide();
    int whole = c.columns() / wide * wide;
    int height = start(tile + 1) - i;
    MicroKernel kernel = tiling.kernel(layout, height, wide);
    int at = at(i, height);
    for (int j = 0; j < whole; j += wide) {
      int panel = from + j * depth;
      int to = c.index(i, j);
      kernel.tile(data, at, rowStride, right, panel, wide, depth, c.data(), to, c.rowStride(), add);
    }
    int left = c.columns() - whole;
    if (left > 0) {
      Matrix edge = c.block(0, rows, whole, left);
      multiply(tile, tile + 1, right, from + whole * depth, tiling.panel(left), edge, add);
    }
  }

  /// Multiplies some tiles with one packed panel of the right operand.
  void multiply(
      int firstTile, int lastTile, float[] right, int from, int width, Matrix c, boolean add) {
    multiply(firstTile, lastTile, right, from, width, width, c, add);
  }

  /// Multiplies some tiles with one panel of the right operand.
  ///
  /// @param right the array of the panel, depth × width, which begins at `from`
  /// @param ldb from one row of the panel to the next
  /// @param c the columns of the result that belong to the panel, rows × at most width
  void multiply(
      int firstTile,
      int lastTile,
      float[] right,
      int from,
      int ldb,
      int width,
      Matrix c,
      boolean add) {
    int i = start(firstTile);
    for (int tile = firstTile; tile < lastTile; tile++) {
      int next = start(tile + 1);
      int height = next - i;
      MicroKernel kernel = tiling.kernel(layout, height, width);
      int at = at(i, height);
      boolean whole = width == c.columns();
      float[] to = whole ? c.data() : edge(c, i, height, width, add);
      kernel.tile(
          data,
          at,
          rowStride,
          right,
          from,
          ldb,
          depth,
          to,
          whole ? c.index(i, 0) : 0,
          whole ? c.rowStride() : width,
          add);
      if (!whole) {
        fromEdge(to, height, width, c, i);
      }
      i = next;
    }
  }

  /// Multiplies all tiles, which are packed, with some columns of strips.
  ///
  /// @param strips where the right operand is read, from `at` on
  /// @param step from row k of the right operand to the next, at `first + k`
  /// @param c the columns of the result, rows × at most width
  void multiply(float[] strips, int at, int[] step, int first, int width, Matrix c, boolean add) {
    int tiles = tiles();
    int i = 0;
    for (int tile = 0; tile < tiles; tile++) {
      int next = start(tile + 1);
      int height = next - i;
      StripKernel kernel = tiling.strips(height, width);
      boolean whole = width == c.columns();
      float[] to = whole ? c.data() : edge(c, i, height, width, add);
      kernel.tile(
          data,
          at(i, height),
          strips,
          at,
          step,
          first,
          depth,
          to,
          whole ? c.index(i, 0) : 0,
          whole ? c.rowStride() : width,
          add);
      if (!whole) {
        fromEdge(to, height, width, c, i);
      }
      i = next;
    }
  }

  /// Where a whole tile does not fit the edge of C, it is computed elsewhere.
  private static float[] edge(Matrix c, int i, int height, int width, boolean add) {
    float[] edge = Scratch.TILE.floats(height * width);
    for (int r = 0; add && r < height; r++) {
      System.arraycopy(c.data(), c.index(i + r, 0), edge, r * width, c.columns());
    }
    return edge;
  }

  /// Copies what belongs into C.
  private static void fromEdge(float[] edge, int height, int width, Matrix c, int i) {
    for (int r = 0; r < height; r++) {
      System.arraycopy(edge, r * width, c.data(), c.index(i + r, 0), c.columns());
    }
  }
}
