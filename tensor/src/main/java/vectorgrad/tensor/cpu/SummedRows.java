package vectorgrad.tensor.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
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
/// kernel, a [WholeRow].
///
/// Columns are totals of a group of rows, which stay in the first-level cache: the last pass over a
/// row adds to them. The groups' totals are joined in order, in float64, as in [ReduceAcross].
final class SummedRows {
  /// Longer rows are no longer in the second-level cache when they are needed again.
  private static final int LONGEST = 1 << 15;

  /// For shorter rows passes over all of them cost less.
  private static final int SHORTEST = 256;

  /// Runs of fewer elements than these do not pay, if a row has several.
  private static final int LONG = 1024;

  /// Rows whose columns are joined in the numbers of the operands before float64 takes over.
  private static final int GROUP = 128;

  /// Groups of fewer rows than these allow are not needed for threads to share them.
  private static final int GROUPS = 16;

  private final RowProgram program;
  private final Arithmetic arithmetic;
  private final Object[] arrays; // of the inputs, the sums, the totals of columns, the output
  private final Walk kept;
  private final Walk joined;
  private final int[] strides; // along a run, 0 for sums
  private final int inputs;
  private final int sums;
  private final int columns;

  private SummedRows(RowProgram program, DType dtype, Object[] arrays, Walk kept, Walk joined) {
    this.program = program;
    this.arithmetic = Arithmetic.of(dtype);
    this.arrays = arrays;
    this.kept = kept;
    this.joined = joined;
    this.inputs = program.inputs();
    this.columns = program.columns();
    this.sums = arrays.length - 1 - inputs - columns;
    this.strides = joined.rowStrides();
  }

  /// Runs the program, unless its rows are too short or too long, their elements no neighbours, or
  /// of several dtypes; then it returns false.
  static boolean run(RowProgram program, Tensor[] inputs, Tensor[] sums, Tensor output) {
    List<Tensor> all = new ArrayList<>(List.of(inputs));
    Collections.addAll(all, sums);
    all.add(output);
    DType dtype = output.dtype();
    if (!dtype.isFloating()
        || dtype.isHalf()
        || sums.length == program.columns()
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
    int[] strides = joined.rowStrides();
    boolean fits =
        joined.rowLength() >= (joined.rows() == 1 ? SHORTEST : LONG)
            && joined.elements() <= LONGEST
            && (joined.rows() == 1 || program.columns() == 0);
    int columns = all.size() - 1 - program.columns(); // the first, then the output
    for (int k = 0; k < strides.length; k++) {
      fits &= strides[k] == 1 || (strides[k] == 0 && k < columns);
    }
    if (fits) {
      new SummedRows(program, dtype, arrays, Walk.over(across), joined).run();
    }
    return fits;
  }

  private void run() {
    int rows = kept.elements();
    int together = Math.max(1, Reduce.CHUNK / joined.elements());
    if (columns > 0) {
      together = Math.clamp(Math.ceilDiv(rows, GROUPS), Math.min(together, GROUP), GROUP);
    }
    int each = together;
    int groups = Math.ceilDiv(rows, each);
    Object totals = Elements.array(arithmetic.dtype(), groups * columns * joined.rowLength());
    if (totals instanceof float[] numbers) {
      Arrays.fill(numbers, -0f);
    } else {
      Arrays.fill((double[]) totals, -0.0);
    }
    Queue<Visit> idle = new ConcurrentLinkedQueue<>();
    Workers.parallel(
        groups,
        task -> {
          Visit known = idle.poll();
          Visit visit = known == null ? new Visit(totals) : known;
          visit.begin(task);
          kept.forEachElement(task * each, Math.min(rows, (task + 1) * each), visit);
          idle.add(visit);
        });
    for (int c = 0; c < columns; c++) {
      finish(totals, groups, c);
    }
  }

  /// Joins the groups' totals of column formula `c`.
  private void finish(Object totals, int groups, int c) {
    int n = joined.rowLength();
    double[] joint = new double[n];
    for (int g = 0; g < groups; g++) {
      int from = (g * columns + c) * n;
      for (int i = 0; i < n; i++) {
        double total =
            totals instanceof float[] numbers ? numbers[from + i] : ((double[]) totals)[from + i];
        joint[i] = g == 0 ? total : joint[i] + total;
      }
    }
    int operand = inputs + sums + c;
    for (int i = 0; i < n; i++) {
      Elements.set(arithmetic.dtype(), arrays[operand], kept.start(operand) + i, joint[i]);
    }
  }

  /// What one task at a time needs.
  private final class Visit implements Walk.Row {
    private final RowPass[] passes; // those before the last, if they are not a part of it
    private final int[][] sources; // of each
    private final double[] found = new double[sums];
    private final RowKernel last;
    private final Object[] operands; // of the last pass: totals of columns are read and written
    private final int[] places;
    private final int[] steps;
    private final int[] row = new int[arrays.length]; // where its operands begin

    Visit(Object totals) {
      int length = Math.min(ReduceAlong.TILE, joined.rowLength());
      operands = Arrays.copyOf(arrays, arrays.length + columns);
      places = new int[operands.length];
      steps = Arrays.copyOf(strides, operands.length);
      for (int c = 0; c < columns; c++) {
        operands[inputs + sums + c] = operands[arrays.length + c] = totals;
        steps[arrays.length + c] = 1;
      }
      boolean isTile = joined.rows() == 1 && length == joined.rowLength();
      RowKernel whole =
          isTile ? WholeRow.of(program, arithmetic, steps, length).orElse(null) : null;
      last = whole != null ? whole : Kernels.of(program.joined(), dtypes(operands.length), steps);
      passes = new RowPass[whole != null ? 0 : program.stages().size()];
      sources = new int[passes.length][];
      for (int s = 0; s < passes.length; s++) {
        RowProgram.Part stage = program.stages().get(s);
        int[] from = stage.sources();
        Object[] read = new Object[from.length];
        int[] advances = new int[from.length];
        for (int k = 0; k < from.length; k++) {
          read[k] = arrays[from[k]];
          advances[k] = strides[from[k]];
        }
        sources[s] = from;
        passes[s] =
            new RowPass(
                stage.program(),
                Collections.nCopies(stage.program().outputs().size(), RowPass.Joining.SUM),
                arithmetic,
                read,
                dtypes(from.length),
                advances,
                from.length,
                length);
      }
    }

    private DType[] dtypes(int count) {
      DType[] dtypes = new DType[count];
      Arrays.fill(dtypes, arithmetic.dtype());
      return dtypes;
    }

    /// Before the first row of a group.
    void begin(int group) {
      for (int c = 0; c < columns; c++) {
        int total = (group * columns + c) * joined.rowLength();
        places[inputs + sums + c] = places[row.length + c] = total;
      }
    }

    @Override
    public void at(int[] starts) {
      for (int k = 0; k < inputs + sums; k++) { // a vector of them would be waited for
        row[k] = starts[k];
        places[k] = starts[k];
      }
      int output = row.length - 1;
      row[output] = starts[output];
      places[output] = starts[output];
      int sum = 0;
      for (int s = 0; s < passes.length; s++) {
        stage(passes[s], sources[s], sum);
        for (int end = sum + passes[s].joined(); sum < end; sum++) {
          int operand = inputs + sum;
          if (arrays[operand] instanceof float[] numbers) {
            numbers[row[operand]] = (float) found[sum];
          } else {
            ((double[]) arrays[operand])[row[operand]] = found[sum];
          }
        }
      }
      if (joined.rows() == 1) {
        last.run(operands, places, steps, joined.rowLength());
        return;
      }
      joined.forEachRow(offsets -> {
        for (int k = 0; k < offsets.length; k++) {
          places[k] = row[k] + offsets[k];
        }
        last.run(operands, places, steps, joined.rowLength());
      });
    }

    private void stage(RowPass pass, int[] from, int first) {
      Arrays.fill(found, first, first + pass.joined(), -0.0);
      if (joined.rows() == 1) {
        tiles(pass, from, null, first);
      } else {
        joined.forEachRow(offsets -> tiles(pass, from, offsets, first));
      }
    }

    /// Adds the sums of one run.
    private void tiles(RowPass pass, int[] from, int[] offsets, int first) {
      int length = joined.rowLength();
      for (int begin = 0; begin < length; begin += ReduceAlong.TILE) {
        for (int k = 0; k < from.length; k++) {
          int operand = from[k];
          int run = offsets == null ? 0 : offsets[operand];
          pass.places[k] = row[operand] + run + begin * strides[operand];
        }
        pass.run(Math.min(ReduceAlong.TILE, length - begin));
        for (int f = 0; f < pass.joined(); f++) {
          found[first + f] += pass.total(f);
        }
      }
    }
  }
}
