package vectorgrad.accel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.spi.Reduction;
import vectorgrad.tensor.spi.Scatter;

/// Elements chosen by an index. Gathering has a work item for each element; scattering one for each
/// line along the axis, which adds its elements in their order: slower than adding them all at
/// once, and always the same bits.
///
/// An index outside the axis is skipped and remembered, and whoever asked is told. That takes a
/// look at the device's memory, so it is left out where all indices are known to be right (see
/// [Memory#isWithin]): labels and words that came from the host, places that a pooling found.
final class Selection {
  private static final String AXIS =
      "typedef struct { int size; int stride; int length; int along_input; int along_index; } Axis;\n";

  private static final String CHECK =
      "if (chosen < 0 || chosen >= x.size) { wrong[0] = 1; wrong[1] = chosen; SKIP; }";

  private Selection() {}

  static void gather(Queue queue, Tensor input, int axis, Tensor index, Tensor output) {
    // the input without the axis is walked together with the output; the index chooses the place
    Strides elements =
        Strides.over(List.of(start(input, axis, index.shape()), index.layout(), output.layout()));
    DType stored = input.dtype();
    Numbers numbers = Numbers.of(stored);
    String move =
        stored == output.dtype() && !stored.isHalf()
            ? "a2[p2] = a0[from];"
            : Source.store(
                output.dtype(), numbers, "a2", "p2", Source.load(stored, numbers, "a0", "from"));
    run(
        queue,
        "gather",
        elements,
        """
          const int chosen = a1[p1];
          CHECK(return)
          const int from = p0 + chosen * x.stride;
          MOVE
        """
            .replace("MOVE", move),
        new int[] {input.size(axis), input.layout().stride(axis), 1, 0, 0},
        input,
        index,
        output);
  }

  static void scatterAdd(Queue queue, Tensor input, int axis, Tensor index, Tensor output) {
    Numbers numbers = Numbers.of(output.dtype());
    String sum = Source.join(Reduction.SUM, numbers, "old", "new");
    scatter(queue, "scatterAdd", sum, input, axis, index, output);
  }

  static void scatter(
      Queue queue, Tensor input, int axis, Tensor index, Scatter scatter, Tensor output) {
    Numbers numbers = Numbers.of(output.dtype());
    String joined =
        switch (scatter) {
          case WRITE -> "new";
          case PROD -> Source.join(Reduction.PROD, numbers, "old", "new");
          case MAX -> Source.join(Reduction.MAX, numbers, "old", "new");
          case MIN -> Source.join(Reduction.MIN, numbers, "old", "new");
        };
    scatter(queue, "scatter, " + scatter, joined, input, axis, index, output);
  }

  /// @param joined what becomes of `old` when `new` comes onto it
  private static void scatter(
      Queue queue,
      String verb,
      String joined,
      Tensor input,
      int axis,
      Tensor index,
      Tensor output) {
    Strides lines =
        Strides.over(
            List.of(
                Lines.line(input.layout(), axis, index.shape()),
                Lines.line(index.layout(), axis, index.shape()),
                Lines.line(output.layout(), axis, index.shape())));
    DType dtype = output.dtype();
    Numbers numbers = Numbers.of(dtype);
    String element = Source.load(input.dtype(), numbers, "a0", "(p0 + i * x.along_input)");
    run(
        queue,
        verb,
        lines,
        """
          for (int i = 0; i < x.length; i++) {
            const int chosen = a1[p1 + i * x.along_index];
            CHECK(continue)
            const int to = p2 + chosen * x.stride;
            const REAL old = OLD;
            const REAL new = NEW;
            const REAL joined = JOINED;
            STORE
          }
        """
            .replace("REAL", numbers.type())
            .replace("OLD", Source.load(dtype, numbers, "a2", "to"))
            .replace("NEW", element)
            .replace("JOINED", joined)
            .replace("STORE", Source.store(dtype, numbers, "a2", "to", "joined")),
        new int[] {
          output.size(axis),
          output.layout().stride(axis),
          index.size(axis),
          input.layout().stride(axis),
          index.layout().stride(axis)
        },
        input,
        index,
        output);
  }

  /// @param body statements that know `p0`, `p1` and `p2`, where the work item's elements begin
  /// @param axis the struct `x`: size and stride of the axis that is indexed; and, for lines, their
  ///   length and strides
  private static void run(
      Queue queue,
      String verb,
      Strides strides,
      String body,
      int[] axis,
      Tensor input,
      Tensor index,
      Tensor output) {
    List<DType> dtypes = OpenClBackend.dtypes(input, index, output);
    boolean checked = !OpenClBackend.memory(index).isWithin(axis[0]);
    List<Queue.Argument> arguments =
        new ArrayList<>(
            List.of(
                OpenClBackend.arguments(List.of(strides.numbers(), axis), input, index, output)));
    Optional<Memory> wrong = checked ? Optional.of(nothingWrong(queue)) : Optional.empty();
    wrong.map(Queue.Argument::of).ifPresent(arguments::add);
    queue.run(
        List.of(verb, dtypes, strides.axes(), checked),
        () ->
            Source.prelude(queue.card().hasDoubles())
                + strides.type("Walk")
                + AXIS
                + "#define CHECK(SKIP) %s\n".formatted(checked ? CHECK : "")
                + "__kernel void run(const Walk w, const Axis x%s%s) {\n"
                    .formatted(Source.parameters(dtypes, 1), checked ? ", __global int* wrong" : "")
                + "  const int n = get_global_id(0);\n  if (n >= w.n) return;\n"
                + strides.places("w", "n", "p")
                + body
                + "}\n",
        () -> verb + " of " + input.dtype(),
        strides.elements(),
        arguments.toArray(Queue.Argument[]::new));
    wrong.ifPresent(memory -> check(queue, memory, axis[0]));
  }

  /// The first element along `axis`, repeated over `shape`.
  private static Layout start(Tensor tensor, int axis, Shape shape) {
    int[] strides = strides(tensor.layout());
    for (int i = 0; i < strides.length; i++) {
      strides[i] = i == axis || tensor.size(i) == 1 ? 0 : strides[i];
    }
    return Layout.of(shape, tensor.layout().offset(), strides);
  }

  private static int[] strides(Layout layout) {
    int[] strides = new int[layout.shape().rank()];
    for (int axis = 0; axis < strides.length; axis++) {
      strides[axis] = layout.stride(axis);
    }
    return strides;
  }

  /// Whether an index was wrong, and which.
  private static Memory nothingWrong(Queue queue) {
    Memory wrong = queue.allocate(2 * Integer.BYTES);
    queue.write(new int[2], wrong, 0, 2 * Integer.BYTES);
    return wrong;
  }

  private static void check(Queue queue, Memory wrong, int size) {
    int[] found = new int[2];
    queue.read(wrong, 0, found);
    wrong.release();
    if (found[0] != 0) {
      throw new IndexOutOfBoundsException(
          "index " + found[1] + " is outside an axis of size " + size);
    }
  }
}
