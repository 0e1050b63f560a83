package vectorgrad.tensor.cpu;

import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.Walk;
import vectorgrad.tensor.spi.Elements;
import vectorgrad.tensor.spi.Reduction;

/// Joins the elements along some axes, of one formula of the inputs, without that formula's values
/// ever being in memory.
///
/// The axis along which the inputs lie closest together in memory becomes the innermost one. If it
/// is joined, whole rows become one number each ([ReduceAlong]); if it stays, rows are joined with
/// rows ([ReduceAcross]).
///
/// The order of joining is fixed by shapes and strides: float32 inside a group of fixed size,
/// float64 from group to group. Threads share the groups. So the bits are the same for every number
/// of threads and every width of vectors, and sums of millions stay accurate.
final class Reduce {
  /// Elements worth a thread of their own.
  static final int CHUNK = 1 << 15;

  /// So many for each thread are enough to share work out evenly.
  private static final int TASKS = 16;

  /// Elements of a cache line, of four bytes each.
  private static final int CACHE_LINE = 16;

  /// Rows of fewer columns are too short to be joined element by element.
  private static final int FEWEST_COLUMNS = 4;

  final Program map;
  final Reduction reduction;

  /// The numbers that are joined: float32 or float64 as the inputs, int64 for whole numbers.
  final Arithmetic arithmetic;

  /// The inputs' dtypes, then the output's.
  final DType[] dtypes;

  /// The inputs' memory, then the output's.
  final Object[] arrays;

  /// The inputs and the output along the axes that stay.
  final Walk kept;

  /// The inputs along the axes that are joined, from place 0 on.
  final Walk joined;

  private Reduce(
      Program map, Reduction reduction, Tensor[] inputs, Tensor output, int[] kept, int[] joined) {
    this.map = map;
    this.reduction = reduction;
    this.arrays = new Object[inputs.length + 1];
    this.dtypes = new DType[inputs.length + 1];
    Layout[] stay = new Layout[inputs.length + 1];
    Layout[] go = new Layout[inputs.length];
    DType common = DType.BOOL;
    for (int k = 0; k < inputs.length; k++) {
      Layout layout = inputs[k].layout();
      arrays[k] = inputs[k].memory();
      stay[k] = along(layout, kept, layout.offset());
      go[k] = along(layout, joined, 0);
      dtypes[k] = inputs[k].dtype();
      common = common.promotesWith(dtypes[k]) ? common.promote(dtypes[k]) : DType.F64;
    }
    arrays[inputs.length] = output.memory();
    dtypes[inputs.length] = output.dtype();
    stay[inputs.length] = along(output.layout(), kept, output.layout().offset());
    Arithmetic natural = Arithmetic.of(common);
    this.arithmetic =
        !natural.isWhole() ? natural : map.isWhole(64) ? Arithmetic.LONG : Arithmetic.DOUBLE;
    this.kept = Walk.over(stay);
    this.joined = Walk.over(go);
  }

  /// Rows of one task, where the result does not depend on it: of so many elements that they are
  /// worth a thread, and no more tasks than threads need. Each interrupts what the processor reads
  /// ahead: softmax backward of 4096 rows of 1024 from memory took an eighth longer in tasks of 32
  /// rows than in tasks of 256.
  static int together(int rows, int elements) {
    return Math.max(Math.max(1, CHUNK / elements), Math.ceilDiv(rows, TASKS * Workers.threads()));
  }

  /// See [vectorgrad.tensor.spi.Backend#reduce].
  static void run(Program map, Reduction reduction, Tensor[] inputs, Tensor output) {
    Shape shape = output.shape();
    if (shape.rank() == 1 && inputs.length == 1 && ReduceAlong.isOneTile(map, inputs[0], output)) {
      ReduceAlong.oneTile(reduction, inputs[0], output);
      return;
    }
    long[] cost = new long[shape.rank()];
    for (int axis = 0; axis < cost.length; axis++) {
      cost[axis] = cost(inputs, axis);
    }
    int[] kept = axes(output, cost, false);
    int[] joined = axes(output, cost, true);
    if (shape.size() == 0) {
      return;
    }
    boolean across =
        kept.length > 0
            && (joined.length == 0 || cost[kept[kept.length - 1]] < cost[joined[joined.length - 1]])
            && shape.get(kept[kept.length - 1]) >= FEWEST_COLUMNS;
    Reduce reduce = new Reduce(map, reduction, inputs, output, kept, joined);
    if (across) {
      new ReduceAcross(reduce).run();
    } else {
      new ReduceAlong(reduce).run();
    }
  }

  /// What going along an axis costs: how many elements the inputs advance in memory by each step,
  /// of which more than a cache line cost no more. Among equals the input decides whose neighbours
  /// are closest.
  private static long cost(Tensor[] inputs, int axis) {
    int advance = 0;
    int closest = Integer.MAX_VALUE;
    for (Tensor input : inputs) {
      int stride = Math.abs(input.layout().stride(axis));
      advance += Math.min(stride, CACHE_LINE);
      closest = stride == 0 ? closest : Math.min(closest, stride);
    }
    return ((long) advance << 32) | closest;
  }

  /// The axes that are joined, or those that are not, the closest neighbours last. Axes of size 1
  /// are neither.
  private static int[] axes(Tensor output, long[] cost, boolean joined) {
    int[] axes = new int[cost.length];
    int count = 0;
    for (int axis = 0; axis < cost.length; axis++) {
      if (output.size(axis) == 1 || (output.layout().stride(axis) == 0) != joined) {
        continue;
      }
      int place = count++;
      while (place > 0 && cost[axes[place - 1]] < cost[axis]) {
        axes[place] = axes[place - 1];
        place--;
      }
      axes[place] = axis;
    }
    return java.util.Arrays.copyOf(axes, count);
  }

  static Layout along(Layout layout, int[] axes, int offset) {
    int[] sizes = new int[axes.length];
    int[] strides = new int[axes.length];
    for (int i = 0; i < axes.length; i++) {
      sizes[i] = layout.shape().get(axes[i]);
      strides[i] = layout.stride(axes[i]);
    }
    return Layout.of(Shape.of(sizes), offset, strides);
  }

  int inputs() {
    return arrays.length - 1;
  }

  /// An array of the numbers that are joined.
  Object numbers(int length) {
    return Elements.array(arithmetic.dtype(), length);
  }

  /// The dtypes of the inputs, and of an array of the numbers that are joined.
  DType[] intoNumbers() {
    DType[] into = dtypes.clone();
    into[inputs()] = arithmetic.dtype();
    return into;
  }

  /// Writes a result, rounded once.
  void store(int place, double value) {
    Elements.set(dtypes[inputs()], arrays[inputs()], place, value);
  }

  /// Writes a whole result.
  void store(int place, long value) {
    Elements.set(dtypes[inputs()], arrays[inputs()], place, value);
  }

  /// Runs `tasks` tasks of some `elements` elements each, several together so that it pays.
  static void inParallel(int tasks, long elements, java.util.function.IntConsumer task) {
    int together = (int) Math.max(1, CHUNK / Math.max(1, elements));
    Workers.parallel(
        Math.ceilDiv(tasks, together),
        chunk -> {
          int end = Math.min(tasks, (chunk + 1) * together);
          for (int t = chunk * together; t < end; t++) {
            task.accept(t);
          }
        });
  }
}
