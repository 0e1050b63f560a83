package vectorgrad.accel;

import static vectorgrad.numerics.Formula.input;

import java.util.List;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.spi.Reduction;

/// Softmax over the last axis, or its logarithm: a group of work items for each row, which joins
/// what its items found in a fixed tree in local memory. A processor has no use for that, so its
/// groups are single items.
final class Softmax {
  private static final int ITEMS = 128;

  private Softmax() {}

  /// @param x without gaps
  /// @param output without gaps
  static void run(Queue queue, Tensor x, boolean logarithm, Tensor output) {
    int length = x.size(-1);
    if (x.size() == 0) {
      return;
    }
    int rows = x.size() / length;
    int items = queue.card().isGpu() ? Math.min(ITEMS, queue.card().group()) : 1;
    List<DType> dtypes = OpenClBackend.dtypes(x, output);
    queue.run(
        List.of("softmax", dtypes, logarithm),
        () -> source(queue.card(), dtypes, logarithm, items),
        () -> logarithm ? "logSoftmax" : "softmax",
        (long) rows * items,
        items,
        OpenClBackend.arguments(
            List.of(
                new int[] {length},
                new int[] {x.layout().offset()},
                new int[] {output.layout().offset()}),
            x,
            output));
  }

  private static String source(Card card, List<DType> dtypes, boolean logarithm, int items) {
    Numbers numbers = Numbers.of(dtypes.get(1));
    String x = Source.load(dtypes.get(0), numbers, "a0", "(from + i)");
    String value = logarithm ? "(x - most) - rest" : "exp_of(x - most) / sum";
    return Source.prelude(card.hasDoubles())
        + "#define ITEMS %d\n".formatted(items)
        + function("exp_of", input(0).exp(), numbers)
        + function("log_of", input(0).log(), numbers)
        + join("join_max", Reduction.MAX, numbers)
        + join("join_sum", Reduction.SUM, numbers)
        + """
        __kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1)))
        void run(const int length, const int x_at, const int y_at PARAMETERS) {
          __local REAL all[ITEMS];
          const int item = get_local_id(0);
          const int from = x_at + get_group_id(0) * length;
          const int to = y_at + get_group_id(0) * length;
          REAL most = -INFINITY;
          for (int i = item; i < length; i += ITEMS) {
            const REAL x = LOAD;
            most = vg_max_REAL(most, x);
          }
          most = join_max(most, all);
          REAL sum = 0;
          for (int i = item; i < length; i += ITEMS) {
            const REAL x = LOAD;
            sum += exp_of(x - most);
          }
          sum = join_sum(sum, all);
          const REAL rest = log_of(sum);
          for (int i = item; i < length; i += ITEMS) {
            const REAL x = LOAD;
            const REAL value = VALUE;
            STORE
          }
        }
        """
            .replace("PARAMETERS", Source.parameters(dtypes, 1))
            .replace("LOAD", x)
            .replace("VALUE", value)
            .replace("STORE", Source.store(dtypes.get(1), numbers, "a1", "(to + i)", "value"))
            .replace("REAL", numbers.type());
  }

  /// A formula of one number as a function.
  static String function(String name, Formula formula, Numbers numbers) {
    var source = new FormulaSource(numbers.lowered(Program.of(formula)), numbers, "v", _ -> "x");
    return "%s %s(%s x) {\n%s  return %s;\n}\n"
        .formatted(
            numbers.type(), name, numbers.type(), source.lines(), source.results().getFirst());
  }

  /// A function that joins a number of each item of the group: `ITEMS` of them, in a fixed tree.
  static String join(String name, Reduction reduction, Numbers numbers) {
    return """
    REAL NAME(REAL value, __local REAL* all) {
      const int item = get_local_id(0);
      all[item] = value;
      barrier(CLK_LOCAL_MEM_FENCE);
      for (int far = ITEMS / 2; far > 0; far /= 2) {
        if (item < far) all[item] = JOIN;
        barrier(CLK_LOCAL_MEM_FENCE);
      }
      const REAL joined = all[0];
      barrier(CLK_LOCAL_MEM_FENCE);
      return joined;
    }
    """
        .replace("NAME", name)
        .replace("JOIN", Source.join(reduction, numbers, "all[item]", "all[item + far]"))
        .replace("REAL", numbers.type());
  }
}
