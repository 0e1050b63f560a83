package vectorgrad.accel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.RowProgram;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.spi.Reduction;

/// Formulas that read sums of their row, such as norms and the gradient of a softmax: a group of
/// work items visits a row once for each stage of sums and once for the result, while the row is in
/// the cache. What its items found is joined in a fixed tree, see [Softmax].
final class Rows {
  private static final int ITEMS = 128;

  /// So many are added up before they come to the total, whose last bits would lose them one by
  /// one.
  private static final int FEW = 32;

  private Rows() {}

  /// Whether there are sums, and all numbers are of one dtype, which is computed with.
  static boolean can(RowProgram program, Tensor[] inputs, Tensor[] sums, Tensor output) {
    DType dtype = output.dtype();
    return !program.stages().isEmpty()
        && Numbers.of(dtype).dtype() == dtype
        && Stream.concat(Stream.of(inputs), Stream.of(sums)).allMatch(t -> t.dtype() == dtype);
  }

  /// All but the sums of the columns.
  ///
  /// @param sums of the stages
  static void run(Queue queue, RowProgram program, Tensor[] inputs, Tensor[] sums, Tensor output) {
    List<Tensor> all = new ArrayList<>(List.of(inputs));
    all.addAll(List.of(sums));
    all.add(output);
    boolean[] summed = new boolean[output.rank()];
    for (int axis = 0; axis < summed.length; axis++) {
      summed[axis] = sums[0].layout().stride(axis) == 0 && output.size(axis) != 1;
    }
    List<Layout> layouts = OpenClBackend.layouts(all.toArray(Tensor[]::new));
    Strides rows = Strides.over(layouts.stream().map(l -> Reduce.part(l, summed, false)).toList());
    Strides row = Strides.over(layouts.stream().map(l -> Reduce.part(l, summed, true)).toList());
    if (output.size() == 0) {
      return;
    }
    int items = queue.card().isGpu() ? Math.min(ITEMS, queue.card().group()) : 1;
    DType dtype = output.dtype();
    List<Object> key = new ArrayList<>(List.of("rows", program.map(), inputs.length, dtype));
    for (RowProgram.Part stage : program.stages()) {
      key.add(stage.program());
      key.add(Arrays.stream(stage.sources()).boxed().toList());
    }
    key.add(List.of(rows.axes(), row.axes(), items));
    queue.run(
        key,
        () -> source(queue.card(), program, inputs.length, sums.length, dtype, rows, row, items),
        () -> "rows of " + program.map(),
        (long) rows.elements() * items,
        items,
        OpenClBackend.arguments(
            List.of(rows.numbers(), row.numbers()), all.toArray(Tensor[]::new)));
  }

  private static String source(
      Card card,
      RowProgram program,
      int inputs,
      int sums,
      DType dtype,
      Strides rows,
      Strides row,
      int items) {
    Numbers numbers = Numbers.of(dtype);
    StringBuilder text = new StringBuilder(Source.prelude(card.hasDoubles()));
    text.append("#define ITEMS %d\n#define FEW %d\n".formatted(items, FEW));
    text.append(Softmax.join("join_sum", Reduction.SUM, numbers));
    text.append(rows.type("Rows")).append(row.type("Row"));
    List<DType> dtypes = new ArrayList<>();
    for (int k = 0; k < inputs + sums + 1; k++) {
      dtypes.add(dtype);
    }
    text.append("__kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1)))\n");
    text.append(
        "void run(const Rows w, const Row r%s) {\n".formatted(Source.parameters(dtypes, sums + 1)));
    text.append("  __local REAL all[ITEMS];\n  const int item = get_local_id(0);\n");
    text.append("  const int n = get_group_id(0);\n").append(rows.places("w", "n", "p"));
    int sum = 0;
    for (RowProgram.Part stage : program.stages()) {
      int count = stage.program().outputs().size();
      for (int k = 0; k < count; k++) {
        text.append("  REAL total%d = 0, part%d = 0;\n".formatted(sum + k, sum + k));
      }
      var formula = formula(stage.program(), stage.sources(), inputs, numbers);
      text.append(LOOP).append(row.places("r", "i", "q")).append(formula.lines());
      for (int k = 0; k < count; k++) {
        text.append("  part%d += %s;\n".formatted(sum + k, formula.results().get(k)));
        text.append(
            "  if (count %% FEW == 0) { total%d += part%d; part%d = 0; }\n"
                .formatted(sum + k, sum + k, sum + k));
      }
      text.append("  }\n");
      for (int k = 0; k < count; k++, sum++) {
        text.append("  total%d += part%d;\n".formatted(sum, sum));
        text.append("  const REAL s%d = join_sum(total%d, all);\n".formatted(sum, sum));
        text.append(
            "  if (item == 0) a%d[p%d] = s%d;\n".formatted(inputs + sum, inputs + sum, sum));
      }
    }
    int[] sources = IntStream.range(0, inputs + sums).toArray();
    var formula = formula(program.map(), sources, inputs, numbers);
    int last = inputs + sums;
    text.append(LOOP).append(row.places("r", "i", "q")).append(formula.lines());
    text.append(
        "  a%d[p%d + q%d] = %s;\n  }\n}\n"
            .formatted(last, last, last, formula.results().getFirst()));
    return text.toString().replace("REAL", numbers.type());
  }

  private static final String LOOP =
      "  for (int i = item, count = 1; i < r.n; i += ITEMS, count++) {\n";

  /// @param sources which input or sum each input of the program is
  private static FormulaSource formula(
      Program program, int[] sources, int inputs, Numbers numbers) {
    return new FormulaSource(
        numbers.lowered(program),
        numbers,
        "v",
        k ->
            sources[k] < inputs
                ? "a%d[p%d + q%d]".formatted(sources[k], sources[k], sources[k])
                : "s" + (sources[k] - inputs));
  }
}
