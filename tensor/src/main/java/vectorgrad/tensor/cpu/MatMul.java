package vectorgrad.tensor.cpu;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

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
/// sum, in order, of [#blocks] of at most [#DEPTH] steps, and a block is one chain of fused
/// multiply-adds from zero. Neither lanes nor threads nor the way operands are packed show in the
/// result.
///
/// Measured, GFLOP/s of one thread on an AMD EPYC (Zen 4, 118 at most), medians of five JVMs by
/// `./vg bench matmul --peers`; in brackets OpenBLAS 0.3.31 through PyTorch:
///
/// | M × N × K | | M × N × K | |
/// |---|---|---|---|
/// | 16³ | 6 (3) | 64×256×784, B transposed | 90 (69) |
/// | 64³ | 77 (62) | 256×784×64, A transposed | 91 (77) |
/// | 128³ | 97 (78) | 128×768×768 | 97 (88) |
/// | 256³ | 96 (90) | 128×3072×768 | 87 (78) |
/// | 512³ | 92 (84) | 128×4096×784, B transposed | 93 (82) |
/// | 1024³ | 103 (91) | 1024×1024×256, B transposed | 95 (88) |
/// | 2048³ | 105 (97) | 32×36864×25 | 63 (33) |
///
/// Source: Goto & van de Geijn, *Anatomy of high-performance matrix multiplication*, 2008; Van Zee
/// & van de Geijn, *BLIS: a framework for rapidly instantiating BLAS functionality*, 2015.
final class MatMul {
  /// The most steps of k in one block: a tile of A and a panel of B of this depth, 96 and 256
  /// kilobytes, stay in L2 together. In shorter blocks kernels would start more often, and visit a
  /// C that is far away: with 512 steps a product of 1024³ or 2048³ took 3 to 7 % longer.
  static final int DEPTH = 2048;

  /// The most steps of a block where there are more than [#DEPTH], and few columns. Then C is small
  /// enough to be visited often, and a product of few rows keeps all of A's block and a task's part
  /// of B's in L2: 128 × 768 × 3072 takes 0.96 of the time.
  private static final int SHALLOW = 768;

  /// The most columns that are few. The number of rows has no say: a batch may be cut into parts,
  /// and keeps its bits.
  private static final int FEW_COLUMNS = 1024;

  /// Below this many multiply-adds, handing work to another thread costs more than it saves.
  private static final int SMALL = 48 * 48 * 48;

  /// One version of the product.
  interface Product {
    /// `C = A·B`, or `C += A·B` if `add`.
    void run(Matrix a, Matrix b, Matrix c, boolean add);
  }

  /// Runs a body for every chunk, in any order.
  interface Loop {
    void run(int chunks, IntConsumer body);
  }

  /// Told of parts of C that nobody adds to any more, while they are near. The parts do not
  /// overlap; columns of one that was transposed on its way out lie in one piece.
  interface Finish {
    /// Nobody wants to know.
    Finish NONE = part -> {};

    /// What becomes of a part.
    void done(Matrix part);
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
  static void multiply(Operand a, Operand b, Matrix c, boolean add) {
    if (!thin(a, b, c, add)) {
      sparing(loop(a, c), a, b, c, add);
    }
  }

  /// A product of few rows or columns, if this is one: then the other operand is streamed. Whether
  /// it is depends on the shape and on how the operands lie, and so do the bits.
  private static boolean thin(Operand a, Operand b, Matrix c, boolean add) {
    if (c.columns() <= c.rows() && MatrixVector.suits(a, c.columns())) {
      MatrixVector.multiply(a, b, c, add);
      return true;
    }
    if (c.rows() <= c.columns() && MatrixVector.suits(b.transpose(), c.rows())) {
      MatrixVector.multiply(b.transpose(), a.transpose(), c.transpose(), add);
      return true;
    }
    return false;
  }

  /// `C = A·B`, and what becomes of its parts.
  static void multiply(Operand a, Operand b, Matrix c, Finish finish) {
    if (thin(a, b, c, false)) {
      finish.done(c);
    } else {
      new PackedProduct(Tiling.MACHINE, true, loop(a, c), finish).sparing(a, b, c, false);
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
    int width = Math.min(64, c.columns());
    float[][] block = new float[Math.min(DEPTH, a.columns())][width];
    float[] sum = new float[width];
    int blocks = blocks(a.columns(), c.columns());
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

  /// Into how many near-equal blocks the K steps of a product with so many columns are cut.
  static int blocks(int steps, int columns) {
    return Math.ceilDiv(steps, steps > DEPTH && columns <= FEW_COLUMNS ? SHALLOW : DEPTH);
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

  static void clearIfEmpty(Operand a, Matrix c, boolean add) {
    if (a.columns() == 0 && !add) {
      for (int i = 0; i < c.rows(); i++) {
        Arrays.fill(c.data(), c.index(i, 0), c.index(i, 0) + c.columns(), 0f);
      }
    }
  }

  /// Packed operands and a vector micro-kernel: the one in the source.
  static void tiled(Matrix a, Matrix b, Matrix c, boolean add) {
    Tiling tiling = Lanes.bits() > 0 ? Tiling.handWritten() : Tiling.MACHINE;
    new PackedProduct(tiling, false, MatMul::inOrder).run(a, b, c, add);
  }

  /// Emitted kernels, which fill the registers of this machine and can read A as it lies.
  static void emitted(Matrix a, Matrix b, Matrix c, boolean add) {
    sparing(MatMul::inOrder, a, b, c, add);
  }

  /// Packing and tiles are shared out to all threads, by shape.
  static void threads(Matrix a, Matrix b, Matrix c, boolean add) {
    sparing(loop(a, c), a, b, c, add);
  }

  private static Loop loop(Operand a, Matrix c) {
    boolean small = (long) c.rows() * c.columns() * a.columns() < SMALL;
    return small ? MatMul::inOrder : Workers::parallel;
  }

  private static void sparing(Loop loop, Operand a, Operand b, Matrix c, boolean add) {
    new PackedProduct(Tiling.MACHINE, true, loop).sparing(a, b, c, add);
  }

  private static void inOrder(int chunks, IntConsumer body) {
    for (int chunk = 0; chunk < chunks; chunk++) {
      body.accept(chunk);
    }
  }
}
