package vectorgrad.tensor.cpu;

import java.util.Arrays;
import vectorgrad.tensor.cpu.StreamKernels.Form;

/// Matrix times vector, or times a few of them: every element of the matrix is read once, so the
/// product can only be as fast as memory, and should not be much slower.
///
/// `Y[i][v] = Σ_k A[i][k]·X[k][v]`, or `Y += A·X`
///
/// There is too little to reuse for A to be packed. Where the rows of A lie in one piece, Y
/// consists of dot products: element k goes to sum k mod 32, or mod 16 if there are several
/// vectors, and the sums are joined by halving. Where the columns do, Y gathers them, in the order
/// of k. So lanes and threads do not show in the result.
///
/// Several rows are in work at a time: they share what is read of X, and memory delivers several
/// streams much faster than one, most of all if they are on pages well apart. Measured on 4096 ×
/// 4096 floats, one vector, one thread of a Zen 4: 6.5 ms row by row, 4.5 in fours. And on 256 ×
/// 784 floats, in µs (in brackets by packing):
///
/// | vectors | rows in one piece | columns in one piece |
/// |---|---|---|
/// | 2 | 16 (84) | 13 (34) |
/// | 4 | 23 (84) | 20 (37) |
/// | 8 | 50 (85) | 38 (52) |
/// | 12 | 71 (87) | 54 (67) |
final class MatrixVector {
  /// Partial sums of a dot product with one vector: two vectors of 512 bits, or more narrower ones.
  static final int SUMS = 32;

  /// Rows whose dot products with one vector are made at the same time.
  static final int TOGETHER = 4;

  /// Rows whose dot products with several vectors are made at the same time, at most.
  private static final int MOST_ROWS = 6;

  /// The most vectors for which an element of A is kept in a register; of more, some at a time meet
  /// rows that are still in the nearest cache.
  private static final int VECTORS = 4;

  /// The most vectors with which [#suits] says yes: beyond, a packed operand is paid back.
  private static final int MOST = 12;

  /// Elements of one task, at least.
  private static final int TASK = 1 << 16;

  /// Sums that are gathered at once, in the nearest cache.
  private static final int GATHERED = 2048;

  /// Between two columns of sums, or two vectors, so that they do not all lie in the same sets of
  /// the nearest cache.
  private static final int GAP = 16;

  /// Elements of a row after which the next sums take their turn, before the row leaves the cache,
  /// where a kernel does not make all sums of a row.
  private static final int CHUNK = 64 * SUMS;

  private static final int LANES =
      Lanes.bits() == 0 ? 1 : MicroKernels.lanes(float.class, Lanes.bits());

  /// Rows of two vectors that the registers hold.
  private static final int REGISTERS = Lanes.bits() == 0 ? 1 : MicroKernels.mostRows();

  /// The most rows or columns that a kernel streams.
  private static final int STREAMS = 8;

  /// By form, vectors and streams.
  private static final MadeKernels<StreamKernel> KERNELS =
      new MadeKernels<>(2 * (VECTORS + 1) * (STREAMS + 1), Lanes.bits() > 0);

  private final Operand a;
  private final float[] x;
  private final int pitch;
  private final Matrix y;
  private final boolean add;
  private final int groups;

  private MatrixVector(Operand a, Operand x, Matrix y, boolean add) {
    this.a = a;
    this.pitch = a.columns() + GAP;
    this.x = Scratch.RIGHT.floats(x.columns() * pitch);
    this.y = y;
    this.add = add;
    this.groups = Math.ceilDiv(x.columns(), VECTORS);
    Matrix turned = x.near().transpose();
    if (turned.columnStride() == 1) {
      Packing.rows(turned, this.x, 0, pitch);
    } else {
      Packing.into(turned, this.x, 0, pitch);
    }
  }

  /// Whether A times so many vectors is computed fastest here: their elements lie in rows or
  /// columns, and packing would cost more. Joining the sums of a dot product takes as long as
  /// twenty steps of k; and columns in L2 can be read by [PackedProduct] as they lie.
  static boolean suits(Operand a, int vectors) {
    boolean rows = a.columnStride() == 1;
    if (vectors <= 1 || vectors > MOST) {
      return vectors == 1 && (rows || a.rowStride() == 1);
    }
    return rows
        ? a.columns() >= 24 * vectors
        : a.rowStride() == 1 && !PackedProduct.isNear(a.transpose());
  }

  /// @param a M × K, see [#suits]
  /// @param x K × V, of few columns
  /// @param y M × V
  static void multiply(Operand a, Operand x, Matrix y, boolean add) {
    int rows = a.rows();
    int vectors = x.columns();
    MatrixVector product = new MatrixVector(a, x, y, add);
    boolean byRows = a.columnStride() == 1;
    int fewest = rows < 2 * TOGETHER ? 1 : TOGETHER;
    int most =
        byRows
            ? Math.max(fewest, TASK / Math.max(1, a.columns()))
            : Math.max(16 * GAP, GATHERED / Math.max(1, vectors));
    int tasks = Math.ceilDiv(rows, most);
    Workers.parallel(
        tasks,
        task -> {
          int begin = Tiling.start(task, tasks, rows);
          int end = Tiling.start(task + 1, tasks, rows);
          if (byRows) {
            product.dots(begin, end);
          } else {
            product.gather(begin, end);
          }
        });
  }

  /// The first vector of a group.
  private int start(int group) {
    return Tiling.start(group, groups, y.columns());
  }

  // ---- rows -----------------------------------------------------------------------------------

  private void dots(int begin, int end) {
    int together = together(Math.ceilDiv(y.columns(), groups));
    int near = Math.max(1, a.most() / Math.max(1, a.columns()) / together) * together;
    for (int i = begin; i < end; i += near) {
      int rows = Math.min(near, end - i);
      dots(together, a.block(i, rows, 0, a.columns()).near(), y.block(i, rows, 0, y.columns()));
    }
  }

  private void dots(int together, Matrix a, Matrix y) {
    int end = a.rows();
    int step = end / together;
    for (int i = 0; i < step; i++) {
      dots(a, y, i, together, step, 0);
    }
    int rest = end - together * step;
    if (step > 0 && rest > 0) { // the last ones, beside some that are done
      dots(a, y, end - together, together, 1, together - rest);
    } else {
      for (int i = end - rest; i < end; i++) {
        dots(a, y, i, 1, 1, 0);
      }
    }
  }

  /// Partial sums of a dot product. Of one vector, two of which each is made of keep more of the
  /// multiply-adds in work that wait for one another; of several, there are enough.
  static int sums(int vectors) {
    return vectors == 1 ? SUMS : SUMS / 2;
  }

  /// Of so many elements, how many one call of a kernel reads: its sums are one vector or two.
  static int width(int vectors) {
    return Lanes.bits() == 0 ? sums(vectors) : Math.min(sums(vectors), 2 * LANES);
  }

  /// How many rows leave room for their sums in the registers.
  private static int together(int vectors) {
    int most = REGISTERS / vectors * (2 * LANES / width(vectors));
    return Math.clamp(most, 1, vectors == 1 ? TOGETHER : MOST_ROWS);
  }

  /// Of `count` rows, each `step` behind the other, those from the one numbered `first` on.
  private void dots(Matrix a, Matrix y, int row, int count, int step, int first) {
    int at = a.index(row, 0);
    int apart = step * a.rowStride();
    int depth = a.columns();
    float[] sums = Scratch.TILE.floats(MOST_ROWS * VECTORS * SUMS);
    for (int group = 0; group < groups; group++) {
      int v = start(group);
      int vectors = start(group + 1) - v;
      StreamKernel kernel = kernel(Form.DOT, vectors, count);
      int size = sums(vectors);
      int width = width(vectors);
      int chunk = width < size ? CHUNK : Math.max(1, depth);
      for (int k = 0; k == 0 || k < depth; k += chunk) {
        for (int s = 0; s < size; s += width) {
          int length = Math.min(chunk, depth - k) - s;
          int from = v * pitch + k + s;
          kernel.run(a.data(), at + k + s, apart, x, from, pitch, length, sums, s, size, k > 0);
        }
      }
      for (int q = 0; depth % LANES > 0 && q < count * vectors; q++) {
        int from = (v + q % vectors) * pitch;
        kernel.rest(a.data(), at + q / vectors * apart, x, from, depth, sums, q * size, size);
      }
      kernel.join(sums, count * vectors, size);
      for (int r = first; r < count; r++) {
        int to = y.index(row + r * step, v);
        for (int from = r * vectors; from < (r + 1) * vectors; from++, to += y.columnStride()) {
          float sum = sums[from * size];
          y.data()[to] = add ? y.data()[to] + sum : sum;
        }
      }
    }
  }

  // ---- columns --------------------------------------------------------------------------------

  /// Columns are read in whole vectors: what lies behind their end goes to sums that nobody asks
  /// for. Where the array ends before, one column is added at a time.
  private void gather(int begin, int end) {
    int rows = end - begin;
    int apart = Math.ceilDiv(rows, LANES) * LANES + GAP;
    float[] sums = Scratch.TILE.floats(y.columns() * apart);
    Arrays.fill(sums, 0, y.columns() * apart, 0f);
    int near = Math.max(STREAMS, a.most() / rows / STREAMS * STREAMS);
    for (int k = 0; k < a.columns(); k += near) {
      int columns = Math.min(near, a.columns() - k);
      gather(a.block(begin, rows, k, columns).near(), k, sums, apart);
    }
    for (int v = 0; v < y.columns(); v++) {
      put(sums, v * apart, rows, y.index(begin, v));
    }
  }

  /// Adds some columns, which begin at step `first` of k, to sums that are `apart` for each vector.
  private void gather(Matrix a, int first, float[] sums, int apart) {
    int wide = apart - GAP;
    int together = columns(Math.ceilDiv(y.columns(), groups));
    int k = 0;
    while (k < a.columns()) {
      boolean vectors = k + together <= a.columns() && fits(a, k, together, wide);
      for (int group = 0; group < groups; group++) {
        int v = start(group);
        int count = start(group + 1) - v;
        int from = v * pitch + first + k;
        int at = a.index(0, k);
        int to = v * apart;
        if (vectors) {
          StreamKernel kernel = kernel(Form.AXPY, count, together);
          int stride = a.columnStride();
          kernel.run(a.data(), at, stride, x, from, pitch, wide, sums, to, apart, true);
        } else {
          for (int one = 0; one < count; one++, from += pitch, to += apart) {
            ScalarStreamKernel.axpy(x[from], a.data(), at, a.rows(), sums, to);
          }
        }
      }
      k += vectors ? together : 1;
    }
  }

  /// Whether `length` elements of `count` columns are inside the array.
  private static boolean fits(Matrix a, int k, int count, int length) {
    int first = a.index(0, k);
    int last = a.index(0, k + count - 1);
    return Math.min(first, last) >= 0 && Math.max(first, last) + length <= a.data().length;
  }

  /// How many columns are added at once: their elements of the vectors stay in registers.
  private static int columns(int vectors) {
    int most = REGISTERS > 8 ? STREAMS / 2 : STREAMS / 4;
    return vectors <= 2 ? 2 * most : most;
  }

  private void put(float[] sums, int from, int count, int to) {
    int stride = y.rowStride();
    if (stride == 1 && !add) {
      System.arraycopy(sums, from, y.data(), to, count);
      return;
    }
    for (int i = 0, at = to; i < count; i++, at += stride) {
      y.data()[at] = add ? y.data()[at] + sums[from + i] : sums[from + i];
    }
  }

  // ---- kernels --------------------------------------------------------------------------------

  private static StreamKernel kernel(Form form, int vectors, int streams) {
    int number = ((form == Form.DOT ? 0 : VECTORS + 1) + vectors) * (STREAMS + 1) + streams;
    StreamKernel kernel = KERNELS.get(number);
    return kernel != null ? kernel : make(form, vectors, streams, number);
  }

  private static StreamKernel make(Form form, int vectors, int streams, int number) {
    int length = 2 * SUMS;
    float[] zeros = new float[(Math.max(streams, vectors) + 1) * length];
    float[] sums = new float[streams * vectors * SUMS + 2 * length];
    return KERNELS.make(
        number,
        () -> StreamKernels.emit(StreamKernel.class, form, Lanes.bits(), streams, vectors),
        () -> new ScalarStreamKernel(form, streams, vectors),
        kernel -> {
          kernel.run(zeros, 0, length, zeros, 0, length, length, sums, 0, 0, false);
          kernel.run(zeros, 0, length, zeros, 0, length, length - SUMS / 2, sums, 0, 0, true);
          if (form == Form.DOT) {
            kernel.rest(zeros, 0, zeros, 0, SUMS - 1, sums, 0, sums(vectors));
            kernel.join(sums, streams * vectors, sums(vectors));
          }
        },
        2 * (100L + length * streams * vectors / 2));
  }
}
