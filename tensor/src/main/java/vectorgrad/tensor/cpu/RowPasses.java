package vectorgrad.tensor.cpu;

import java.util.Arrays;
import java.util.Collections;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.RowProgram;
import vectorgrad.tensor.Walk;

/// All passes of a row program, a kernel for each: where a row is longer than a tile, has several
/// runs of neighbours, or where a [WholeRow] would be too long.
///
/// Each stage is a [RowPass] over tiles, whose sums are joined in order, in float64.
final class RowPasses extends RowsKernel {
  private final int inputs;
  private final Object[] arrays;
  private final int[] steps;
  private final Walk joined;
  private final RowPass[] stages;
  private final int[][] sources; // of each
  private final RowKernel last;
  private final double[] found; // sums of a row
  private final int[] row; // where its operands begin
  private final int[] places; // of a run

  /// @param arrays of the inputs, the sums, the output: the only ones that it visits
  /// @param steps from one element of a run to the next
  /// @param joined a row
  RowPasses(RowProgram program, Arithmetic arithmetic, Object[] arrays, int[] steps, Walk joined) {
    this.inputs = program.inputs();
    this.arrays = arrays;
    this.steps = steps;
    this.joined = joined;
    found = new double[arrays.length - inputs - 1];
    row = new int[arrays.length];
    places = new int[arrays.length];
    last = Kernels.of(program.map(), dtypes(arithmetic, arrays.length), steps);
    stages = new RowPass[program.stages().size()];
    sources = new int[stages.length][];
    for (int s = 0; s < stages.length; s++) {
      RowProgram.Part stage = program.stages().get(s);
      int[] from = stage.sources();
      Object[] read = new Object[from.length];
      int[] along = new int[from.length];
      for (int k = 0; k < from.length; k++) {
        read[k] = arrays[from[k]];
        along[k] = steps[from[k]];
      }
      sources[s] = from;
      stages[s] =
          new RowPass(
              stage.program(),
              Collections.nCopies(stage.size(), RowPass.Joining.SUM),
              arithmetic,
              read,
              dtypes(arithmetic, from.length),
              along,
              from.length,
              Math.min(ReduceAlong.TILE, joined.rowLength()));
    }
  }

  private static DType[] dtypes(Arithmetic arithmetic, int count) {
    DType[] dtypes = new DType[count];
    Arrays.fill(dtypes, arithmetic.dtype());
    return dtypes;
  }

  @Override
  void run(Object[] arrays, int[] offsets, int n, int[] advances, int rows) {
    System.arraycopy(offsets, 0, row, 0, row.length);
    for (int r = 0; r < rows; r++) {
      row(n);
      for (int k = 0; k < row.length; k++) {
        row[k] += advances[k];
      }
    }
  }

  /// Visits the row that begins at [#row].
  private void row(int n) {
    int sum = 0;
    for (int s = 0; s < stages.length; s++) {
      stage(stages[s], sources[s], sum, n);
      for (int end = sum + stages[s].joined(); sum < end; sum++) {
        int operand = inputs + sum;
        if (arrays[operand] instanceof float[] numbers) {
          numbers[row[operand]] = (float) found[sum];
        } else {
          ((double[]) arrays[operand])[row[operand]] = found[sum];
        }
      }
    }
    if (joined.rows() == 1) {
      last.run(arrays, row, steps, n);
      return;
    }
    joined.forEachRow(offsets -> {
      for (int k = 0; k < places.length; k++) { // a vector of them would be waited for
        places[k] = row[k] + offsets[k];
      }
      last.run(arrays, places, steps, n);
    });
  }

  private void stage(RowPass pass, int[] from, int first, int n) {
    Arrays.fill(found, first, first + pass.joined(), -0.0);
    if (joined.rows() == 1) {
      tiles(pass, from, null, first, n);
    } else {
      joined.forEachRow(offsets -> tiles(pass, from, offsets, first, n));
    }
  }

  /// Adds the sums of one run.
  private void tiles(RowPass pass, int[] from, int[] offsets, int first, int n) {
    for (int begin = 0; begin < n; begin += ReduceAlong.TILE) {
      for (int k = 0; k < from.length; k++) {
        int operand = from[k];
        int run = offsets == null ? 0 : offsets[operand];
        pass.places[k] = row[operand] + run + begin * steps[operand];
      }
      pass.run(Math.min(ReduceAlong.TILE, n - begin));
      for (int f = 0; f < pass.joined(); f++) {
        found[first + f] += pass.total(f);
      }
    }
  }
}
