package vectorgrad.tensor.cpu;

import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.spi.Elements;
import vectorgrad.tensor.spi.Reduction;

/// A reduction whose rows become one number each.
///
/// A row is cut into tiles that fit the first-level cache. The formula's values of a tile are
/// joined by a [RowPass], or, if the formula is the row itself, by [Fold]. Tiles, and the rows of
/// one output, are joined in order, in float64: within groups first, then the groups.
final class ReduceAlong {
  /// Elements that are mapped and joined at once.
  static final int TILE = 2048;

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
            && reduce.dtypes[0] == reduce.arithmetic.dtype();
  }

  /// Whether `input` is itself what is joined, in one go, to one number: small vectors are not to
  /// pay for the plan of large tensors.
  static boolean isOneTile(Program map, Tensor input, Tensor output) {
    int n = input.size();
    return n > 1
        && n <= TILE
        && (input.dtype() == DType.F32 || input.dtype() == DType.F64)
        && input.layout().isContiguous()
        && output.layout().stride(0) == 0
        && map.outputs().get(0) instanceof Formula.Input;
  }

  /// The same bits as any other way leads to.
  static void oneTile(Reduction reduction, Tensor input, Tensor output) {
    Arithmetic arithmetic = Arithmetic.of(input.dtype());
    Fold fold = FoldCompiler.of(reduction, arithmetic, Lanes.bits());
    Object lanes = Elements.array(arithmetic.dtype(), Fold.LANES);
    double value = fold.row(input.memory(), input.layout().offset(), input.size(), lanes);
    Elements.set(output.dtype(), output.memory(), output.layout().offset(), value);
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
                places -> tile.join(places, 0, units).store(places[inputs]));
          });
      return;
    }
    // few outputs of many elements: threads share the groups, too
    int tasks = outputs * groups;
    double[] totals = new double[tasks];
    long[] wholeTotals = new long[reduce.arithmetic == Arithmetic.LONG ? tasks : 0];
    Queue<Tile> idle = new ConcurrentLinkedQueue<>();
    Workers.parallel(
        tasks,
        task -> {
          int from = task % groups * group;
          Tile known = idle.poll();
          Tile tile = known == null ? new Tile() : known;
          reduce.kept.forEachElement(
              task / groups,
              task / groups + 1,
              places -> tile.join(places, from, Math.min(units, from + group)));
          totals[task] = tile.total;
          if (tile.whole) {
            wholeTotals[task] = tile.wholeTotal;
          }
          idle.add(tile);
        });
    Tile joint = idle.element();
    int[] next = {0};
    reduce.kept.forEachElement(
        0,
        outputs,
        places -> {
          int first = next[0];
          next[0] += groups;
          joint.total = totals[first];
          for (int g = first + 1; g < next[0]; g++) {
            joint.total = reduce.reduction.join(joint.total, totals[g]);
          }
          if (joint.whole) {
            joint.wholeTotal = wholeTotals[first];
            for (int g = first + 1; g < next[0]; g++) {
              joint.wholeTotal = reduce.reduction.join(joint.wholeTotal, wholeTotals[g]);
            }
          }
          joint.store(places[inputs]);
        });
  }

  /// The scratch arrays of one task, and its total.
  private final class Tile {
    private final boolean whole = reduce.arithmetic == Arithmetic.LONG;
    private final Fold fold; // if rows are joined as they are
    private final Object lanes;
    private final RowPass pass; // if they are not
    private final Object[] arrays; // of whole numbers
    private final RowKernel kernel;
    private final int[] places;
    private double total;
    private long wholeTotal; // instead, where numbers are whole
    private int done;

    Tile() {
      int most = Math.min(TILE, length);
      fold =
          direct && !whole
              ? FoldCompiler.of(reduce.reduction, reduce.arithmetic, Lanes.bits())
              : null;
      lanes = fold == null ? null : reduce.numbers(Fold.LANES);
      arrays = whole ? reduce.arrays.clone() : null;
      if (whole) {
        arrays[inputs] = direct ? arrays[0] : reduce.numbers(most);
      }
      kernel = whole && !direct ? Kernels.of(reduce.map, reduce.intoNumbers(), strides) : null;
      pass =
          whole || direct
              ? null
              : new RowPass(
                  reduce.map,
                  List.of(RowPass.Joining.of(reduce.reduction)),
                  reduce.arithmetic,
                  Arrays.copyOf(reduce.arrays, inputs),
                  Arrays.copyOf(reduce.dtypes, inputs),
                  Arrays.copyOf(strides, inputs),
                  inputs,
                  most);
      places = pass == null ? new int[inputs + 1] : pass.places;
    }

    /// Joins the tiles `from` … `to` of the output whose inputs begin at `starts`.
    Tile join(int[] starts, int from, int to) {
      done = 0;
      wholeTotal = reduce.reduction.wholeIdentity();
      if (units == tiles) { // a single row
        row(starts, null, from, to);
        return this;
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
      return this;
    }

    void store(int place) {
      if (whole) {
        reduce.store(place, wholeTotal);
      } else {
        reduce.store(place, total);
      }
    }

    /// Joins the tiles `from` … `to` of one row.
    private void row(int[] starts, int[] offsets, int from, int to) {
      for (int t = from; t < to; t++) {
        for (int k = 0; k < inputs; k++) {
          places[k] = starts[k] + (offsets == null ? 0 : offsets[k]) + t * TILE * strides[k];
        }
        int n = Math.min(TILE, length - t * TILE);
        if (whole) {
          if (!direct) {
            kernel.run(arrays, places, strides, n);
          }
          wholeTotal = joinWhole(wholeTotal, (long[]) arrays[inputs], direct ? places[0] : 0, n);
        } else {
          double value = direct ? fold.row(reduce.arrays[0], places[0], n, lanes) : value(n);
          total = done++ == 0 ? value : reduce.reduction.join(total, value);
        }
      }
    }

    private double value(int n) {
      pass.run(n);
      return pass.total(0);
    }

    /// Whole numbers have one total, in whichever order they are joined, so that the JIT may
    /// choose.
    private long joinWhole(long start, long[] x, int offset, int n) {
      long joined = start;
      switch (reduce.reduction) {
        case SUM -> {
          for (int i = offset; i < offset + n; i++) {
            joined += x[i];
          }
        }
        case PROD -> {
          for (int i = offset; i < offset + n; i++) {
            joined *= x[i];
          }
        }
        case MAX -> {
          for (int i = offset; i < offset + n; i++) {
            joined = Math.max(joined, x[i]);
          }
        }
        case MIN -> {
          for (int i = offset; i < offset + n; i++) {
            joined = Math.min(joined, x[i]);
          }
        }
      }
      return joined;
    }
  }
}
