package vectorgrad.tensor.cpu;

/// The left operand of a product, as the micro-kernels read it: packed into tiles, or as it lies.
///
/// @param tiling how its rows are cut into tiles
/// @param direct whether it is read as it lies, each row in one piece
/// @param data the packed tiles one behind the other, or the matrix
/// @param begin where it begins in `data`
/// @param rows M
/// @param depth K
/// @param rowStride from one row to the next, if direct
@SuppressWarnings("ArrayRecordComponent") // a view: nobody compares it
record LeftOperand(
    Tiling tiling, boolean direct, float[] data, int begin, int rows, int depth, int rowStride) {

  /// A matrix whose rows lie in one piece.
  static LeftOperand direct(Tiling tiling, Matrix a) {
    return new LeftOperand(
        tiling, true, a.data(), a.offset(), a.rows(), a.columns(), a.rowStride());
  }

  /// Room for rows × depth elements, to be filled by [#pack].
  static LeftOperand packed(Tiling tiling, float[] data, int begin, int rows, int depth) {
    return new LeftOperand(tiling, false, data, begin, rows, depth, 0);
  }

  int tiles() {
    return tiling.tiles(rows);
  }

  private int start(int tile) {
    return Tiling.start(tile, tiles(), rows);
  }

  /// Packs one tile of `a`, the matrix that this operand stands for.
  void pack(Matrix a, int tile) {
    int i = start(tile);
    int height = start(tile + 1) - i;
    Packing.copy(a.block(i, height, 0, depth).transpose(), data, begin + i * depth, height);
  }

  /// Multiplies some tiles with one panel of the right operand.
  ///
  /// @param right the array of the panel, depth × width, which begins at `from`
  /// @param c the columns of the result that belong to the panel, rows × at most width
  void multiply(
      int firstTile, int lastTile, float[] right, int from, int width, Matrix c, boolean add) {
    int i = start(firstTile);
    for (int tile = firstTile; tile < lastTile; tile++) {
      int next = start(tile + 1);
      int height = next - i;
      MicroKernel kernel = direct ? tiling.direct(height, width) : tiling.packed(height, width);
      int at = begin + i * (direct ? rowStride : depth);
      if (c.columns() == width) {
        kernel.tile(
            data, at, rowStride, right, from, depth, c.data(), c.index(i, 0), c.rowStride(), add);
      } else {
        float[] edge = Scratch.TILE.floats(height * width);
        kernel.tile(data, at, rowStride, right, from, depth, edge, 0, width, false);
        copy(edge, width, c, i, height, add);
      }
      i = next;
    }
  }

  /// A whole tile does not fit the edge of C, so what belongs there is copied.
  private static void copy(float[] edge, int width, Matrix c, int i, int height, boolean add) {
    for (int x = 0; x < height; x++) {
      for (int j = 0; j < c.columns(); j++) {
        float sum = edge[x * width + j];
        c.set(i + x, j, add ? c.at(i + x, j) + sum : sum);
      }
    }
  }
}
