package vectorgrad.tensor.cpu;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.Walk;
import vectorgrad.tensor.spi.Reduction;

/// Joins the elements along some axes, of one formula of the inputs, without that formula's values
/// ever being in memory.
///
/// The axes are put in an order that finishes one output after the other: those that stay first,
/// then those that are joined. If the last axis stays instead, whole rows are joined element by
/// element.
///
/// The order of joining is fixed by shape: [#PARTS] interleaved partial results along a row, which
/// any width of vectors can keep, then these, then the rows. Threads share the outputs, or chunks
/// of fixed length of a single one. So the bits are the same on every machine.
final class Reduce {
  /// Interleaved partial results of a row.
  private static final int PARTS = 64;

  /// The elements of a row that are mapped at once, while they are in the first-level cache.
  private static final int TILE = 2048;

  /// The elements of a row for one task.
  private static final int CHUNK = 1 << 15;

  private static final ConcurrentHashMap<Key, Program> ROW_PROGRAMS = new ConcurrentHashMap<>();

  private record Key(Program map, Reduction reduction) {}

  private final Program map;
  private final Reduction reduction;
  private final int inputs;
  private final DType dtype;
  private final Object[] arrays; // the inputs, then the output
  private final Tensor output;

  private Reduce(Program map, Reduction reduction, Tensor[] in, Tensor output) {
    this.map = map;
    this.reduction = reduction;
    this.inputs = in.length;
    this.output = output;
    this.dtype = output.dtype();
    this.arrays = new Object[inputs + 1];
    for (int i = 0; i < inputs; i++) {
      arrays[i] = in[i].memory();
    }
    arrays[inputs] = output.memory();
  }

  /// See [vectorgrad.tensor.spi.Backend#reduce].
  static void run(Program map, Reduction reduction, Tensor[] in, Tensor output) {
    new Reduce(map, reduction, in, output).run(in);
  }

  private void run(Tensor[] in) {
    Layout out = output.layout();
    int rank = out.shape().rank();
    int last = rank - 1;
    while (last >= 0 && out.shape().get(last) == 1) {
      last--;
    }
    boolean rowsStay = last >= 0 && out.stride(last) != 0;
    int[] order = order(out, rowsStay ? last : -1);
    Layout[] layouts = new Layout[inputs + 1];
    for (int i = 0; i <= inputs; i++) {
      layouts[i] = (i < inputs ? in[i] : output).layout().permute(order);
    }
    int stay = 1;
    int joined = 1;
    for (int axis : order) {
      int size = out.shape().get(axis);
      stay *= out.stride(axis) != 0 ? size : 1;
      joined *= out.stride(axis) != 0 ? 1 : size;
    }
    Walk walk = Walk.over(layouts);
    if (rowsStay) {
      joinRows(walk, walk.rows() / joined);
    } else {
      joinElements(walk, stay);
    }
  }

  /// The axes that stay, those that are joined, and at the end the axis `row`, if it is one.
  private static int[] order(Layout out, int row) {
    int[] order = new int[out.shape().rank()];
    int next = 0;
    for (int pass = 0; pass < 2; pass++) {
      for (int axis = 0; axis < order.length; axis++) {
        if (axis != row && (out.stride(axis) != 0) == (pass == 0)) {
          order[next++] = axis;
        }
      }
    }
    if (row >= 0) {
      order[next] = row;
    }
    return order;
  }

  // ---- rows that become one element each ------------------------------------------------------

  private void joinElements(Walk walk, int outer) {
    int n = walk.rowLength();
    if (outer == 1 && walk.rows() == 1 && n > CHUNK) {
      int chunks = Math.ceilDiv(n, CHUNK);
      double[] partial = new double[chunks];
      walk.forEachRow(offsets -> {
        int[] start = offsets.clone();
        int[] strides = walk.rowStrides();
        Workers.parallel(
            chunks,
            chunk -> {
              int[] from = start.clone();
              for (int i = 0; i < inputs; i++) {
                from[i] += chunk * CHUNK * strides[i];
              }
              partial[chunk] = new Rows(strides).row(from, Math.min(CHUNK, n - chunk * CHUNK));
            });
      });
      store(
          output.layout().offset(),
          Arrays.stream(partial).reduce(reduction.identity(), reduction::join));
      return;
    }
    int each = walk.rows() / Math.max(1, outer); // rows of one output
    int together = Math.max(1, CHUNK / Math.max(1, n * each)); // outputs of one task
    Workers.parallel(
        Math.ceilDiv(outer, together),
        task -> {
          Rows rows = new Rows(walk.rowStrides());
          int from = task * together;
          int to = Math.min(outer, from + together);
          walk.forEachRow(from * each, to * each, offsets -> rows.next(offsets, n, each));
        });
  }

  /// Joins rows for one task: `each` of them in turn make an output.
  private final class Rows {
    private final int[] strides;
    private final Object parts = array(PARTS);
    private final Object tile = array(TILE);
    private final Object[] mapped = Arrays.copyOf(arrays, inputs + 1);
    private final int[] places = new int[inputs + 1];
    private final int[] steps;
    private final boolean direct;
    private double total;
    private int seen;

    Rows(int[] strides) {
      this.strides = strides;
      this.steps = Arrays.copyOf(strides, inputs + 1);
      this.direct =
          inputs == 1
              && strides[0] == 1
              && map.outputs().get(0) instanceof Formula.Input
              && sameType(arrays[0], tile);
      mapped[inputs] = tile;
      steps[inputs] = 1;
    }

    void next(int[] offsets, int n, int each) {
      if (seen == 0) {
        total = reduction.identity();
      }
      total = reduction.join(total, row(offsets, n));
      if (++seen == each) {
        store(offsets[inputs], total);
        seen = 0;
      }
    }

    double row(int[] offsets, int n) {
      if (direct) {
        return join(arrays[0], offsets[0], n, parts);
      }
      RowKernel kernel = Kernels.of(map, mapped, steps);
      if (n <= TILE) {
        System.arraycopy(offsets, 0, places, 0, inputs);
        places[inputs] = 0;
        kernel.run(mapped, places, steps, n);
        return join(tile, 0, n, parts);
      }
      double joined = reduction.identity();
      for (int done = 0; done < n; done += TILE) {
        int some = Math.min(TILE, n - done);
        for (int i = 0; i < inputs; i++) {
          places[i] = offsets[i] + done * strides[i];
        }
        places[inputs] = 0;
        kernel.run(mapped, places, steps, some);
        joined = reduction.join(joined, join(tile, 0, some, parts));
      }
      return joined;
    }
  }

  private double join(Object values, int from, int n, Object parts) {
    return switch (values) {
      case float[] v -> Joining.join(reduction, v, from, n, (float[]) parts);
      case double[] v -> Joining.join(reduction, v, from, n, (double[]) parts);
      case int[] v -> Joining.join(reduction, v, from, n);
      case Object other -> throw new IllegalArgumentException("reduces numbers, not " + other);
    };
  }

  // ---- rows that are joined element by element ------------------------------------------------

  private void joinRows(Walk walk, int outer) {
    int n = walk.rowLength();
    int each = walk.rows() / Math.max(1, outer);
    int[] strides = walk.rowStrides();
    int[] withOutput = Arrays.copyOf(strides, inputs + 2);
    withOutput[inputs + 1] = strides[inputs]; // it is read and written
    Object[] both = Arrays.copyOf(arrays, inputs + 2);
    both[inputs + 1] = arrays[inputs];
    Program joining =
        ROW_PROGRAMS.computeIfAbsent(new Key(map, reduction), key -> joining(key, inputs));
    RowKernel first = Kernels.of(map, arrays, strides);
    RowKernel more = Kernels.of(joining, both, withOutput);
    // a task takes some outputs whole, or some columns of one
    int columns = outer > 1 ? 1 : Math.max(1, Math.min(n / 256, n * each / CHUNK));
    int width = Math.ceilDiv(n, columns);
    int together = Math.max(1, CHUNK / Math.max(1, n * each));
    int groups = Math.ceilDiv(outer, together);
    Workers.parallel(
        groups * columns,
        task -> {
          int from = task / columns * together;
          int to = Math.min(outer, from + together);
          int column = task % columns * width;
          int count = Math.min(width, n - column);
          int[] places = new int[inputs + 2];
          int[] seen = {0};
          walk.forEachRow(
              from * each,
              to * each,
              offsets -> {
                for (int i = 0; i <= inputs; i++) {
                  places[i] = offsets[i] + column * strides[i];
                }
                places[inputs + 1] = places[inputs];
                if (seen[0] == 0) {
                  first.run(arrays, places, strides, count);
                } else {
                  more.run(both, places, withOutput, count);
                }
                seen[0] = (seen[0] + 1) % each;
              });
        });
  }

  /// `output ← join(output, map(inputs))`
  private static Program joining(Key key, int inputs) {
    Formula mapped = key.map().outputs().get(0);
    Formula before = Formula.input(inputs);
    return Program.of(
        switch (key.reduction()) {
          case SUM -> before.plus(mapped);
          case PROD -> before.times(mapped);
          case MAX -> before.max(mapped);
          case MIN -> before.min(mapped);
        });
  }

  // ---- memory ---------------------------------------------------------------------------------

  private Object array(int length) {
    return switch (dtype) {
      case F32 -> new float[length];
      case F64 -> new double[length];
      case I32 -> new int[length];
      case BOOL -> throw new IllegalArgumentException("reductions give numbers, not bool");
    };
  }

  private static boolean sameType(Object a, Object b) {
    return a.getClass() == b.getClass();
  }

  private void store(int place, double value) {
    switch (arrays[inputs]) {
      case float[] f -> f[place] = (float) value;
      case double[] d -> d[place] = value;
      case int[] i -> i[place] = (int) (long) value;
      case Object other -> throw new IllegalArgumentException("stores numbers, not in " + other);
    }
  }
}
