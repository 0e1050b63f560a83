package vectorgrad.tensor.cpu;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Walk;
import vectorgrad.tensor.spi.Reduction;

/// A reduction that joins rows with rows, element by element: each row of the output is the total
/// of `count` rows of the inputs.
///
/// Rows are joined in groups of fixed size, one after the other, into a row of totals that stays in
/// the first-level cache; a kernel `total ← total ⊕ map(row₀) ⊕ … ⊕ map(row₃)` takes four at a
/// time, so that the totals are loaded and stored once for four rows. The groups' totals are joined
/// in order, in float64.
final class ReduceAcross {
  /// Rows that are joined in the numbers of the operands before float64 takes over.
  private static final int GROUP = 128;

  /// Columns that a task takes: their totals, and as much of four rows, fit the first-level cache.
  private static final int COLUMNS = 1024;

  /// Formulas of more nodes keep the processor busy enough one by one.
  private static final int SHORT = 12;

  private static final int[] SEVERAL = {4, 1};
  private static final int[] ONE = {1};

  /// Formulas that are made anew all the time must not fill the memory.
  private static final int MOST = 1024;

  private record Key(Program map, Reduction reduction, int inputs, int rows) {
    // by hand, since the JVM makes those of a record anew in each start

    @Override
    public boolean equals(Object other) {
      return other instanceof Key that
          && map.equals(that.map)
          && reduction == that.reduction
          && inputs == that.inputs
          && rows == that.rows;
    }

    @Override
    public int hashCode() {
      return 31 * (31 * (31 * map.hashCode() + reduction.hashCode()) + inputs) + rows;
    }
  }

  private static final ConcurrentHashMap<Key, Program> JOINING = new ConcurrentHashMap<>();

  private final Reduce reduce;
  private final int inputs;
  private final int width; // of a row
  private final int columns; // of a task
  private final int count; // rows that become one
  private final int groups;
  private final int[] atOnce;

  ReduceAcross(Reduce reduce) {
    this.reduce = reduce;
    this.inputs = reduce.inputs();
    this.width = reduce.kept.rowLength();
    this.columns = Math.ceilDiv(width, COLUMNS);
    this.count = reduce.joined.elements();
    this.groups = Math.ceilDiv(count, GROUP);
    Program lowered = reduce.arithmetic.lowered(reduce.map);
    this.atOnce = inputs <= 2 && lowered.nodes().size() <= SHORT ? SEVERAL : ONE;
  }

  void run() {
    Walk kept = reduce.kept;
    int tasks = kept.rows() * groups * columns;
    long each = (long) Math.min(count, GROUP) * Math.min(width, COLUMNS);
    boolean inPlace =
        groups == 1
            && kept.rowStride(inputs) == 1
            && reduce.dtypes[inputs] == reduce.arithmetic.dtype();
    // the totals of group g for row r of the output are row r·groups + g
    Object totals = inPlace ? reduce.arrays[inputs] : reduce.numbers(kept.rows() * groups * width);
    Reduce.inParallel(
        tasks,
        each,
        task -> {
          int column = task % columns * COLUMNS;
          int group = task / columns % groups;
          int row = task / columns / groups;
          int n = Math.min(COLUMNS, width - column);
          int to = Math.min(count, (group + 1) * GROUP);
          kept.forEachRow(
              row,
              row + 1,
              starts -> {
                int place = (inPlace ? starts[inputs] : (row * groups + group) * width) + column;
                join(starts, column, n, group * GROUP, to, totals, place);
              });
        });
    if (!inPlace) {
      int[] row = {0};
      kept.forEachRow(starts -> finish(totals, row[0]++, starts[inputs]));
    }
  }

  /// Joins rows `from` … `to`, `n` columns of them, into the totals at `place`.
  private void join(int[] starts, int column, int n, int from, int to, Object totals, int place) {
    Object[] first = reduce.arrays.clone();
    int[] firstStrides = reduce.kept.rowStrides();
    first[inputs] = totals;
    firstStrides[inputs] = 1;
    int[] places = new int[(to - from) * inputs]; // of all rows
    int[] next = {0};
    reduce.joined.forEachElement(
        from,
        to,
        offsets -> {
          for (int k = 0; k < inputs; k++) {
            places[next[0]++] = starts[k] + offsets[k] + column * firstStrides[k];
          }
        });
    int[] offsets = Arrays.copyOf(places, inputs + 1);
    offsets[inputs] = place;
    DType[] firstDtypes = reduce.intoNumbers();
    Kernels.of(reduce.map, firstDtypes, firstStrides).run(first, offsets, firstStrides, n);
    int done = 1;
    for (int rows : atOnce) {
      Object[] arrays = new Object[1 + rows * inputs + 1];
      DType[] dtypes = new DType[arrays.length];
      int[] strides = new int[arrays.length];
      int[] at = new int[arrays.length];
      arrays[0] = arrays[arrays.length - 1] = totals;
      dtypes[0] = dtypes[arrays.length - 1] = reduce.arithmetic.dtype();
      strides[0] = strides[arrays.length - 1] = 1;
      at[0] = at[arrays.length - 1] = place;
      for (int k = 0; k < rows * inputs; k++) {
        arrays[1 + k] = first[k % inputs];
        dtypes[1 + k] = firstDtypes[k % inputs];
        strides[1 + k] = firstStrides[k % inputs];
      }
      Key key = new Key(reduce.map, reduce.reduction, inputs, rows);
      Program joining = JOINING.get(key);
      if (joining == null) {
        joining = joining(key);
        if (JOINING.size() < MOST) {
          JOINING.put(key, joining);
        }
      }
      RowKernel kernel = Kernels.of(joining, dtypes, strides);
      for (; done + rows <= to - from; done += rows) {
        System.arraycopy(places, done * inputs, at, 1, rows * inputs);
        kernel.run(arrays, at, strides, n);
      }
    }
  }

  /// `total ⊕ map(row₀) ⊕ map(row₁) …`; input 0 is the total, then come the inputs of row 0, of row
  /// 1, …
  private static Program joining(Key key) {
    Formula total = Formula.input(0);
    Formula map = key.map().outputs().get(0);
    map = map.isTruth() ? map.then(Formula.ONE, Formula.ZERO) : map;
    for (int row = 0; row < key.rows(); row++) {
      Formula[] shifted = new Formula[key.inputs()];
      for (int k = 0; k < shifted.length; k++) {
        shifted[k] = Formula.input(1 + row * key.inputs() + k);
      }
      Formula mapped = map.substitute(shifted);
      total =
          switch (key.reduction()) {
            case SUM -> total.plus(mapped);
            case PROD -> total.times(mapped);
            case MAX -> total.max(mapped);
            case MIN -> total.min(mapped);
          };
    }
    return Program.of(total);
  }

  /// Joins the groups' totals of one row of the output, which begins at `place`, and stores them.
  private void finish(Object totals, int row, int place) {
    int stride = reduce.kept.rowStride(inputs);
    for (int column = 0; column < width; column++) {
      int at = row * groups * width + column;
      if (totals instanceof long[] whole) {
        long total = whole[at];
        for (int g = 1; g < groups; g++) {
          total = reduce.reduction.join(total, whole[at + g * width]);
        }
        reduce.store(place + column * stride, total);
        continue;
      }
      double total = number(totals, at);
      for (int g = 1; g < groups; g++) {
        total = reduce.reduction.join(total, number(totals, at + g * width));
      }
      reduce.store(place + column * stride, total);
    }
  }

  private static double number(Object array, int place) {
    return array instanceof float[] f ? f[place] : ((double[]) array)[place];
  }
}
