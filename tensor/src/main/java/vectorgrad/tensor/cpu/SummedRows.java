package vectorgrad.tensor.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.RowProgram;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.Walk;
import vectorgrad.tensor.spi.Elements;

/// Row programs, all passes over a row in one visit: it comes from memory once, for its first sum,
/// and is in the cache for the others and for the formula in the end.
///
/// A row is what is summed to one number, several runs of neighbours in memory perhaps: the pixels
/// of one channel in all pictures. Each stage is a [RowPass] over tiles, whose sums are joined in
/// order, in float64: the bits are those of [ReduceAlong]. If a row is one tile, all passes are one
/// kernel, a [WholeRow]; else they are [RowPasses].
///
/// Columns are totals of a group of rows, found while those are in the cache ([ColumnTotals]). The
/// groups' totals are joined in order, in float64, as in [ReduceAcross].
final class SummedRows {
  /// Longer rows are no longer in the second-level cache when they are needed again.
  private static final int LONGEST = 1 << 15;

  /// For shorter rows passes over all of them cost less.
  private static final int SHORTEST = 256;

  /// Runs of fewer elements than these do not pay, if a row has several.
  private static final int LONG = 1024;

  /// Rows whose columns are joined in the numbers of the operands before float64 takes over.
  private static final int GROUP = 128;

  /// Elements of rows that are added to columns together, while they are in the second-level cache.
  private static final int NEAR = 1 << 16;

  /// Groups of fewer rows than these allow are not needed for threads to share them.
  private static final int GROUPS = 16;

  private final RowProgram program;
  private final Arithmetic arithmetic;
  private final Object[] arrays; // of the inputs, the sums, the output
  private final Tensor[] totals; // of columns
  private final Walk kept;
  private final Walk joined;
  private final int[] steps; // from one element of a run to the next, 0 for sums
  private final int[] advances; // from one row to the next in a run of the kept ones
  private final int n; // elements of a run

  private SummedRows(
      RowProgram program, DType dtype, Object[] arrays, Tensor[] totals, Walk kept, Walk joined) {
    this.program = program;
    this.arithmetic = Arithmetic.of(dtype);
    this.arrays = arrays;
    this.totals = totals;
    this.kept = kept;
    this.joined = joined;
    this.steps = joined.rowStrides();
    this.advances = kept.rowStrides();
    this.n = joined.rowLength();
  }

  /// Runs the program, unless its rows are too short or too long, their elements no neighbours, or
  /// of several dtypes; then it returns false.
  static boolean run(RowProgram program, Tensor[] inputs, Tensor[] sums, Tensor output) {
    int columns = program.columns().size();
    int rowSums = sums.length - columns;
    List<Tensor> all = new ArrayList<>(List.of(inputs));
    all.addAll(List.of(sums).subList(0, rowSums));
    all.add(output);
    DType dtype = output.dtype();
    if (!dtype.isFloating()
        || dtype.isHalf()
        || rowSums == 0
        || all.stream().anyMatch(operand -> operand.dtype() != dtype)) {
      return false;
    }
    Layout total = sums[0].layout();
    int rank = output.rank();
    int[] stay = new int[rank];
    int[] go = new int[rank];
    int stays = 0;
    int goes = 0;
    for (int axis = 0; axis < rank; axis++) {
      if (output.size(axis) != 1) {
        if (total.stride(axis) == 0) {
          go[goes++] = axis;
        } else {
          stay[stays++] = axis;
        }
      }
    }
    Layout[] along = new Layout[all.size()];
    Layout[] across = new Layout[all.size()];
    Object[] arrays = new Object[all.size()];
    for (int k = 0; k < along.length; k++) {
      Layout layout = all.get(k).layout();
      along[k] = Reduce.along(layout, Arrays.copyOf(go, goes), 0);
      across[k] = Reduce.along(layout, Arrays.copyOf(stay, stays), layout.offset());
      arrays[k] = all.get(k).memory();
    }
    Walk joined = Walk.over(along);
    int[] steps = joined.rowStrides();
    boolean fits =
        joined.rowLength() >= (joined.rows() == 1 ? SHORTEST : LONG)
            && joined.elements() <= LONGEST
            && (joined.rows() == 1 || columns == 0);
    for (int k = 0; k < steps.length; k++) {
      fits &= steps[k] == 1 || (steps[k] == 0 && k < steps.length - 1);
    }
    Tensor[] totals = Arrays.copyOfRange(sums, rowSums, sums.length);
    for (Tensor column : totals) {
      fits &= Reduce.along(column.layout(), Arrays.copyOf(go, goes), 0).isContiguous();
    }
    if (fits) {
      new SummedRows(program, dtype, arrays, totals, Walk.over(across), joined).run();
    }
    return fits;
  }

  private void run() {
    int rows = kept.elements();
    int each =
        totals.length == 0
            ? Reduce.together(rows, joined.elements())
            : Math.clamp( // the bits of columns must not depend on the number of threads
                Math.ceilDiv(rows, GROUPS),
                Math.clamp(Reduce.CHUNK / joined.elements(), 1, GROUP),
                GROUP);
    int groups = Math.ceilDiv(rows, each);
    Object sums = Elements.array(arithmetic.dtype(), groups * totals.length * n);
    if (sums instanceof float[] numbers) {
      Arrays.fill(numbers, -0f);
    } else {
      Arrays.fill((double[]) sums, -0.0);
    }
    Queue<Visit> idle = new ConcurrentLinkedQueue<>();
    Workers.parallel(
        groups,
        task -> {
          Visit known = idle.poll();
          Visit visit = known == null ? new Visit(sums) : known;
          visit.rows(task * each, Math.min(rows, (task + 1) * each), task * totals.length * n);
          idle.add(visit);
        });
    for (int c = 0; c < totals.length; c++) {
      finish(sums, groups, c);
    }
  }

  /// Joins the groups' sums of column formula `c`.
  private void finish(Object sums, int groups, int c) {
    double[] joint = new double[n];
    Arrays.fill(joint, -0.0);
    int offset = totals[c].layout().offset();
    if (sums instanceof float[] numbers) {
      for (int g = 0; g < groups; g++) {
        int from = (g * totals.length + c) * n;
        for (int i = 0; i < n; i++) {
          joint[i] += numbers[from + i];
        }
      }
      float[] out = (float[]) totals[c].memory();
      for (int i = 0; i < n; i++) {
        out[offset + i] = (float) joint[i];
      }
    } else {
      for (int g = 0; g < groups; g++) {
        int from = (g * totals.length + c) * n;
        for (int i = 0; i < n; i++) {
          joint[i] += ((double[]) sums)[from + i];
        }
      }
      System.arraycopy(joint, 0, totals[c].memory(), offset, n);
    }
  }

  /// What one task at a time needs.
  private final class Visit {
    private final RowsKernel kernel;
    private final Optional<ColumnTotals> columns;

    Visit(Object sums) {
      boolean isTile = joined.rows() == 1 && n <= ReduceAlong.TILE;
      kernel =
          (isTile ? WholeRow.of(program, arithmetic, steps, n) : Optional.<RowsKernel>empty())
              .orElseGet(() -> new RowPasses(program, arithmetic, arrays, steps, joined));
      RowProgram.Part formulas = program.columns();
      columns =
          totals.length == 0
              ? Optional.empty()
              : Optional.of(
                  new ColumnTotals(formulas, arithmetic, arrays, steps, advances, sums, n));
    }

    /// Visits rows `from` … `to`, and adds them to the sums of columns at `place`.
    void rows(int from, int to, int place) {
      int many = ColumnTotals.MANY;
      int near = totals.length == 0 ? to - from : Math.max(1, NEAR / n / many) * many;
      for (int begin = from; begin < to; begin += near) {
        kept.forEachRun(
            begin, Math.min(to, begin + near), (first, count) -> run(first, count, place));
      }
    }

    /// Visits `count` rows, the first of which begins at `first` and the next ones at equal
    /// distances.
    private void run(int[] first, int count, int place) {
      kernel.run(arrays, first, n, advances, count);
      if (columns.isPresent()) {
        columns.get().add(first, count, place);
      }
    }
  }
}
