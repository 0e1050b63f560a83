package vectorgrad.tensor.cpu;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import vectorgrad.tensor.cpu.MicroKernels.Left;

/// The matrix product, from the definition to the fastest version; each adds one idea to the one
/// above.
///
/// `C[i][j] = Σ_k A[i][k]·B[k][j]`, or `C += A·B`
///
/// | matrix | shape |
/// |---|---|
/// | A | M × K, any strides |
/// | B | K × N, any strides |
/// | C | M × N, row-major |
///
/// Costs 2·M·N·K flops. From [#blocked] on, all versions give the same bits: an element of C is the
/// sum, in order, of blocks of at most [#DEPTH] steps, and a block is one chain of fused
/// multiply-adds from zero. Neither lanes nor threads nor the way operands are packed show in the
/// result.
///
/// Measured, GFLOP/s of one thread's own time on an AMD EPYC (Zen 4, 118 at most), medians of three
/// JVMs beside other work; in brackets OpenBLAS 0.3.31 through PyTorch:
///
/// | M × N × K | | M × N × K | |
/// |---|---|---|---|
/// | 16³ | 46 (15) | 64×256×784 | 96 (84) |
/// | 64³ | 94 (103) | 64×256×784, B transposed | 95 (85) |
/// | 128³ | 105 (91) | 784×256×64, A transposed | 96 (93) |
/// | 256³ | 106 (98) | 128×768×768 | 97 (94) |
/// | 512³ | 103 (96) | 128×768×3072 | 89 (88) |
/// | 1024³ | 102 (99) | 128×4096×784 | 86 (89) |
/// | 2048³ | 100 (104) | 32×36864×25 | 55 (57) |
///
/// Source: Goto & van de Geijn, *Anatomy of high-performance matrix multiplication*, 2008; Van Zee
/// & van de Geijn, *BLIS: a framework for rapidly instantiating BLAS functionality*, 2015.
final class MatMul {
  /// The most steps of k in one block: a panel of B of this depth stays in the nearest caches.
  static final int DEPTH = 512;

  /// Rows of one task: its part of a packed A stays in L2.
  private static final int TASK_ROWS = 168;

  /// Columns of one task, whose panels of B are packed together: memory is fast where it is read in
  /// long pieces.
  private static final int TASK_COLUMNS = 128;

  /// Into how many parts a narrow product is cut, if it has as many panels.
  private static final int NARROW_TASKS = 4;

  /// The most rows and columns whose packed operands are held at once.
  private static final int MOST = 4096;

  /// Up to this many columns, A is read as it lies: copying it would not be paid back.
  private static final int DIRECT_COLUMNS = 64;

  /// Below this many steps of k, copied rows of A would lie too far apart.
  private static final int SHALLOW = 64;

  /// Up to this many elements, gaps included, B is read as it lies if it is read by few tiles: it
  /// is then in L2, and few of its rows are on pages of their own.
  private static final int DIRECT_AREA = 1 << 16;

  /// Up to this many elements (half a megabyte), a packed block of B stays in L2 while all tiles of
  /// A pass by.
  private static final int NEAR = (1 << 22) / MicroKernels.bits(float.class);

  /// Below this many multiply-adds, handing work to another thread costs more than it saves.
  private static final int SMALL = 48 * 48 * 48;

  /// One version of the product.
  interface Product {
    /// `C = A·B`, or `C += A·B` if `add`.
    void run(Matrix a, Matrix b, Matrix c, boolean add);
  }

  /// Runs a body for every chunk, in any order.
  private interface Loop {
    void run(int chunks, IntConsumer body);
  }

  /// A version under its name, with the idea it adds.
  record Variant(String name, String idea, Product product) {}

  /// All versions, the slowest first.
  static final List<Variant> VARIANTS =
      List.of(
          new Variant("naive", "the definition", MatMul::naive),
          new Variant("ikj", "walk B and C along their rows, so that C2 vectorises", MatMul::ikj),
          new Variant(
              "blocked", "use a block of B for all rows while it is cached", MatMul::blocked),
          new Variant("tiled", "pack, and keep a tile of C in vector registers", MatMul::tiled),
          new Variant(
              "emitted", "tiles that fill all registers; pack only what pays", MatMul::emitted),
          new Variant("threads", "tiles on all cores", MatMul::threads));

  private MatMul() {}

  /// The product by the version that suits the shape.
  static void multiply(Matrix a, Matrix b, Matrix c, boolean add) {
    if (c.columns() == 1 && MatrixVector.suits(a)) {
      MatrixVector.multiply(a, b, c, add);
    } else if (c.rows() == 1 && MatrixVector.suits(b.transpose())) {
      MatrixVector.multiply(b.transpose(), a.transpose(), c.transpose(), add);
    } else {
      threads(a, b, c, add);
    }
  }

  /// The definition, summed in float64.
  static void naive(Matrix a, Matrix b, Matrix c, boolean add) {
    for (int i = 0; i < c.rows(); i++) {
      for (int j = 0; j < c.columns(); j++) {
        double sum = add ? c.at(i, j) : 0;
        for (int k = 0; k < a.columns(); k++) {
          sum += (double) a.at(i, k) * b.at(k, j);
        }
        c.set(i, j, (float) sum);
      }
    }
  }

  /// The same sums in another order: a row of C gathers the rows of B, so the inner loop runs along
  /// memory.
  static void ikj(Matrix a, Matrix b, Matrix c, boolean add) {
    float[] sum = new float[c.columns()];
    float[] row = new float[c.columns()];
    for (int i = 0; i < c.rows(); i++) {
      Arrays.fill(sum, 0f);
      for (int k = 0; k < a.columns(); k++) {
        copyRow(b, k, 0, row);
        addProduct(sum, a.at(i, k), row, row.length);
      }
      addRow(sum, row.length, c, i, 0, add);
    }
  }

  /// B is cut into blocks that stay in the cache while all rows of A pass by.
  static void blocked(Matrix a, Matrix b, Matrix c, boolean add) {
    int width = Math.min(256, c.columns());
    float[][] block = new float[Math.min(DEPTH, a.columns())][width];
    float[] sum = new float[width];
    int blocks = blocks(a.columns());
    for (int j = 0; j < c.columns(); j += width) {
      int columns = Math.min(width, c.columns() - j);
      for (int p = 0; p < blocks; p++) {
        int begin = Tiling.start(p, blocks, a.columns());
        int end = Tiling.start(p + 1, blocks, a.columns());
        for (int k = begin; k < end; k++) {
          copyRow(b, k, j, block[k - begin]);
        }
        for (int i = 0; i < c.rows(); i++) {
          Arrays.fill(sum, 0f);
          for (int k = begin; k < end; k++) {
            addProduct(sum, a.at(i, k), block[k - begin], columns);
          }
          addRow(sum, columns, c, i, j, add || p > 0);
        }
      }
    }
    clearIfEmpty(a, c, add);
  }

  /// Into how many near-equal blocks K steps are cut.
  static int blocks(int steps) {
    return Math.ceilDiv(steps, DEPTH);
  }

  private static void copyRow(Matrix from, int i, int j, float[] to) {
    int columns = Math.min(to.length, from.columns() - j);
    for (int x = 0; x < columns; x++) {
      to[x] = from.at(i, j + x);
    }
  }

  private static void addProduct(float[] sum, float factor, float[] row, int columns) {
    for (int j = 0; j < columns; j++) {
      sum[j] = Math.fma(factor, row[j], sum[j]);
    }
  }

  private static void addRow(float[] sum, int columns, Matrix c, int i, int j, boolean add) {
    for (int x = 0; x < columns; x++) {
      c.set(i, j + x, add ? c.at(i, j + x) + sum[x] : sum[x]);
    }
  }

  private static void clearIfEmpty(Matrix a, Matrix c, boolean add) {
    if (a.columns() == 0 && !add) {
      for (int i = 0; i < c.rows(); i++) {
        Arrays.fill(c.data(), c.index(i, 0), c.index(i, 0) + c.columns(), 0f);
      }
    }
  }

  /// Packed operands and a vector micro-kernel: the one in the source.
  static void tiled(Matrix a, Matrix b, Matrix c, boolean add) {
    Tiling tiling = Lanes.bits() > 0 ? Tiling.handWritten() : Tiling.MACHINE;
    blocks(tiling, false, MatMul::inOrder, a, b, c, add);
  }

  /// Emitted kernels, which fill the registers of this machine and can read A as it lies.
  static void emitted(Matrix a, Matrix b, Matrix c, boolean add) {
    sparing(MatMul::inOrder, a, b, c, add);
  }

  /// Packing and tiles are shared out to all threads, by shape.
  static void threads(Matrix a, Matrix b, Matrix c, boolean add) {
    boolean small = (long) c.rows() * c.columns() * a.columns() < SMALL;
    sparing(small ? MatMul::inOrder : Workers::parallel, a, b, c, add);
  }

  /// `Cᵀ = Bᵀ·Aᵀ` has the same bits. It costs a transposition of C, but may save one of a larger B:
  /// the right operand must be packed row by row, the left one can be read as it lies. And if both
  /// lie across, as in the gradient of a weight, it packs a tall A in long pieces.
  private static void sparing(Loop loop, Matrix a, Matrix b, Matrix c, boolean add) {
    long m = c.rows();
    long n = c.columns();
    long k = a.columns();
    boolean across = a.rowStride() == 1 && a.columnStride() != 1 && b.columnStride() == 1;
    long plain = across ? m * k : b.columnStride() == 1 ? 0 : n * k;
    long swapped = (across ? n * k : a.rowStride() == 1 ? 0 : m * k) + m * n;
    if (2 * swapped < plain && !add && c.rowStride() == n && m * n <= MOST * MOST) {
      float[] result = Scratch.RESULT.floats(c.rows() * c.columns());
      Matrix left = b.transpose();
      Matrix right = a.transpose();
      Matrix other = Matrix.rowMajor(result, 0, left.rows(), right.columns());
      blocks(Tiling.MACHINE, true, loop, left, right, other, false);
      transpose(loop, other, c);
    } else {
      blocks(Tiling.MACHINE, true, loop, a, b, c, add);
    }
  }

  private static void transpose(Loop loop, Matrix from, Matrix to) {
    int columns = to.columns();
    int tasks = Math.ceilDiv(to.rows(), TASK_ROWS);
    loop.run(
        tasks,
        task -> {
          int i = Tiling.start(task, tasks, to.rows());
          int rows = Tiling.start(task + 1, tasks, to.rows()) - i;
          Packing.copy(
              from.transpose().block(i, rows, 0, columns), to.data(), to.index(i, 0), columns);
        });
  }

  /// Block after block of k, for as many rows and columns as packed operands are held of.
  private static void blocks(
      Tiling tiling, boolean sparing, Loop loop, Matrix a, Matrix b, Matrix c, boolean add) {
    int blocks = blocks(a.columns());
    for (int j = 0; j < c.columns(); j += MOST) {
      int columns = Math.min(MOST, c.columns() - j);
      for (int i = 0; i < c.rows(); i += MOST) {
        int rows = Math.min(MOST, c.rows() - i);
        for (int p = 0; p < blocks; p++) {
          int k = Tiling.start(p, blocks, a.columns());
          int depth = Tiling.start(p + 1, blocks, a.columns()) - k;
          Matrix left = a.block(i, rows, k, depth);
          Matrix right = b.block(k, depth, j, columns);
          block(tiling, sparing, loop, left, right, c.block(i, rows, j, columns), add || p > 0);
        }
      }
    }
    clearIfEmpty(a, c, add);
  }

  /// One block of k: first what several tasks read is packed, then all tiles are computed, each
  /// shared out by shape. A task that alone reads its columns of B packs them itself, and then has
  /// them in its caches.
  private static void block(
      Tiling tiling, boolean sparing, Loop loop, Matrix a, Matrix b, Matrix c, boolean add) {
    LeftOperand left = left(tiling, sparing, a, c.columns());
    int leftParts = left.layout() == Left.DIRECT ? 0 : left.tiles();
    int tasks = Math.ceilDiv(c.rows(), TASK_ROWS);
    int panels = Math.ceilDiv(c.columns(), tiling.wide());
    int groups = Math.max(Math.ceilDiv(c.columns(), TASK_COLUMNS), Math.min(panels, NARROW_TASKS));
    boolean direct = sparing && tasks == 1 && isDirect(b);
    boolean shared = tasks > 1 || !sparing;
    int size = tiling.wide() * a.columns();
    if (sparing && shared && leftParts > 0 && panels * size <= NEAR) {
      tileByTile(tiling, loop, a, b, c, add);
      return;
    }
    float[] right = shared ? Scratch.RIGHT.floats(panels * size) : b.data();
    loop.run(
        leftParts + (shared ? groups : 0),
        part -> {
          if (part < leftParts) {
            left.pack(a, part);
          } else {
            int first = Tiling.start(part - leftParts, groups, panels);
            int last = Tiling.start(part - leftParts + 1, groups, panels);
            Packing.panels(tiling, b, first, last, right, first * size);
          }
        });
    loop.run(
        tasks * groups,
        task -> {
          int first = Tiling.start(task % groups, groups, panels);
          int last = Tiling.start(task % groups + 1, groups, panels);
          float[] packed = shared ? right : Scratch.PANEL.floats((last - first) * size);
          int from = shared ? first * size : 0;
          if (!shared && !direct) {
            Packing.panels(tiling, b, first, last, packed, 0);
          }
          int firstTile = Tiling.start(task / groups, tasks, left.tiles());
          int lastTile = Tiling.start(task / groups + 1, tasks, left.tiles());
          for (int panel = first; panel < last; panel++) {
            int j = panel * tiling.wide();
            int columns = Math.min(tiling.wide(), c.columns() - j);
            int width = tiling.panel(columns);
            Matrix part = c.block(0, c.rows(), j, columns);
            if (direct && b.index(b.rows() - 1, j) + width <= b.data().length) {
              int at = b.index(0, j);
              left.multiply(0, lastTile, b.data(), at, b.rowStride(), width, part, add);
              continue;
            }
            int at = from + (panel - first) * size;
            if (direct) { // its last row would be read beyond the end
              Packing.panels(tiling, b, panel, panel + 1, packed, at);
            }
            left.multiply(firstTile, lastTile, packed, at, width, width, part, add);
          }
        });
  }

  /// One block of k where all of B stays in L2: each tile of A is packed when its turn comes, into
  /// L1, and meets all panels there. So A is read once, and what is packed of it never leaves the
  /// cache; C is written row by row. Of 4096 × 784 × 128, from 88 to 100 GFLOP/s.
  private static void tileByTile(
      Tiling tiling, Loop loop, Matrix a, Matrix b, Matrix c, boolean add) {
    int panels = Math.ceilDiv(c.columns(), tiling.wide());
    int size = tiling.wide() * a.columns();
    float[] right = Scratch.RIGHT.floats(panels * size);
    loop.run(panels, panel -> Packing.panels(tiling, b, panel, panel + 1, right, panel * size));
    int tiles = tiling.tiles(c.rows());
    int tasks = Math.max(Math.ceilDiv(c.rows(), TASK_ROWS), Math.min(tiles, NARROW_TASKS));
    loop.run(
        tasks,
        task -> {
          int last = Tiling.start(task + 1, tasks, tiles);
          for (int tile = Tiling.start(task, tasks, tiles); tile < last; tile++) {
            int i = tiling.row(tile, c.rows());
            int rows = tiling.row(tile + 1, c.rows()) - i;
            Matrix part = a.block(i, rows, 0, a.columns());
            LeftOperand left = left(tiling, true, part, c.columns());
            left.pack(part, 0);
            for (int panel = 0; panel < panels; panel++) {
              int j = panel * tiling.wide();
              int columns = Math.min(tiling.wide(), c.columns() - j);
              Matrix tileOfC = c.block(i, rows, j, columns);
              left.multiply(0, 1, right, panel * size, tiling.panel(columns), tileOfC, add);
            }
          }
        });
  }

  private static boolean isDirect(Matrix b) {
    return b.columnStride() == 1
        && b.rowStride() > 0
        && (long) b.rowStride() * b.rows() <= DIRECT_AREA;
  }

  private static LeftOperand left(Tiling tiling, boolean sparing, Matrix a, int columns) {
    int rows = a.rows();
    int depth = a.columns();
    if (sparing && a.columnStride() == 1 && columns <= DIRECT_COLUMNS) {
      return LeftOperand.direct(tiling, a);
    }
    if (sparing && a.columnStride() == 1 && depth >= SHALLOW) {
      float[] data = Scratch.LEFT.floats(rows * MicroKernels.PITCH);
      return LeftOperand.rows(tiling, data, rows, depth);
    }
    return LeftOperand.packed(tiling, Scratch.LEFT.floats(rows * depth), 0, rows, depth);
  }

  private static void inOrder(int chunks, IntConsumer body) {
    for (int chunk = 0; chunk < chunks; chunk++) {
      body.accept(chunk);
    }
  }
}
