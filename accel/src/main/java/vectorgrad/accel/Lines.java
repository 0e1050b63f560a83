package vectorgrad.accel;

import java.util.ArrayList;
import java.util.List;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.spi.Scan;

/// What goes along an axis from the first element to the last: a work item for each line. That is
/// the order that is promised, whose bits no other order has; a single long line keeps a GPU
/// waiting.
///
/// Floating numbers are joined in f64, and whole ones in 64 bits, as the definition says.
final class Lines {
  private Lines() {}

  /// Whether it can be done here: floating numbers need f64.
  static boolean canScan(Card card, DType dtype) {
    return !dtype.isFloating() || card.hasDoubles();
  }

  static void scan(Queue queue, Tensor x, int axis, Scan scan, Tensor output) {
    Numbers numbers = x.dtype().isFloating() ? Numbers.DOUBLE : Numbers.LONG;
    String body =
        switch (scan) {
          case SUM -> "total = i == 0 ? x : total + x;";
          case PROD -> "total = i == 0 ? x : total * x;";
          case ARGMAX -> "if (i == 0 || x >= best || x != x) { best = x; total = i; }";
          case ARGMIN -> "if (i == 0 || x <= best || x != x) { best = x; total = i; }";
          case LOGSUMEXP ->
              """
              if (i == 0) {
                total = x;
              } else {
                const REAL larger = vg_max_REAL(total, x);
                const REAL less = vg_min_REAL(total, x) - larger;
                total = isfinite(larger) ? larger + vg_log1p(vg_exp(less)) : larger;
              }
              """;
        };
    boolean places = scan == Scan.ARGMAX || scan == Scan.ARGMIN;
    run(
        queue,
        List.of("scan", scan),
        axis,
        """
          TOTAL total = 0;
          REAL best = 0;
          for (int i = 0; i < line.length; i++) {
            const REAL x = LOAD;
            BODY
            STORE
          }
        """
            .replace("BODY", body)
            .replace("TOTAL", places ? "int" : "REAL")
            .replace("LOAD", Source.load(x.dtype(), numbers, "a0", "(p0 + i * line.along0)"))
            .replace(
                "STORE",
                Source.store(
                    output.dtype(),
                    places ? Numbers.INT : numbers,
                    "a1",
                    "(p1 + i * line.along1)",
                    "total"))
            .replace("REAL", numbers.type()),
        x,
        output);
  }

  static void recurrence(Queue queue, Tensor x, int axis, Tensor factors, Tensor output) {
    Numbers numbers = Numbers.DOUBLE;
    run(
        queue,
        List.of("recurrence"),
        axis,
        """
          double y = LOAD_FIRST;
          for (int i = 0; i < line.length; i++) {
            if (i > 0) {
              const double factor = FACTOR;
              const double term = LOAD;
              y = term + factor * y;
            }
            STORE
          }
        """
            .replace("LOAD_FIRST", Source.load(x.dtype(), numbers, "a0", "p0"))
            .replace("LOAD", Source.load(x.dtype(), numbers, "a0", "(p0 + i * line.along0)"))
            .replace(
                "FACTOR",
                Source.load(factors.dtype(), numbers, "a1", "(p1 + (i - 1) * line.along1)"))
            .replace(
                "STORE",
                Source.store(output.dtype(), numbers, "a2", "(p2 + i * line.along2)", "y")),
        x,
        factors,
        output);
  }

  /// @param body statements that know `p0`, `p1`, …, where the line's elements begin, and the
  ///   struct `line` with `length`, which is the output's, and strides along it
  /// @param tensors the last one is the output
  private static void run(Queue queue, List<Object> key, int axis, String body, Tensor... tensors) {
    Tensor output = tensors[tensors.length - 1];
    List<Layout> starts = new ArrayList<>();
    int[] along = new int[1 + tensors.length];
    along[0] = output.size(axis);
    StringBuilder type = new StringBuilder("typedef struct { int length;");
    for (int k = 0; k < tensors.length; k++) {
      starts.add(line(tensors[k].layout(), axis, output.shape()));
      along[k + 1] = tensors[k].layout().stride(axis);
      type.append(" int along%d;".formatted(k));
    }
    Strides lines = Strides.over(starts);
    List<DType> dtypes = OpenClBackend.dtypes(tensors);
    queue.run(
        List.of(key, dtypes, lines.axes()),
        () ->
            Source.prelude(queue.card().hasDoubles())
                + (body.contains("vg_log1p") ? StrictFunctions.SOURCE : "")
                + lines.type("Walk")
                + type
                + " } Line;\n"
                + "__kernel void run(const Walk w, const Line line%s) {\n"
                    .formatted(Source.parameters(dtypes, 1))
                + "  const int n = get_global_id(0);\n  if (n >= w.n) return;\n"
                + lines.places("w", "n", "p")
                + body
                + "}\n",
        () -> key.getFirst() + " of " + output.dtype(),
        lines.elements(),
        OpenClBackend.arguments(List.of(lines.numbers(), along), tensors));
  }

  /// What is left of `shape` without the axis, where the lines of a tensor begin.
  static Layout line(Layout layout, int axis, Shape shape) {
    int[] sizes = shape.toArray();
    int[] strides = new int[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      strides[i] = layout.stride(i);
    }
    sizes[axis] = Math.min(1, sizes[axis]);
    return Layout.of(Shape.of(sizes), layout.offset(), strides);
  }
}
