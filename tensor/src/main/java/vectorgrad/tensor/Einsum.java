package vectorgrad.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The plan for an equation, and its execution: see [Tensor#einsum].
///
/// Every operand is prepared by views: a label that it has twice becomes a diagonal, and an axis of
/// size 1 that broadcasts is dropped. Labels that one operand alone has are summed. Then operands
/// are joined two at a time ([ContractionOrder]). The labels of a pair are of four kinds, and a
/// product of matrices has the same four:
///
/// | | in the left | in the right | stays | axis of the product |
/// |---|---|---|---|---|
/// | batch | yes | yes | yes | … |
/// | rows | yes | no | yes | M |
/// | summed | yes | yes | no | K |
/// | columns | no | yes | yes | N |
///
/// So permuting and reshaping, mostly views, lead to one batched matrix product, or to a simpler
/// operation where kinds are missing. No array ever has an element for each combination of rows,
/// summed labels and columns.
final class Einsum {
  private final Equation equation;
  private final List<ContractionOrder.Pair> pairs;
  private final List<EinsumPath.Step> steps = new ArrayList<>();
  private final long[] masks;
  private final ContractionOrder order;

  /// A tensor on the way, the label of each of its axes, and its number: operands come first, then
  /// results. There is no tensor when only the path is asked for.
  @SuppressWarnings("ArrayRecordComponent") // never compared, and never seen outside
  private record Value(int number, int[] labels, Tensor tensor) {}

  private Einsum(String text, Shape... shapes) {
    equation = new Equation(text, shapes);
    masks = new long[shapes.length];
    for (int i = 0; i < masks.length; i++) {
      int[] term = equation.term(i);
      for (int axis = 0; axis < term.length; axis++) {
        masks[i] |= broadcasts(term[axis], shapes[i].get(axis)) ? 0 : 1L << term[axis];
      }
    }
    long[] summed = masks.clone();
    for (int i = 0; i < masks.length; i++) {
      summed[i] &= wanted(i);
    }
    order = new ContractionOrder(summed, mask(equation.output()), equation.sizes());
    pairs = order.pairs();
  }

  static Tensor evaluate(String text, Tensor... operands) {
    Tensor.commonDevice("einsum", operands);
    DType dtype = Tensor.promote("einsum", operands);
    var einsum = new Einsum(text, shapes(operands));
    Tensor[] computed = operands.clone();
    for (int i = 0; i < computed.length && computed.length > 1; i++) {
      computed[i] = operands[i].to(dtype.widened()); // halves are rounded once, at the end
    }
    Value result = einsum.run(computed);
    return result.tensor.permute(places(result.labels, einsum.equation.output())).to(dtype);
  }

  static EinsumPath path(String text, Shape... shapes) {
    var einsum = new Einsum(text, shapes);
    einsum.run(new Tensor[shapes.length]);
    long all = 0;
    for (long mask : einsum.masks) {
      all |= mask;
    }
    int operations = Math.max(1, shapes.length - 1);
    operations += shapes.length > 1 && all != mask(einsum.equation.output()) ? 1 : 0;
    return new EinsumPath(
        einsum.equation.toString(),
        List.of(shapes),
        einsum.steps,
        einsum.order.size(all) * operations);
  }

  private static Shape[] shapes(Tensor[] tensors) {
    return Arrays.stream(tensors).map(Tensor::shape).toArray(Shape[]::new);
  }

  private Value run(Tensor[] operands) {
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < operands.length; i++) {
      values.add(sumAlone(prepare(i, operands[i]), wanted(i)));
    }
    for (int i = 0; i < pairs.size(); i++) {
      Value left = values.get(pairs.get(i).left());
      Value right = values.get(pairs.get(i).right());
      values.set(pairs.get(i).left(), null); // nothing is kept longer than it is needed
      values.set(pairs.get(i).right(), null);
      long kept = mask(equation.output());
      for (Value other : values) {
        kept |= other == null ? 0 : mask(other.labels);
      }
      values.add(join(left, right, kept, i == pairs.size() - 1));
    }
    return values.getLast();
  }

  // ---- one operand ----------------------------------------------------------------------------

  private boolean broadcasts(int label, int size) {
    return size == 1 && equation.sizes()[label] != 1;
  }

  /// The operand with every label once, and without axes that broadcast.
  private Value prepare(int operand, Tensor x) {
    int[] labels = equation.term(operand);
    Tensor view = x;
    for (int axis = labels.length - 1; axis > 0; axis--) {
      int label = labels[axis];
      int first = place(labels, label);
      if (first < axis) {
        view = view == null ? null : view.diagonal(0, first, axis);
        labels = append(without(without(labels, axis), first), label);
        axis = labels.length; // the diagonal is the last axis now
      }
    }
    for (int axis = labels.length - 1; axis >= 0; axis--) {
      if ((masks[operand] >> labels[axis] & 1) == 0) {
        view = view == null ? null : view.select(axis, 0);
        labels = without(labels, axis);
      }
    }
    return new Value(operand, labels, view);
  }

  /// The labels that the output has, or an operand other than this one.
  private long wanted(int operand) {
    long wanted = mask(equation.output());
    for (int i = 0; i < masks.length; i++) {
      wanted |= i == operand ? 0 : masks[i];
    }
    return wanted;
  }

  private Value sumAlone(Value x, long wanted) {
    int[] axes =
        IntStream.range(0, x.labels.length)
            .filter(axis -> (wanted >> x.labels[axis] & 1) == 0)
            .toArray();
    if (axes.length == 0) {
      return x;
    }
    int[] rest = choose(x.labels, wanted, true);
    int number = note("sum", rest, order.size(mask(x.labels)), x);
    return new Value(
        number, rest, x.tensor == null ? null : x.tensor.sum(axes).to(x.tensor.dtype()));
  }

  // ---- two operands ---------------------------------------------------------------------------

  private Value join(Value a, Value b, long kept, boolean last) {
    long left = mask(a.labels);
    long right = mask(b.labels);
    if (last && swaps(left, right)) {
      return join(b, a, kept, false);
    }
    int[] batch = choose(choose(a.labels, right, true), kept, true);
    int[] rows = choose(a.labels, right, false);
    int[] columns = choose(b.labels, left, false);
    // in the order of the larger operand, whose reshaping then is a view more often
    int[] of = order.size(left) >= order.size(right) ? a.labels : b.labels;
    int[] summed = choose(choose(of, left & right, true), kept, false);
    int[] result = concat(batch, rows, columns);
    String verb =
        summed.length == 0 ? "mul" : rows.length + columns.length == 0 ? "vecdot" : "matmul";
    int number = note(verb, result, order.flops(left, right, mask(result)), a, b);
    if (a.tensor == null) {
      return new Value(number, result, null);
    }
    Tensor x = a.tensor.permute(places(a.labels, concat(batch, rows, summed)));
    Tensor y = b.tensor.permute(places(b.labels, concat(batch, columns, summed)));
    int shared = batch.length;
    Tensor product =
        switch (verb) {
          case "mul" ->
              withAxes(x, shared + rows.length, columns.length)
                  .mul(withAxes(y, shared, rows.length));
          case "vecdot" ->
              Tensor.sumOf(
                  Products.Programs.PRODUCT,
                  false,
                  IntStream.range(shared, x.rank()).toArray(),
                  x,
                  y);
          default ->
              merge(x, shared, rows.length).matmul(merge(y, shared, columns.length).transpose());
        };
    return new Value(number, result, product.to(a.tensor.dtype()).reshape(equation.shape(result)));
  }

  /// Whether the output begins with labels of the right operand.
  private boolean swaps(long left, long right) {
    for (int label : equation.output()) {
      boolean inLeft = (left >> label & 1) != 0;
      boolean inRight = (right >> label & 1) != 0;
      if (inLeft != inRight) {
        return inRight;
      }
    }
    return false;
  }

  /// The axes (batch…, outer…, summed…) as (batch…, outer, summed).
  private static Tensor merge(Tensor x, int batch, int outer) {
    int[] sizes = x.shape().toArray();
    int[] merged = Arrays.copyOf(sizes, batch + 2);
    Arrays.fill(merged, batch, merged.length, 1);
    for (int i = batch; i < sizes.length; i++) {
      merged[i < batch + outer ? batch : batch + 1] *= sizes[i];
    }
    return x.reshape(Shape.of(merged));
  }

  /// With `count` new axes of size 1 before the given one.
  private static Tensor withAxes(Tensor x, int axis, int count) {
    int[] sizes = new int[x.rank() + count];
    Arrays.fill(sizes, 1);
    System.arraycopy(x.shape().toArray(), 0, sizes, 0, axis);
    System.arraycopy(x.shape().toArray(), axis, sizes, axis + count, x.rank() - axis);
    return x.reshape(Shape.of(sizes));
  }

  /// Writes a step down, and returns the number of its result.
  private int note(String verb, int[] result, double flops, Value... inputs) {
    List<Value> from = List.of(inputs);
    String terms =
        from.stream().map(x -> Equation.print(x.labels)).collect(Collectors.joining(","));
    steps.add(
        new EinsumPath.Step(
            from.stream().map(Value::number).toList(),
            terms + "->" + Equation.print(result),
            verb,
            equation.shape(result),
            flops));
    return masks.length + steps.size() - 1;
  }

  // ---- labels ---------------------------------------------------------------------------------

  private static long mask(int[] labels) {
    long mask = 0;
    for (int label : labels) {
      mask |= 1L << label;
    }
    return mask;
  }

  /// The labels that are in `set`, or those that are not, in their order.
  private static int[] choose(int[] labels, long set, boolean inside) {
    return Arrays.stream(labels).filter(label -> (set >> label & 1) != 0 == inside).toArray();
  }

  private static int place(int[] labels, int label) {
    return IntStream.range(0, labels.length)
        .filter(i -> labels[i] == label)
        .findFirst()
        .orElseThrow();
  }

  /// Where the wanted labels are.
  private static int[] places(int[] labels, int[] wanted) {
    return Arrays.stream(wanted).map(label -> place(labels, label)).toArray();
  }

  private static int[] without(int[] labels, int axis) {
    return IntStream.range(0, labels.length).filter(i -> i != axis).map(i -> labels[i]).toArray();
  }

  private static int[] append(int[] labels, int label) {
    return concat(labels, new int[] {label});
  }

  private static int[] concat(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
  }
}
