package vectorgrad.accel;

import java.util.Arrays;
import java.util.List;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.spi.Backend;
import vectorgrad.tensor.spi.Elements;

/// A fused elementwise program as one kernel, a work item for each element:
///
/// ```c
/// __kernel void run(const Walk w, __global const float* a0, __global float* a1) {
///   const int n = get_global_id(0);
///   if (n >= w.n) return;
///   … p0, p1: the places of element n
///   const float v0 = a0[p0];
///   const float v1 = v0 * v0;
///   a1[p1] = v1;
/// }
/// ```
final class Pointwise {
  private Pointwise() {}

  static void run(Queue queue, Program program, Tensor[] inputs, Tensor[] outputs) {
    Tensor[] all = Arrays.copyOf(inputs, inputs.length + outputs.length);
    System.arraycopy(outputs, 0, all, inputs.length, outputs.length);
    Strides strides = Strides.over(OpenClBackend.layouts(all));
    List<DType> dtypes = OpenClBackend.dtypes(all);
    queue.run(
        new Key(program, dtypes, strides.axes()),
        () -> source(queue.card(), program, dtypes, inputs.length, strides),
        () -> program.equals(Backend.identity()) ? "copy" : program.toString(),
        strides.elements(),
        OpenClBackend.arguments(List.of(strides.numbers()), all));
  }

  private record Key(Program program, List<DType> dtypes, int axes) {}

  private static String source(
      Card card, Program program, List<DType> dtypes, int inputs, Strides strides) {
    int outputs = dtypes.size() - inputs;
    Numbers numbers =
        Numbers.of(
            Elements.computedIn(
                program, dtypes.subList(0, inputs), dtypes.subList(inputs, dtypes.size())));
    Program lowered = numbers.lowered(program);
    var formula =
        new FormulaSource(
            lowered, numbers, "v", i -> Source.load(dtypes.get(i), numbers, "a" + i, "p" + i));
    StringBuilder text = new StringBuilder(Source.prelude(card.hasDoubles()));
    text.append(strides.type("Walk"));
    text.append(
        "__kernel void run(const Walk w%s) {\n".formatted(Source.parameters(dtypes, outputs)));
    text.append("  const int n = get_global_id(0);\n  if (n >= w.n) return;\n");
    text.append(strides.places("w", "n", "p"));
    text.append(formula.lines());
    for (int o = 0; o < outputs; o++) {
      int k = inputs + o;
      Formula output = lowered.outputs().get(o);
      Numbers from = output.isTruth() ? Numbers.INT : numbers;
      String value = formula.results().get(o);
      text.append("  %s\n".formatted(Source.store(dtypes.get(k), from, "a" + k, "p" + k, value)));
    }
    return text.append("}\n").toString();
  }
}
