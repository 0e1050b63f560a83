package vectorgrad.tensor.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
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
/// order, in float64: the bits are those of [ReduceAlong].
final class SummedRows {
  /// Longer rows are no longer in the second-level cache when they are needed again.
  private static final int LONGEST = 1 << 15;

  /// For shorter rows passes over all of them cost less.
  private static final int SHORTEST = 256;

  /// Runs of fewer elements than these do not pay, if a row has several.
  private static final int LONG = 1024;

  private final RowProgram program;
  private final Arithmetic arithmetic;
  private final Object[] arrays; // of the inputs, the sums, the output
  private final Walk kept;
  private final Walk joined;
  private final int[] strides; // along a run, 0 for sums
  private final int inputs;

  private SummedRows(
      RowProgram program, DType dtype, Object[] arrays, Walk kept, Walk joined, int inputs) {
    this.program = program;
    this.arithmetic = Arithmetic.of(dtype);
    this.arrays = arrays;
    this.kept = kept;
    this.joined = joined;
    this.inputs = inputs;
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
            && strides[strides.length - 1] == 1;
    for (int stride : strides) {
      fits &= stride == 0 || stride == 1;
    }
    if (fits) {
      new SummedRows(program, dtype, arrays, Walk.over(across), joined, inputs.length).run();
    }
    return fits;
  }

  private void run() {
    int together = Math.max(1, Reduce.CHUNK / joined.elements());
    int rows = kept.elements();
    Workers.parallel(
        Math.ceilDiv(rows, together),
        task ->
            kept.forEachElement(
                task * together, Math.min(rows, (task + 1) * together), new Visit()::row));
  }

  /// What one task needs.
  private final class Visit {
    private final List<RowPass> passes = new ArrayList<>();
    private final List<int[]> sources = new ArrayList<>();
    private final double[] totals = new double[arrays.length - 1 - inputs];
    private final RowKernel map;
    private final int[] places = new int[arrays.length];
    private int[] starts;

    Visit() {
      int length = Math.min(ReduceAlong.TILE, joined.rowLength());
      for (RowProgram.Part stage : program.stages()) {
        int[] from = stage.sources();
        Object[] operands = new Object[from.length];
        int[] steps = new int[from.length];
        for (int k = 0; k < from.length; k++) {
          operands[k] = arrays[from[k]];
          steps[k] = strides[from[k]];
        }
        sources.add(from);
        passes.add(
            new RowPass(
                stage.program(),
                Collections.nCopies(stage.program().outputs().size(), RowPass.Joining.SUM),
                arithmetic,
                operands,
                dtypes(from.length),
                steps,
                from.length,
                length));
      }
      map = Kernels.of(program.map(), dtypes(arrays.length), strides);
    }

    private DType[] dtypes(int count) {
      DType[] dtypes = new DType[count];
      Arrays.fill(dtypes, arithmetic.dtype());
      return dtypes;
    }

    void row(int[] begin) {
      starts = begin;
      int sum = 0;
      for (int s = 0; s < passes.size(); s++) {
        RowPass pass = passes.get(s);
        int count = pass.joined();
        Arrays.fill(totals, sum, sum + count, Double.NaN);
        int stage = s;
        int first = sum;
        boolean[] begun = {false};
        if (joined.rows() == 1) {
          tiles(pass, sources.get(s), null, first, begun);
        } else {
          joined.forEachRow(offsets -> tiles(pass, sources.get(stage), offsets, first, begun));
        }
        for (int f = 0; f < count; f++, sum++) {
          int operand = inputs + sum;
          Elements.set(arithmetic.dtype(), arrays[operand], starts[operand], totals[sum]);
        }
      }
      if (joined.rows() == 1) {
        map.run(arrays, starts, strides, joined.rowLength());
      } else {
        joined.forEachRow(offsets -> {
          for (int k = 0; k < places.length; k++) {
            places[k] = starts[k] + offsets[k];
          }
          map.run(arrays, places, strides, joined.rowLength());
        });
      }
    }

    private void tiles(RowPass pass, int[] from, int[] offsets, int first, boolean[] begun) {
      int length = joined.rowLength();
      for (int begin = 0; begin < length; begin += ReduceAlong.TILE) {
        for (int k = 0; k < from.length; k++) {
          int operand = from[k];
          int run = offsets == null ? 0 : offsets[operand];
          pass.places[k] = starts[operand] + run + begin * strides[operand];
        }
        pass.run(Math.min(ReduceAlong.TILE, length - begin));
        for (int f = 0; f < pass.joined(); f++) {
          double value = pass.total(f);
          totals[first + f] = begun[0] ? totals[first + f] + value : value;
        }
        begun[0] = true;
      }
    }
  }
}
