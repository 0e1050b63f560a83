package vectorgrad.accel;

import java.util.List;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// The places of a row in the order of its elements, by a bitonic network: pairs that are compared
/// and exchanged follow from the length alone, so each step is one kernel with a work item for each
/// pair of every row. It takes `log₂²(n) / 2` steps.
///
/// A network is not stable, but no two places are equal: where elements are, the place decides.
///
/// Source: Batcher, *Sorting networks and their applications*, 1968.
final class Argsort {
  private static final String TYPE =
      "typedef struct { int n; int width; int begin; int run; int far; } Sort;\n";

  /// Whether place `a` comes before place `b` of the row that begins at `row`. Places beyond the
  /// row's end come last.
  private static final String BEFORE =
      """
      int compared(REAL a, REAL b) { return a < b ? -1 : a > b ? 1 : NANS; }
      int before(const Sort s, int row, int a, int b PARAMETERS) {
        if (a >= s.n || b >= s.n) return a < b;
        const int order = compared(a0[row + a], a0[row + b]);
        return order == 0 ? a < b : DESCENDING ? order > 0 : order < 0;
      }
      """;

  private Argsort() {}

  /// @param x (rows, n) without gaps
  /// @param places I32 (rows, taken) without gaps
  static void run(Queue queue, Tensor x, boolean descending, Tensor places) {
    int n = x.size(-1);
    if (places.size() == 0) {
      return;
    }
    int rows = x.size() / n;
    int width = Math.max(2, Integer.highestOneBit(n - 1) * 2);
    Tensor all = Tensor.zeros(Shape.of(rows, width), DType.I32, x.device());
    DType dtype = x.dtype();
    int[] sort = {n, width, x.layout().offset(), 0, 0};
    queue.run(
        List.of("argsort, begin"),
        () ->
            Source.prelude(false)
                + TYPE
                + "__kernel void run(const Sort s, const int items, __global int* a0) {\n"
                + "  const int id = get_global_id(0);\n"
                + "  if (id < items) a0[id] = id % s.width;\n}\n",
        () -> "argsort, places",
        all.size(),
        OpenClBackend.arguments(List.of(sort, new int[] {all.size()}), all));
    for (int run = 2; run <= width; run *= 2) {
      for (int far = run / 2; far > 0; far /= 2) {
        int[] step = {n, width, x.layout().offset(), run, far};
        queue.run(
            List.of("argsort", dtype, descending),
            () -> exchange(queue.card(), dtype, descending),
            () -> "argsort, exchange",
            all.size() / 2,
            OpenClBackend.arguments(List.of(step, new int[] {all.size() / 2}), x, all));
      }
    }
    x.device()
        .backend()
        .copy(all.narrow(1, 0, places.size() / rows), places.reshape(rows, places.size() / rows));
  }

  private static String exchange(Card card, DType dtype, boolean descending) {
    Numbers numbers = Numbers.of(dtype);
    String compare =
        BEFORE
            .replace("NANS", numbers.isWhole() ? "0" : "isnan(a) - isnan(b)")
            .replace("PARAMETERS", Source.parameters(List.of(dtype), 0))
            .replace("DESCENDING", descending ? "1" : "0")
            .replace("REAL", numbers.type());
    return Source.prelude(card.hasDoubles())
        + TYPE
        + compare
        + "__kernel void run(const Sort s, const int items%s) {\n"
            .formatted(Source.parameters(List.of(dtype, DType.I32), 1))
        + """
          const int id = get_global_id(0);
          if (id >= items) return;
          const int half_width = s.width / 2;
          const int row = id / half_width;
          const int pair = id % half_width;
          const int low = pair / s.far * 2 * s.far + pair % s.far;
          const int at = row * s.width + low;
          const int a = a1[at];
          const int b = a1[at + s.far];
          const int rising = (low & s.run) == 0;
          if (before(s, s.begin + row * s.n, b, a, a0) == rising) {
            a1[at] = b;
            a1[at + s.far] = a;
          }
        }
        """;
  }
}
