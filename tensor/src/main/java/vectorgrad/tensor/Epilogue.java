package vectorgrad.tensor;

import static vectorgrad.numerics.Formula.input;

import java.util.List;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.spi.Backend;

/// What becomes of each element of a product once its sum is complete: `f(A·B, others…)`, written
/// while it is still in a register or near. It saves a pass over memory, and on a GPU the start of
/// a kernel.
///
/// ```java
/// Program biasThenRelu = Program.of(input(0).plus(input(1)).max(constant(0)));
/// Tensor y = x.matmulThen(w, new Epilogue(biasThenRelu, bias));
/// ```
///
/// @param program one formula; input 0 is the product, the next ones are `others`
/// @param others tensors that broadcast to the shape of the result
public record Epilogue(Program program, List<Tensor> others) {
  /// `A·B + other`
  public static final Program SUM = Program.of(input(0).plus(input(1)));

  /// `f(A·B, others…)`
  public Epilogue(Program program, Tensor... others) {
    this(program, List.of(others));
  }

  /// `A·B + bias`; a bias of rank 1 has an element for each column.
  public static Epilogue sum(Tensor bias) {
    return new Epilogue(SUM, bias);
  }

  /// The same over the elements of a result of this shape.
  ///
  /// @throws ShapeException if an operand does not broadcast to the shape
  /// @throws TensorException if it is not one formula of numbers, of as many operands as there are
  Epilogue over(String operation, Shape shape, Tensor product) {
    boolean fits = program.outputs().size() == 1 && program.inputs() <= others.size() + 1;
    if (!fits || program.outputs().getFirst().isTruth()) {
      throw new TensorException(
          Message.of(operation, "the epilogue is not one formula of numbers")
              .row("formula", program)
              .row("inputs", "the product, and " + others.size() + " other tensors")
              .row("help", "Program.of(input(0).plus(input(1))) adds one tensor"));
    }
    for (Tensor other : others) {
      Tensor.commonDevice(operation, product, other);
      if (!broadcasts(other.shape(), shape)) {
        throw new ShapeException(
            Message.of(operation, "a tensor of the epilogue does not broadcast to the result")
                .row("result", shape)
                .row("tensor", other.shape())
                .row("help", help(operation, shape)),
            shape,
            other.shape());
      }
    }
    return new Epilogue(program, others.stream().map(other -> other.expand(shape)).toList());
  }

  private static String help(String operation, Shape result) {
    return operation.startsWith("matmul")
        ? "one number for each column has the shape (%d), for each row (%d, 1)"
            .formatted(result.get(-1), result.get(-2))
        : "one number for each filter has the shape (O, 1, 1)";
  }

  private static boolean broadcasts(Shape from, Shape to) {
    boolean fits = from.rank() <= to.rank();
    for (int axis = 1; fits && axis <= from.rank(); axis++) {
      fits = from.get(-axis) == 1 || from.get(-axis) == to.get(-axis);
    }
    return fits;
  }

  /// Replaces the elements of a product by theirs.
  public void apply(Backend backend, Tensor product) {
    Tensor[] inputs = new Tensor[others.size() + 1];
    inputs[0] = product;
    for (int i = 0; i < others.size(); i++) {
      inputs[i + 1] = others.get(i);
    }
    backend.pointwise(program, inputs, new Tensor[] {product});
  }
}
