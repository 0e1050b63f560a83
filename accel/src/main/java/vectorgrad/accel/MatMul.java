package vectorgrad.accel;

import java.util.List;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Products of matrices, with any strides, in batches. Halves are read as f32.
final class MatMul {
  private static final String SIZES =
      "typedef struct { int m; int n; int k; int a_along_k; int b_along_k;"
          + " int am; int ak; int bk; int bn; int cm; int cn; } Sizes;\n";

  private MatMul() {}

  static void run(Queue queue, Tensor a, Tensor b, Tensor output) {
    Strides batches = Strides.over(List.of(batch(a), batch(b), batch(output)));
    run(queue, Product.usual(queue.card()), a, b, output, batches);
  }

  static void run(Queue queue, Product.Variant variant, Tensor a, Tensor b, Tensor output) {
    run(queue, variant, a, b, output, Strides.over(List.of(batch(a), batch(b), batch(output))));
  }

  private static void run(
      Queue queue, Product.Variant variant, Tensor a, Tensor b, Tensor output, Strides batches) {
    List<DType> dtypes = OpenClBackend.dtypes(a, b, output);
    Numbers numbers = Numbers.of(output.dtype());
    var operands =
        new Product.Operands(
            "matmul",
            List.of("matmul", dtypes, batches.axes()),
            batches.type("Batches") + SIZES,
            "const Batches w" + Source.parameters(dtypes, 1),
            batches.places("w", "batch", "p"),
            Source.load(a.dtype(), numbers, "a0", "(p0 + m * s.am + k * s.ak)"),
            Source.load(b.dtype(), numbers, "a1", "(p1 + k * s.bk + n * s.bn)"),
            Source.store(output.dtype(), numbers, "a2", "(p2 + m * s.cm + n * s.cn)", "value"));
    int[] sizes = {
      a.size(-2),
      b.size(-1),
      a.size(-1),
      stride(a, -1) == 1 ? 1 : 0,
      stride(b, -2) == 1 ? 1 : 0,
      stride(a, -2),
      stride(a, -1),
      stride(b, -2),
      stride(b, -1),
      stride(output, -2),
      stride(output, -1)
    };
    Product.run(
        queue,
        variant,
        numbers,
        operands,
        batches.elements(),
        sizes,
        OpenClBackend.arguments(List.of(batches.numbers()), a, b, output));
  }

  private static int stride(Tensor matrix, int axis) {
    return matrix.layout().stride(matrix.rank() + axis);
  }

  /// The layout of the first elements of all matrices.
  private static Layout batch(Tensor matrices) {
    int rank = matrices.rank() - 2;
    int[] sizes = new int[rank];
    int[] strides = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      sizes[axis] = matrices.size(axis);
      strides[axis] = matrices.layout().stride(axis);
    }
    return Layout.of(Shape.of(sizes), matrices.layout().offset(), strides);
  }
}
