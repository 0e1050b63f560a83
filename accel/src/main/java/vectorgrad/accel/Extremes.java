package vectorgrad.accel;

import java.util.List;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// The largest elements and where they are: the first of equals, the first NaN if there is one. A
/// work item for each result looks at what belongs to it in order.
final class Extremes {
  private Extremes() {}

  /// Whether `value` takes the place of `best`.
  private static String better(Numbers numbers) {
    return numbers.isWhole() ? "value > best" : "(value > best || (isnan(value) && !isnan(best)))";
  }

  static void argmax(Queue queue, Tensor x, int axis, Tensor output) {
    int[] sizes = x.shape().toArray();
    int[] from = new int[sizes.length];
    int[] to = new int[sizes.length];
    for (int i = 0, k = 0; i < sizes.length; i++) {
      from[i] = x.layout().stride(i);
      to[i] = i == axis ? 0 : output.layout().stride(k++);
    }
    sizes[axis] = 1;
    Shape shape = Shape.of(sizes);
    Strides strides =
        Strides.over(
            List.of(
                Layout.of(shape, x.layout().offset(), from),
                Layout.of(shape, output.layout().offset(), to)));
    List<DType> dtypes = OpenClBackend.dtypes(x, output);
    Numbers numbers = Numbers.of(x.dtype());
    queue.run(
        List.of("argmax", dtypes, strides.axes()),
        () ->
            Source.prelude(queue.card().hasDoubles())
                + strides.type("Walk")
                + "__kernel void run(const Walk w, const int size, const int stride%s) {\n"
                    .formatted(Source.parameters(dtypes, 1))
                + "  const int n = get_global_id(0);\n  if (n >= w.n) return;\n"
                + strides.places("w", "n", "p")
                + """
                  REAL best = FIRST;
                  int at = 0;
                  for (int i = 1; i < size; i++) {
                    const REAL value = NEXT;
                    if (BETTER) { best = value; at = i; }
                  }
                  a1[p1] = at;
                }
                """
                    .replace("FIRST", Source.load(x.dtype(), numbers, "a0", "p0"))
                    .replace("NEXT", Source.load(x.dtype(), numbers, "a0", "(p0 + i * stride)"))
                    .replace("BETTER", better(numbers))
                    .replace("REAL", numbers.type()),
        () -> "argmax of " + x.dtype(),
        strides.elements(),
        OpenClBackend.arguments(
            List.of(
                strides.numbers(), new int[] {x.size(axis)}, new int[] {x.layout().stride(axis)}),
            x,
            output));
  }

  /// @param x without gaps, as the outputs
  static void maxPool2d(Queue queue, Tensor x, PoolGeometry g, Tensor values, Tensor indices) {
    List<DType> dtypes = OpenClBackend.dtypes(x, values, indices);
    Numbers numbers = Numbers.of(x.dtype());
    int[] sizes = {
      values.size(),
      x.size(2),
      x.size(3),
      values.size(2),
      values.size(3),
      g.height().kernel(),
      g.width().kernel(),
      g.height().stride(),
      g.width().stride(),
      g.height().padding(),
      g.width().padding(),
      g.height().dilation(),
      g.width().dilation(),
      x.layout().offset(),
      values.layout().offset(),
      indices.layout().offset()
    };
    queue.run(
        List.of("maxPool2d", dtypes),
        () ->
            Source.prelude(queue.card().hasDoubles())
                + """
                typedef struct {
                  int n; int height; int width; int out_height; int out_width;
                  int kernel_h; int kernel_w; int stride_h; int stride_w;
                  int padding_h; int padding_w; int dilation_h; int dilation_w;
                  int x; int values; int indices;
                } Sizes;
                __kernel void run(const Sizes s PARAMETERS) {
                  const int n = get_global_id(0);
                  if (n >= s.n) return;
                  const int ow = n % s.out_width;
                  const int oh = n / s.out_width % s.out_height;
                  const int plane = s.x + n / (s.out_width * s.out_height) * s.height * s.width;
                  REAL best = -INFINITY;
                  int at = s.height * s.width;
                  for (int i = 0; i < s.kernel_h; i++) {
                    const int h = oh * s.stride_h + i * s.dilation_h - s.padding_h;
                    if (h < 0 || h >= s.height) continue;
                    for (int j = 0; j < s.kernel_w; j++) {
                      const int w = ow * s.stride_w + j * s.dilation_w - s.padding_w;
                      if (w < 0 || w >= s.width) continue;
                      const int place = h * s.width + w;
                      const REAL value = LOAD;
                      if (at == s.height * s.width || BETTER) { best = value; at = place; }
                    }
                  }
                  STORE
                  a2[s.indices + n] = at;
                }
                """
                    .replace("PARAMETERS", Source.parameters(dtypes, 2))
                    .replace("LOAD", Source.load(x.dtype(), numbers, "a0", "(plane + place)"))
                    .replace("BETTER", better(numbers))
                    .replace(
                        "STORE",
                        Source.store(values.dtype(), numbers, "a1", "(s.values + n)", "best"))
                    .replace("REAL", numbers.type()),
        () -> "maxPool2d of " + x.dtype(),
        values.size(),
        OpenClBackend.arguments(List.of(sizes), x, values, indices));
  }
}
