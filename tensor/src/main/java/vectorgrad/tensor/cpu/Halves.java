package vectorgrad.tensor.cpu;

import vectorgrad.numerics.BFloat16;
import vectorgrad.numerics.Half;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.spi.Backend;

/// A matrix of 16-bit numbers: element (i, j) is `data[offset + i·rowStride + j·columnStride]`.
///
/// Products of them are computed in f32. There is never a wide copy of all of it: [Packing] asks
/// for parts as it packs them, and [MatrixVector] for some rows or columns at a time. The bits are
/// those of the product of wide copies.
///
/// Measured on one thread of a Zen 4, µs, with B in bf16, in brackets by a wide copy of it, then
/// with B in f32:
///
/// | M × N × K | | in f32 |
/// |---|---|---|
/// | 64×256×784, B transposed | 296 (567) | 279 |
/// | 512×512×512, B transposed | 2770 (3120) | 3100 |
/// | 8×4096×4096, B transposed | 7100 (70,000) | 5800 |
/// | 8×4096×4096 | 8700 (24,400) | 9200 |
///
/// @param data the array the elements lie in
/// @param brain bf16, otherwise f16
/// @param offset where element (0, 0) is
/// @param rows how many rows
/// @param columns how many columns
/// @param rowStride from one row to the next
/// @param columnStride from one column to the next
@SuppressWarnings("ArrayRecordComponent") // a view: nobody compares it
record Halves(
    short[] data, boolean brain, int offset, int rows, int columns, int rowStride, int columnStride)
    implements Operand {

  private static final DType[] BRAINS = {DType.BF16, DType.F32};
  private static final DType[] HALVES = {DType.F16, DType.F32};

  /// A vector of 512 bits.
  private static final int WIDEST = 16;

  /// 32 kilobytes of f32.
  private static final int NEAREST = 1 << 13;

  /// The matrix in the last two axes of a tensor that lies so, at place `batch` of the axes before.
  static Halves of(Tensor tensor, Layout layout, int batch) {
    return new Halves(
        (short[]) tensor.memory(),
        tensor.dtype() == DType.BF16,
        FloatMatrixVerbs.start(layout, batch),
        layout.shape().get(-2),
        layout.shape().get(-1),
        layout.stride(-2),
        layout.stride(-1));
  }

  int index(int i, int j) {
    return offset + i * rowStride + j * columnStride;
  }

  /// The number at a place of the array.
  float at(int place) {
    return brain ? BFloat16.bitsToFloat(data[place]) : Half.bitsToFloat(data[place]);
  }

  /// Whether the elements lie in rows or columns.
  boolean liesInOnePiece() {
    return columnStride == 1 || rowStride == 1;
  }

  @Override
  public Halves block(int i, int rows, int j, int columns) {
    return new Halves(data, brain, index(i, j), rows, columns, rowStride, columnStride);
  }

  @Override
  public Halves transpose() {
    return new Halves(data, brain, offset, columns, rows, columnStride, rowStride);
  }

  @Override
  public int most() {
    return NEAREST;
  }

  /// Between two rows of the copy there is room for what a vector writes too much, and a gap, so
  /// that they do not all lie in the same sets of the cache.
  @Override
  public Matrix near() {
    if (rowStride == 1 && columnStride != 1) {
      return transpose().near().transpose();
    }
    int pitch = columns / WIDEST * WIDEST + 2 * WIDEST;
    float[] wide = Scratch.WIDE.floats(rows * pitch);
    int covered = Math.ceilDiv(columns, WIDEST) * WIDEST;
    Object[] arrays = {data, wide};
    int[] places = new int[2];
    int[] strides = {columnStride, 1};
    RowKernel kernel = Kernels.of(Backend.identity(), brain ? BRAINS : HALVES, strides);
    for (int i = 0; i < rows; i++) {
      places[0] = index(i, 0);
      places[1] = i * pitch;
      boolean room = columnStride == 1 && places[0] + covered <= data.length;
      kernel.run(arrays, places, strides, room ? covered : columns);
    }
    return new Matrix(wide, 0, rows, columns, pitch, 1);
  }
}
