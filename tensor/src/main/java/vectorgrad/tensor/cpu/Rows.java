package vectorgrad.tensor.cpu;

import vectorgrad.numerics.Program;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.Walk;

/// Runs an elementwise program over whole tensors: finds the rows, the kernel, and the threads.
///
/// Operands that are contiguous or a repeated scalar make one long row, found without a [Walk];
/// that is what small tensors cost most of their time for. Rows are cut or put together to tasks by
/// shape.
final class Rows {
  /// The elements of a task: enough to be worth a thread, few enough to stay in its cache.
  private static final int TASK = 1 << 14;

  /// Shorter rows are exchanged for those along the largest axis.
  private static final int SHORT = 8;

  /// Operands with strides this long touch a cache line for every element, and such rows are walked
  /// in blocks, so that the lines' other elements are used before they are evicted.
  private static final int FAR = 8;

  private static final int BLOCK_ROWS = 32;
  private static final int BLOCK_COLUMNS = 64;

  private Rows() {}

  /// See [vectorgrad.tensor.spi.Backend#pointwise].
  static void run(Program program, Tensor[] inputs, Tensor[] outputs) {
    int operands = inputs.length + outputs.length;
    Object[] arrays = new Object[operands];
    Layout[] layouts = new Layout[operands];
    int[] offsets = new int[operands];
    int[] strides = new int[operands];
    boolean oneRow = true;
    for (int k = 0; k < operands; k++) {
      Tensor tensor = k < inputs.length ? inputs[k] : outputs[k - inputs.length];
      arrays[k] = tensor.memory();
      layouts[k] = tensor.layout();
      offsets[k] = layouts[k].offset();
      strides[k] = commonStride(layouts[k]);
      oneRow &= strides[k] >= 0;
    }
    int n = layouts[operands - 1].shape().size();
    if (n == 0) {
      return;
    }
    if (oneRow) {
      row(Kernels.of(program, inputs, outputs, strides), arrays, offsets, strides, n);
    } else {
      Walk walk = walk(layouts);
      int[] rowStrides = walk.rowStrides();
      rows(Kernels.of(program, inputs, outputs, rowStrides), arrays, walk, rowStrides);
    }
  }

  /// 1 for contiguous elements, 0 for one repeated, -1 for anything else.
  private static int commonStride(Layout layout) {
    if (layout.isContiguous()) {
      return 1;
    }
    int rank = layout.shape().rank();
    for (int axis = 0; axis < rank; axis++) {
      if (layout.stride(axis) != 0 && layout.shape().get(axis) != 1) {
        return -1;
      }
    }
    return 0;
  }

  private static void row(RowKernel kernel, Object[] arrays, int[] offsets, int[] strides, int n) {
    if (n < 2 * TASK) {
      kernel.run(arrays, offsets, strides, n);
      return;
    }
    Workers.parallel(
        Math.ceilDiv(n, TASK),
        task -> {
          int from = task * TASK;
          int[] places = new int[offsets.length];
          for (int k = 0; k < places.length; k++) {
            places[k] = offsets[k] + from * strides[k];
          }
          kernel.run(arrays, places, strides, Math.min(TASK, n - from));
        });
  }

  /// Rows along the last axis, unless they are short and there are longer ones.
  private static Walk walk(Layout[] layouts) {
    Walk walk = Walk.over(layouts);
    Shape shape = layouts[0].shape();
    int longest = 0;
    for (int axis = 1; axis < shape.rank(); axis++) {
      longest = shape.get(axis) > shape.get(longest) ? axis : longest;
    }
    if (walk.rowLength() >= SHORT || shape.get(longest) < SHORT) {
      return walk;
    }
    int[] order = new int[shape.rank()];
    for (int axis = 0, next = 0; axis < order.length; axis++) {
      if (axis != longest) {
        order[next++] = axis;
      }
    }
    order[order.length - 1] = longest;
    Layout[] permuted = new Layout[layouts.length];
    for (int k = 0; k < layouts.length; k++) {
      permuted[k] = layouts[k].permute(order);
    }
    return Walk.over(permuted);
  }

  private static void rows(RowKernel kernel, Object[] arrays, Walk walk, int[] strides) {
    int rows = walk.rows();
    int n = walk.rowLength();
    if (n >= 2 * TASK) {
      walk.forEachRow(offsets -> row(kernel, arrays, offsets, strides, n));
      return;
    }
    boolean far = false;
    for (int stride : strides) {
      far |= Math.abs(stride) >= FAR;
    }
    boolean inBlocks = far && n > BLOCK_COLUMNS;
    int together = Math.max(inBlocks ? BLOCK_ROWS : 1, TASK / n);
    Workers.parallel(
        Math.ceilDiv(rows, together),
        task -> {
          int from = task * together;
          int to = Math.min(rows, from + together);
          if (inBlocks) {
            for (int row = from; row < to; row += BLOCK_ROWS) {
              block(kernel, arrays, walk, row, Math.min(to, row + BLOCK_ROWS));
            }
          } else {
            walk.forEachRow(from, to, offsets -> kernel.run(arrays, offsets, strides, n));
          }
        });
  }

  /// Some rows, all of their first columns before the next ones.
  private static void block(RowKernel kernel, Object[] arrays, Walk walk, int from, int to) {
    int n = walk.rowLength();
    int[] strides = walk.rowStrides();
    int[][] places = new int[to - from][];
    int[] next = {0};
    walk.forEachRow(from, to, offsets -> places[next[0]++] = offsets.clone());
    for (int column = 0; column < n; column += BLOCK_COLUMNS) {
      int columns = Math.min(BLOCK_COLUMNS, n - column);
      for (int[] place : places) {
        kernel.run(arrays, place, strides, columns);
        for (int k = 0; k < place.length; k++) {
          place[k] += columns * strides[k];
        }
      }
    }
  }
}
