package vectorgrad.accel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.spi.Elements;
import vectorgrad.tensor.spi.Reduction;

/// Sums and their like, in two steps: each work item joins every S-th element that belongs to one
/// output, then one joins the S partial totals. S follows from the shape, so the order is always
/// the same, and there are as many work items as a GPU needs even where there is one output.
///
/// Where the elements of an output lie side by side, so do the work items that read them; where the
/// outputs do, the work items of neighbouring outputs lie side by side.
final class Reduce {
  /// As many work items as keep a large GPU busy.
  private static final int ITEMS = 1 << 16;

  /// Fewer elements are not shared out.
  private static final int FEW = 32;

  private static final int MOST_PARTS = 1 << 10;

  private Reduce() {}

  static void run(Queue queue, Program map, Reduction reduction, Tensor[] inputs, Tensor output) {
    Tensor[] all = Arrays.copyOf(inputs, inputs.length + 1);
    all[inputs.length] = output;
    boolean[] joined = new boolean[output.rank()];
    for (int axis = 0; axis < joined.length; axis++) {
      joined[axis] = output.layout().stride(axis) == 0 && output.size(axis) != 1;
    }
    // one walk over the outputs, and one over what belongs to each
    Strides outer =
        Strides.over(OpenClBackend.layouts(all).stream().map(l -> part(l, joined, false)).toList());
    Strides inner =
        Strides.over(
            OpenClBackend.layouts(inputs.length == 0 ? all : inputs).stream()
                .map(l -> part(l, joined, true))
                .toList());
    int outputs = outer.elements();
    int length = inner.elements();
    int parts = Math.min(Math.ceilDiv(length, FEW), Math.ceilDiv(ITEMS, Math.max(1, outputs)));
    parts = Math.clamp(parts, 1, MOST_PARTS);
    List<DType> dtypes = OpenClBackend.dtypes(all);
    Numbers numbers = numbers(map, dtypes);
    boolean neighbours =
        inner.walk().axes() > 0 && inputs.length > 0 && inner.walk().rowStride(0) == 1;
    int[] shares = {parts, neighbours ? 1 : 0};
    if (parts == 1) {
      queue.run(
          new Key(map, reduction, dtypes, outer.axes(), inner.axes(), false),
          () -> source(queue.card(), map, reduction, dtypes, numbers, outer, inner, false),
          () -> title(reduction) + " of " + map,
          outputs,
          OpenClBackend.arguments(List.of(outer.numbers(), inner.numbers(), shares), all));
      return;
    }
    Memory partial = queue.allocate((long) outputs * parts * numbers.dtype().bytes());
    var arguments = OpenClBackend.arguments(List.of(outer.numbers(), inner.numbers(), shares), all);
    arguments[arguments.length - 1] = Queue.Argument.of(partial);
    queue.run(
        new Key(map, reduction, dtypes, outer.axes(), inner.axes(), true),
        () -> source(queue.card(), map, reduction, dtypes, numbers, outer, inner, true),
        () -> title(reduction) + " of " + map,
        (long) outputs * parts,
        arguments);
    Strides places = Strides.over(List.of(part(output.layout(), joined, false)));
    queue.run(
        new Join(reduction, numbers, output.dtype(), places.axes()),
        () -> join(queue.card(), reduction, numbers, output.dtype(), places),
        () -> title(reduction) + " of partial results",
        outputs,
        Queue.Argument.of(places.numbers()),
        Queue.Argument.of(parts),
        Queue.Argument.of(partial),
        Queue.Argument.of(OpenClBackend.memory(output)));
    partial.release();
  }

  private static String title(Reduction reduction) {
    return reduction.name().toLowerCase(Locale.ROOT);
  }

  private record Key(
      Program map,
      Reduction reduction,
      List<DType> dtypes,
      int outer,
      int inner,
      boolean partial) {}

  private record Join(Reduction reduction, Numbers numbers, DType dtype, int axes) {}

  /// Whole numbers are joined in 64 bits, others in their own dtype or wider.
  private static Numbers numbers(Program map, List<DType> dtypes) {
    List<DType> inputs = dtypes.subList(0, dtypes.size() - 1);
    Numbers numbers =
        Numbers.of(Elements.computedIn(map, inputs, dtypes.subList(inputs.size(), dtypes.size())));
    boolean whole = dtypes.subList(0, inputs.size()).stream().noneMatch(DType::isFloating);
    return whole ? (map.isWhole(64) ? Numbers.LONG : Numbers.DOUBLE) : numbers;
  }

  /// The layout of the axes that are joined, or of those that are not, the others having size 1.
  static Layout part(Layout layout, boolean[] joined, boolean inner) {
    int[] sizes = layout.shape().toArray();
    int[] strides = new int[sizes.length];
    for (int axis = 0; axis < sizes.length; axis++) {
      sizes[axis] = joined[axis] == inner ? sizes[axis] : 1;
      strides[axis] = layout.stride(axis);
    }
    return Layout.of(Shape.of(sizes), inner ? 0 : layout.offset(), strides);
  }

  /// @param partial whether a total is one of several, kept as it is, or stored as the output
  private static String source(
      Card card,
      Program map,
      Reduction reduction,
      List<DType> dtypes,
      Numbers numbers,
      Strides outer,
      Strides inner,
      boolean partial) {
    int inputs = dtypes.size() - 1;
    var formula =
        new FormulaSource(
            numbers.lowered(map),
            numbers,
            "v",
            i -> Source.load(dtypes.get(i), numbers, "a" + i, "(p%d + q%d)".formatted(i, i)));
    List<DType> parameters = new ArrayList<>(dtypes);
    parameters.set(inputs, partial ? numbers.dtype() : dtypes.get(inputs));
    StringBuilder text = new StringBuilder(Source.prelude(card.hasDoubles()));
    text.append(outer.type("Outer")).append(inner.type("Inner"));
    text.append("typedef struct { int parts; int neighbours; } Shares;\n");
    text.append(
        "__kernel void run(const Outer w, const Inner r, const Shares s%s) {\n"
            .formatted(Source.parameters(parameters, 1)));
    text.append(
        """
          const int id = get_global_id(0);
          if (id >= w.n * s.parts) return;
          const int n = s.neighbours ? id / s.parts : id % w.n;
          const int part = s.neighbours ? id % s.parts : id / w.n;
        """);
    text.append(outer.places("w", "n", "p"));
    text.append(
        "  %s total = %s;\n".formatted(numbers.type(), Source.identity(reduction, numbers)));
    text.append("  for (int i = part; i < r.n; i += s.parts) {\n");
    text.append(inner.places("r", "i", "q"));
    text.append(formula.lines());
    String value = "(%s) %s".formatted(numbers.type(), formula.results().getFirst());
    text.append("  total = %s;\n  }\n".formatted(Source.join(reduction, numbers, "total", value)));
    text.append(
        partial
            ? "  a%d[n * s.parts + part] = total;\n".formatted(inputs)
            : "  %s\n"
                .formatted(
                    Source.store(
                        dtypes.get(inputs), numbers, "a" + inputs, "p" + inputs, "total")));
    return text.append("}\n").toString();
  }

  private static String join(
      Card card, Reduction reduction, Numbers numbers, DType dtype, Strides places) {
    return Source.prelude(card.hasDoubles())
        + places.type("Walk")
        + "__kernel void run(const Walk w, const int parts%s) {\n"
            .formatted(Source.parameters(List.of(numbers.dtype(), dtype), 1))
        + "  const int n = get_global_id(0);\n  if (n >= w.n) return;\n"
        + places.places("w", "n", "p")
        + "  %s total = a0[n * parts];\n".formatted(numbers.type())
        + "  for (int i = 1; i < parts; i++) {\n"
        + "    total = %s;\n"
            .formatted(Source.join(reduction, numbers, "total", "a0[n * parts + i]"))
        + "  }\n  %s\n}\n".formatted(Source.store(dtype, numbers, "a1", "p0", "total"));
  }
}
