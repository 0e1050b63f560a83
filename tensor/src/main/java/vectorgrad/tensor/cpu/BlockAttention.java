package vectorgrad.tensor.cpu;

import static vectorgrad.numerics.Formula.input;

import java.util.Arrays;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.spi.Reduction;

/// Attention of one head in blocks: the scores of all queries and keys are never in memory at once.
///
/// | matrix | shape |
/// |---|---|
/// | Q, dQ | Lq × d |
/// | K, dK | Lk × d |
/// | V, dV | Lk × v |
/// | Y, dY | Lq × v |
/// | numbers | Lq × 2: `m` and `l` |
///
/// Forward: of a row of scores `s = Q·Kᵀ`, `softmax(s/√d)·V` needs the largest one, `m`, and the
/// sum `l` of all `exp((s − m)/√d)`. Both are known for the keys seen so far; a block of keys with
/// a larger one scales down what is known (**online softmax**). Backward computes the weights
/// again, `P = exp((S − m)/√d)/l`, and with `dP = dY·Vᵀ` and `Dᵢ = Σⱼ dyᵢⱼ·yᵢⱼ`
///
/// `dV = Pᵀ·dY`, `dS = P∘(dP − D)/√d`, `dQ = dS·K`, `dK = dSᵀ·Q`.
///
/// Causal blocks in which no query sees a key are left out; one on the edge is as wide as its last
/// row sees. Operands have any strides, results lie in rows. A head is one task, whose blocks are
/// joined in order: the bits are always the same.
///
/// Source: Rabe & Staats, *Self-attention does not need O(n²) memory*, 2021; Dao,
/// *FlashAttention-2*, 2023, which keeps `m/√d + log l`: of large scores that rounds away what both
/// numbers have.
final class BlockAttention {
  /// Queries of a block.
  private static final int ROWS = 32;

  /// Keys of a block, whose scores stay in the nearest caches.
  private static final int COLUMNS = 256;

  private static final Program WEIGHTS = Program.of(power());
  private static final Program GRADIENTS = gradients();

  private final int past; // keys before the first query
  private final Fold max;
  private final Fold sum;
  private final float[] lanes = new float[Fold.LANES];
  private final float[] ofRow = new float[4]; // m, scale, 1/l, D
  private final float[] scores = Scratch.SCORES.floats(ROWS * COLUMNS);
  private final float[] slopes = Scratch.SLOPES.floats(ROWS * COLUMNS);
  private final Row weights;
  private final Row gradients;

  /// A kernel and the operands of one row.
  private static final class Row {
    private final RowKernel kernel;
    private final Object[] arrays;
    private final int[] offsets;
    private final int[] strides;

    Row(Program program, DType dtype, Object[] arrays, int[] offsets, int[] strides) {
      DType[] dtypes = new DType[arrays.length];
      Arrays.fill(dtypes, dtype);
      this.kernel = Kernels.of(program, dtypes, strides);
      this.arrays = arrays;
      this.offsets = offsets;
      this.strides = strides;
    }

    /// @param at where the row begins, in all operands of stride 1
    void run(int at, int n) {
      for (int k = 0; k < strides.length; k++) {
        if (strides[k] == 1) {
          offsets[k] = at;
        }
      }
      kernel.run(arrays, offsets, strides, n);
    }
  }

  /// For heads of so many queries, keys and features.
  BlockAttention(DType dtype, boolean causal, int queries, int keys, int features) {
    this.past = causal ? keys - queries : keys;
    this.max = FoldCompiler.of(Reduction.MAX, Arithmetic.of(dtype), Lanes.bits());
    this.sum = FoldCompiler.of(Reduction.SUM, Arithmetic.of(dtype), Lanes.bits());
    ofRow[1] = (float) (1 / Math.sqrt(features));
    this.weights =
        new Row(
            WEIGHTS,
            dtype,
            new Object[] {scores, ofRow, ofRow, scores},
            new int[] {0, 0, 1, 0},
            new int[] {1, 0, 0, 1});
    this.gradients =
        new Row(
            GRADIENTS,
            dtype,
            new Object[] {scores, ofRow, ofRow, slopes, ofRow, ofRow, scores, slopes},
            new int[] {0, 0, 1, 0, 2, 3, 0, 0},
            new int[] {1, 0, 0, 1, 0, 0, 1, 1});
  }

  /// `exp((s − m)·scale)`
  private static Formula power() {
    return input(0).minus(input(1)).times(input(2)).exp();
  }

  /// P and dS, of S, m, scale, dP, 1/l and D.
  private static Program gradients() {
    Formula weight = power().times(input(4));
    return Program.of(weight, weight.times(input(3).minus(input(5))).times(input(2)));
  }

  /// The blocks of keys or values, each a matrix in one piece: what many products read is sought
  /// and transposed once.
  @SuppressWarnings("ArrayRecordComponent") // a view: nobody compares it
  private record Gathered(float[] data, int begin, int rows, int columns, boolean transposed) {
    static Gathered of(Matrix x, float[] data, int begin, boolean transposed) {
      for (int j = 0; j < x.rows(); j += COLUMNS) {
        Matrix part = x.block(j, Math.min(COLUMNS, x.rows() - j), 0, x.columns());
        Matrix copied = transposed ? part.transpose() : part;
        Packing.copy(copied, data, begin + j * x.columns(), copied.columns());
      }
      return new Gathered(data, begin, x.rows(), x.columns(), transposed);
    }

    /// The first `count` of the block that begins at `j`.
    Matrix block(int j, int count) {
      int at = begin + j * columns;
      return transposed
          ? new Matrix(data, at, columns, count, Math.min(COLUMNS, rows - j), 1)
          : Matrix.rowMajor(data, at, count, columns);
    }
  }

  /// How many of the keys from `from` on query `i` sees, if there are `columns`.
  private int seen(int i, int from, int columns) {
    return Math.clamp((long) i + 1 + past - from, 0, columns);
  }

  /// The definition: each query for itself, in float64.
  static void naive(Matrix q, Matrix k, Matrix v, boolean causal, Matrix y, Matrix numbers) {
    for (int i = 0; i < q.rows(); i++) {
      int seen = causal ? Math.clamp((long) i + 1 + k.rows() - q.rows(), 0, k.rows()) : k.rows();
      double[] s = new double[seen];
      double m = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < seen; j++) {
        for (int c = 0; c < q.columns(); c++) {
          s[j] += (double) q.at(i, c) * k.at(j, c);
        }
        m = Math.max(m, s[j]);
      }
      double l = 0;
      for (int j = 0; j < seen; j++) {
        s[j] = Math.exp((s[j] - m) / Math.sqrt(q.columns()));
        l += s[j];
      }
      for (int c = 0; c < v.columns(); c++) {
        double mean = 0;
        for (int j = 0; j < seen; j++) {
          mean += s[j] / l * v.at(j, c);
        }
        y.set(i, c, (float) mean);
      }
      numbers.set(i, 0, seen == 0 ? 0 : (float) m);
      numbers.set(i, 1, seen == 0 ? 1 : (float) l);
    }
  }

  /// Y, m and l.
  void forward(Matrix q, Matrix k, Matrix v, Matrix y, Matrix numbers) {
    int size = k.rows() * k.columns();
    float[] head = Scratch.HEAD.floats(size + v.rows() * v.columns());
    Gathered keys = Gathered.of(k, head, 0, true);
    Gathered values = Gathered.of(v, head, size, false);
    for (int i = 0; i < q.rows(); i += ROWS) {
      int rows = Math.min(ROWS, q.rows() - i);
      int seen = seen(i + rows - 1, 0, k.rows());
      Matrix out = y.block(i, rows, 0, y.columns());
      Matrix known = numbers.block(i, rows, 0, 2);
      for (int r = 0; r < rows; r++) {
        known.set(r, 0, Float.NEGATIVE_INFINITY);
        known.set(r, 1, 0);
      }
      if (seen == 0) {
        clear(out);
      }
      for (int j = 0; j < seen; j += COLUMNS) {
        int columns = Math.min(COLUMNS, seen - j);
        Matrix s = Matrix.rowMajor(scores, 0, rows, columns);
        MatMul.multiply(q.block(i, rows, 0, q.columns()), keys.block(j, columns), s, false);
        for (int r = 0; r < rows; r++) {
          weigh(s, r, seen(i + r, j, columns), known, out, j > 0);
        }
        MatMul.multiply(s, values.block(j, columns), out, j > 0);
      }
      for (int r = 0; r < rows; r++) {
        float total = known.at(r, 1);
        if (total == 0) { // it saw nothing, and its weights are 0 in backward too
          known.set(r, 0, 0);
          known.set(r, 1, 1);
        } else {
          scale(out, r, 1 / total);
        }
      }
    }
  }

  /// Scores become weights, up to what all weights of the row are divided by in the end.
  private void weigh(Matrix s, int r, int count, Matrix known, Matrix out, boolean before) {
    int at = s.index(r, 0);
    if (count > 0) {
      float most = known.at(r, 0);
      float m = Math.max(most, (float) max.row(scores, at, count, lanes));
      ofRow[0] = m;
      weights.run(at, count);
      float total = (float) sum.row(scores, at, count, lanes);
      if (before) {
        float kept = (float) Math.exp((most - m) * ofRow[1]);
        if (kept != 1) {
          scale(out, r, kept);
        }
        total += known.at(r, 1) * kept;
      }
      known.set(r, 0, m);
      known.set(r, 1, total);
    }
    Arrays.fill(scores, at + count, at + s.columns(), 0f);
  }

  /// Writes dQ, and adds to dK and dV, which other heads of queries may share.
  ///
  /// @param y the result of [#forward]
  /// @param numbers m and l
  void backward(
      Matrix dy,
      Matrix q,
      Matrix k,
      Matrix v,
      Matrix y,
      Matrix numbers,
      Matrix dq,
      Matrix dk,
      Matrix dv) {
    int size = k.rows() * k.columns();
    float[] head = Scratch.HEAD.floats(2 * size + v.rows() * v.columns());
    Gathered keys = Gathered.of(k, head, 0, false);
    Gathered turned = Gathered.of(k, head, size, true);
    Gathered values = Gathered.of(v, head, 2 * size, true);
    for (int i = 0; i < q.rows(); i += ROWS) {
      int rows = Math.min(ROWS, q.rows() - i);
      int seen = seen(i + rows - 1, 0, k.rows());
      Matrix queries = q.block(i, rows, 0, q.columns());
      Matrix dOut = dy.block(i, rows, 0, dy.columns());
      Matrix dQueries = dq.block(i, rows, 0, dq.columns());
      if (seen == 0) {
        clear(dQueries);
      }
      for (int j = 0; j < seen; j += COLUMNS) {
        int columns = Math.min(COLUMNS, seen - j);
        Matrix s = Matrix.rowMajor(scores, 0, rows, columns);
        Matrix ds = Matrix.rowMajor(slopes, 0, rows, columns);
        MatMul.multiply(queries, turned.block(j, columns), s, false);
        MatMul.multiply(dOut, values.block(j, columns), ds, false);
        for (int r = 0; r < rows; r++) {
          int at = s.index(r, 0);
          int count = seen(i + r, j, columns);
          ofRow[0] = numbers.at(i + r, 0);
          ofRow[2] = 1 / numbers.at(i + r, 1);
          ofRow[3] = dot(dy, y, i + r);
          gradients.run(at, count);
          Arrays.fill(scores, at + count, at + columns, 0f);
          Arrays.fill(slopes, at + count, at + columns, 0f);
        }
        MatMul.multiply(s.transpose(), dOut, dv.block(j, columns, 0, dv.columns()), true);
        MatMul.multiply(ds, keys.block(j, columns), dQueries, j > 0);
        MatMul.multiply(ds.transpose(), queries, dk.block(j, columns, 0, dk.columns()), true);
      }
    }
  }

  /// `Σ aⱼ·bⱼ` of a row, in four sums that need not wait for one another.
  private static float dot(Matrix a, Matrix b, int row) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int c = 0;
    for (; c <= a.columns() - 4; c += 4) {
      s0 = Math.fma(a.at(row, c), b.at(row, c), s0);
      s1 = Math.fma(a.at(row, c + 1), b.at(row, c + 1), s1);
      s2 = Math.fma(a.at(row, c + 2), b.at(row, c + 2), s2);
      s3 = Math.fma(a.at(row, c + 3), b.at(row, c + 3), s3);
    }
    for (; c < a.columns(); c++) {
      s0 = Math.fma(a.at(row, c), b.at(row, c), s0);
    }
    return (s0 + s1) + (s2 + s3);
  }

  private static void scale(Matrix out, int row, float factor) {
    float[] data = out.data();
    int begin = out.index(row, 0);
    int end = begin + out.columns();
    for (int at = begin; at < end; at++) {
      data[at] = data[at] * factor;
    }
  }

  /// Zeros.
  static void clear(Matrix out) {
    for (int r = 0; r < out.rows(); r++) {
      int begin = out.index(r, 0);
      Arrays.fill(out.data(), begin, begin + out.columns(), 0f);
    }
  }
}
