package vectorgrad.accel;

import java.util.List;
import org.jocl.Pointer;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Elements chosen by an index. Gathering has a work item for each element; scattering one for each
/// line along the axis, which adds its elements in their order: slower than adding them all at
/// once, and always the same bits.
///
/// An index outside the axis is skipped and remembered, and whoever asked is told.
final class Selection {
  private Selection() {}

  static void gather(Queue queue, Tensor input, int axis, Tensor index, Tensor output) {
    // the input without the axis is walked together with the output; the index chooses the place
    Strides strides =
        Strides.over(List.of(start(input, axis, index.shape()), index.layout(), output.layout()));
    List<DType> dtypes = OpenClBackend.dtypes(input, index, output);
    DType stored = input.dtype();
    Numbers numbers = Numbers.of(stored);
    boolean same = stored == output.dtype();
    String move =
        same && !stored.isHalf()
            ? "a2[p2] = a0[from];"
            : Source.store(
                output.dtype(), numbers, "a2", "p2", Source.load(stored, numbers, "a0", "from"));
    Memory wrong = wrong(queue);
    queue.run(
        List.of("gather", dtypes, strides.axes()),
        () ->
            Source.prelude(queue.card().hasDoubles())
                + strides.type("Walk")
                + "typedef struct { int size; int stride; } Axis;\n"
                + "__kernel void run(const Walk w, const Axis x%s, __global int* wrong) {\n"
                    .formatted(Source.parameters(dtypes, 1))
                + "  const int n = get_global_id(0);\n  if (n >= w.n) return;\n"
                + strides.places("w", "n", "p")
                + "  const int chosen = a1[p1];\n"
                + "  if (chosen < 0 || chosen >= x.size) { wrong[0] = 1; wrong[1] = chosen; return; }\n"
                + "  const int from = p0 + chosen * x.stride;\n"
                + "  %s\n}\n".formatted(move),
        () -> "gather of " + stored,
        strides.elements(),
        Queue.Argument.of(strides.numbers()),
        Queue.Argument.of(input.size(axis), input.layout().stride(axis)),
        Queue.Argument.of(OpenClBackend.memory(input)),
        Queue.Argument.of(OpenClBackend.memory(index)),
        Queue.Argument.of(OpenClBackend.memory(output)),
        Queue.Argument.of(wrong));
    check(queue, wrong, input.size(axis));
  }

  static void scatterAdd(Queue queue, Tensor input, int axis, Tensor index, Tensor output) {
    Strides lines =
        Strides.over(
            List.of(
                line(input.layout(), axis, index.shape()),
                line(index.layout(), axis, index.shape()),
                line(output.layout(), axis, index.shape())));
    List<DType> dtypes = OpenClBackend.dtypes(input, index, output);
    DType dtype = output.dtype();
    Numbers numbers = Numbers.of(dtype);
    String sum = Source.join(vectorgrad.tensor.spi.Reduction.SUM, numbers, "old", "new");
    Memory wrong = wrong(queue);
    queue.run(
        List.of("scatterAdd", dtypes, lines.axes()),
        () ->
            Source.prelude(queue.card().hasDoubles())
                + lines.type("Walk")
                + "typedef struct { int length; int input; int index; int size; int stride; } Axis;\n"
                + "__kernel void run(const Walk w, const Axis x%s, __global int* wrong) {\n"
                    .formatted(Source.parameters(dtypes, 1))
                + "  const int n = get_global_id(0);\n  if (n >= w.n) return;\n"
                + lines.places("w", "n", "p")
                + "  for (int i = 0; i < x.length; i++) {\n"
                + "    const int chosen = a1[p1 + i * x.index];\n"
                + "    if (chosen < 0 || chosen >= x.size) { wrong[0] = 1; wrong[1] = chosen; continue; }\n"
                + "    const int to = p2 + chosen * x.stride;\n"
                + "    const %s old = %s;\n"
                    .formatted(numbers.type(), Source.load(dtype, numbers, "a2", "to"))
                + "    const %s new = %s;\n"
                    .formatted(
                        numbers.type(),
                        Source.load(input.dtype(), numbers, "a0", "(p0 + i * x.input)"))
                + "    const %s sum = %s;\n".formatted(numbers.type(), sum)
                + "    %s\n  }\n}\n".formatted(Source.store(dtype, numbers, "a2", "to", "sum")),
        () -> "scatterAdd of " + dtype,
        lines.elements(),
        Queue.Argument.of(lines.numbers()),
        Queue.Argument.of(
            index.size(axis),
            input.layout().stride(axis),
            index.layout().stride(axis),
            output.size(axis),
            output.layout().stride(axis)),
        Queue.Argument.of(OpenClBackend.memory(input)),
        Queue.Argument.of(OpenClBackend.memory(index)),
        Queue.Argument.of(OpenClBackend.memory(output)),
        Queue.Argument.of(wrong));
    check(queue, wrong, output.size(axis));
  }

  /// The first element along `axis`, repeated over `shape`.
  private static Layout start(Tensor tensor, int axis, Shape shape) {
    int[] strides = strides(tensor.layout());
    for (int i = 0; i < strides.length; i++) {
      strides[i] = i == axis || tensor.size(i) == 1 ? 0 : strides[i];
    }
    return Layout.of(shape, tensor.layout().offset(), strides);
  }

  /// What is left of `shape` without the axis.
  private static Layout line(Layout layout, int axis, Shape shape) {
    int[] sizes = shape.toArray();
    sizes[axis] = Math.min(1, sizes[axis]);
    return Layout.of(Shape.of(sizes), layout.offset(), strides(layout));
  }

  private static int[] strides(Layout layout) {
    int[] strides = new int[layout.shape().rank()];
    for (int axis = 0; axis < strides.length; axis++) {
      strides[axis] = layout.stride(axis);
    }
    return strides;
  }

  /// Whether an index was wrong, and which.
  private static Memory wrong(Queue queue) {
    Memory wrong = queue.allocate(2 * Integer.BYTES);
    queue.write(Pointer.to(new int[2]), wrong, 0, 2 * Integer.BYTES);
    return wrong;
  }

  private static void check(Queue queue, Memory wrong, int size) {
    int[] found = new int[2];
    queue.read(wrong, 0, 2 * Integer.BYTES, Pointer.to(found));
    wrong.release();
    if (found[0] != 0) {
      throw new IndexOutOfBoundsException(
          "index " + found[1] + " is outside an axis of size " + size);
    }
  }
}
