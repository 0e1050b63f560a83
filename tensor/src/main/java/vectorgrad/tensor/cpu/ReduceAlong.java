package vectorgrad.tensor.cpu;

import java.util.Arrays;
import vectorgrad.numerics.Formula;

/// A reduction whose rows become one number each.
///
/// A row is cut into tiles that fit the first-level cache. The formula's values of a tile go into a
/// scratch array, unless the formula is the row itself, and are joined by [Fold]. Tiles, and the
/// rows of one output, are joined in order, in float64: within groups first, then the groups.
final class ReduceAlong {
  /// Elements that are mapped and joined at once.
  private static final int TILE = 2048;

  private final Reduce reduce;
  private final int inputs;
  private final int length; // of a row
  private final int tiles; // of a row
  private final int units; // tiles of one output
  private final int group; // tiles that are joined by one task
  private final int groups; // of one output
  private final int[] strides; // of the inputs along a row, and of the scratch array
  private final boolean direct;

  ReduceAlong(Reduce reduce) {
    this.reduce = reduce;
    this.inputs = reduce.inputs();
    this.length = reduce.joined.rowLength();
    this.tiles = Math.ceilDiv(length, TILE);
    this.units = reduce.joined.rows() * tiles;
    this.group = Math.max(1, Reduce.CHUNK / Math.min(length, TILE));
    this.groups = Math.ceilDiv(units, group);
    this.strides = Arrays.copyOf(reduce.joined.rowStrides(), inputs + 1);
    strides[inputs] = 1;
    this.direct =
        inputs == 1
            && strides[0] == 1
            && reduce.map.outputs().get(0) instanceof Formula.Input
            && reduce.arrays[0].getClass() == reduce.numbers(0).getClass();
  }

  void run() {
    int outputs = reduce.kept.elements();
    if (groups == 1) {
      int together = Math.max(1, Reduce.CHUNK / Math.max(1, units * Math.min(length, TILE)));
      Workers.parallel(
          Math.ceilDiv(outputs, together),
          chunk -> {
            Tile tile = new Tile();
            reduce.kept.forEachElement(
                chunk * together,
                Math.min(outputs, (chunk + 1) * together),
                places -> reduce.store(places[inputs], tile.total(places, 0, units)));
          });
      return;
    }
    // few outputs of many elements: threads share the groups, too
    double[] totals = new double[outputs * groups];
    Workers.parallel(
        totals.length,
        task -> {
          int from = task % groups * group;
          reduce.kept.forEachElement(
              task / groups,
              task / groups + 1,
              places ->
                  totals[task] = new Tile().total(places, from, Math.min(units, from + group)));
        });
    int[] next = {0};
    reduce.kept.forEachElement(
        0,
        outputs,
        places -> {
          double total = totals[next[0]++];
          for (int g = 1; g < groups; g++) {
            total = reduce.reduction.join(total, totals[next[0]++]);
          }
          reduce.store(places[inputs], total);
        });
  }

  /// The scratch arrays of one task.
  private final class Tile {
    private final Fold fold = FoldCompiler.of(reduce.reduction, reduce.arithmetic, Lanes.bits());
    private final Object lanes = reduce.numbers(Fold.LANES);
    private final Object[] arrays = reduce.arrays.clone();
    private final int[] places = new int[inputs + 1];
    private final RowKernel kernel;
    private double total;
    private int done;

    Tile() {
      arrays[inputs] = direct ? arrays[0] : reduce.numbers(Math.min(TILE, length));
      kernel = direct ? null : Kernels.of(reduce.map, arrays, strides);
    }

    /// Joins the tiles `from` … `to` of the output whose inputs begin at `starts`.
    double total(int[] starts, int from, int to) {
      done = 0;
      if (units == tiles) { // a single row
        row(starts, null, from, to);
        return total;
      }
      int firstRow = from / tiles;
      int[] row = {firstRow};
      reduce.joined.forEachRow(
          firstRow,
          Math.ceilDiv(to, tiles),
          offsets -> {
            int begin = row[0]++ * tiles;
            row(starts, offsets, Math.max(0, from - begin), Math.min(tiles, to - begin));
          });
      return total;
    }

    /// Joins the tiles `from` … `to` of one row.
    private void row(int[] starts, int[] offsets, int from, int to) {
      for (int t = from; t < to; t++) {
        for (int k = 0; k < inputs; k++) {
          places[k] = starts[k] + (offsets == null ? 0 : offsets[k]) + t * TILE * strides[k];
        }
        int n = Math.min(TILE, length - t * TILE);
        double value;
        if (direct) {
          value = fold.row(arrays[0], places[0], n, lanes);
        } else {
          kernel.run(arrays, places, strides, n);
          value = fold.row(arrays[inputs], 0, n, lanes);
        }
        total = done++ == 0 ? value : reduce.reduction.join(total, value);
      }
    }
  }
}
