package vectorgrad.accel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Epilogue;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Products of matrices, with any strides, in batches. Halves are read as f32.
final class MatMul {
  private static final String SIZES =
      "typedef struct { int m; int n; int k; int a_along_k; int b_along_k;"
          + " int am; int ak; int bk; int bn; int cm; int cn; int a_words; int b_words; } Sizes;\n"
          + "typedef struct { int m; int n; } Plane;\n";

  private MatMul() {}

  static void run(Queue queue, Product.Plan plan, Tensor a, Tensor b, Tensor output) {
    run(queue, plan, a, b, Optional.empty(), output);
  }

  static void run(
      Queue queue,
      Product.Plan plan,
      Tensor a,
      Tensor b,
      Optional<Epilogue> epilogue,
      Tensor output) {
    List<Tensor> tensors = new ArrayList<>(List.of(a, b, output));
    epilogue.ifPresent(e -> tensors.addAll(e.others()));
    Strides batches = Strides.over(tensors.stream().map(MatMul::batch).toList());
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
      stride(output, -1),
      inWords(a) ? 1 : 0,
      inWords(b) ? 1 : 0
    };
    List<int[]> structs = new ArrayList<>(List.of(batches.numbers()));
    for (Tensor other : tensors.subList(3, tensors.size())) {
      structs.add(new int[] {stride(other, -2), stride(other, -1)});
    }
    Product.run(
        queue,
        plan,
        Numbers.of(output.dtype()),
        operands(plan.instruction(), batches, a, b, output, epilogue.map(Finish::of)),
        batches.elements(),
        sizes,
        OpenClBackend.arguments(structs, tensors.toArray(Tensor[]::new)));
  }

  private static Product.Operands operands(
      Optional<TensorCores.Instruction> instruction,
      Strides batches,
      Tensor a,
      Tensor b,
      Tensor output,
      Optional<Finish> epilogue) {
    List<DType> dtypes = OpenClBackend.dtypes(a, b, output);
    Numbers numbers = Numbers.of(output.dtype());
    Finish finish = epilogue.orElse(Finish.NONE);
    StringBuilder parameters = new StringBuilder("const Batches w");
    List<String> places = new ArrayList<>();
    for (int i = 0; i < finish.dtypes().size(); i++) {
      parameters.append(", const Plane s%d".formatted(i));
      places.add("(p%d + m * s%d.m + n * s%d.n)".formatted(3 + i, i, i));
    }
    return new Product.Operands(
        finish.after("matmul"),
        List.of("matmul", dtypes, batches.axes(), instruction, finish),
        batches.type("Batches") + SIZES,
        parameters + Source.parameters(dtypes, 1) + finish.parameters(),
        batches.places("w", "batch", "p"),
        factor(instruction, a, numbers, "a0", "p0 + m * s.am + k * s.ak"),
        factor(instruction, b, numbers, "a1", "p1 + k * s.bk + n * s.bn"),
        finish.store(numbers, places, output.dtype(), "a2", "(p2 + m * s.cm + n * s.cn)"),
        instruction);
  }

  private static Product.Factor factor(
      Optional<TensorCores.Instruction> instruction,
      Tensor matrix,
      Numbers numbers,
      String array,
      String place) {
    String element =
        instruction
            .map(i -> i.words().load(array, place))
            .orElseGet(() -> Source.load(matrix.dtype(), numbers, array, "(" + place + ")"));
    boolean asItIs = instruction.isPresent() || matrix.dtype() == numbers.dtype();
    return new Product.Factor(element, asItIs ? array + " + " + place : "0");
  }

  /// Whether neighbours lie side by side along one axis, and each row of them begins at a multiple
  /// of 16 bytes, so that a device can read 16 bytes at a time.
  private static boolean inWords(Tensor matrix) {
    int words = 16 / matrix.dtype().bytes();
    boolean along = stride(matrix, -1) == 1;
    boolean across = stride(matrix, -2) == 1;
    boolean aligned = (along || across) && matrix.layout().offset() % words == 0;
    for (int axis = 0; axis < matrix.rank(); axis++) {
      boolean isRow = axis == matrix.rank() - (along ? 1 : 2);
      aligned &= isRow || matrix.layout().stride(axis) % words == 0;
    }
    return aligned;
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
