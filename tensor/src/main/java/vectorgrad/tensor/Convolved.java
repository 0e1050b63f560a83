package vectorgrad.tensor;

import java.util.function.BinaryOperator;
import java.util.function.Consumer;

/// The operands of a convolution or of one of its gradients, once they are known to fit.
///
/// @param result the shape of what comes out
/// @param dtype what the operands promote to
record Convolved(Tensor first, Tensor second, Shape result, DType dtype) {

  /// Of x (N, C, …) with filters (O, C / groups, …).
  static Convolved forward(String operation, Tensor x, Tensor weight, ConvGeometry g) {
    DType dtype = dtype(operation, x, weight, g);
    Shape input = x.shape();
    Shape filters = weight.shape();
    checkGroups(operation, "filters", filters.get(0), input, filters, g, false);
    int expected = filters.get(1) * g.groups();
    if (input.get(1) != expected) {
      throw refused(
          message(
              operation,
              "the input has %d channels, the filters expect %d".formatted(input.get(1), expected),
              input,
              filters,
              false),
          input,
          filters);
    }
    Shape output = g.output(input, filters);
    for (int axis = 2; axis < output.rank(); axis++) {
      if (output.get(axis) < 1) {
        throw refused(
            message(
                    operation,
                    "the filters are larger than the padded " + subject(g),
                    input,
                    filters,
                    false)
                .row("help", "add padding, or pool less before"),
            input,
            filters);
      }
    }
    return new Convolved(x, weight, output, dtype);
  }

  /// Of the gradient dy of the result with filters, where the input had the shape `input`.
  static Convolved inputGradient(
      String operation, Tensor dy, Tensor weight, Shape input, ConvGeometry g) {
    DType dtype = dtype(operation, dy, weight, g);
    checkGradient(operation, dy.shape(), input, weight.shape(), g);
    return new Convolved(dy, weight, input, dtype);
  }

  /// Of the gradient dy of the result with x, where the filters had the shape `weight`.
  static Convolved weightGradient(
      String operation, Tensor dy, Tensor x, Shape weight, ConvGeometry g) {
    DType dtype = dtype(operation, dy, x, g);
    checkGradient(operation, dy.shape(), x.shape(), weight, g);
    return new Convolved(dy, x, weight, dtype);
  }

  /// The result of a `convolution` that takes floats or doubles. Halves are widened to F32, and the
  /// result is rounded once. Without elements there is nothing to sum.
  Tensor compute(BinaryOperator<Tensor> convolution) {
    return compute(convolution, zeros -> {});
  }

  /// @param finish what becomes of zeros, where there is nothing to sum
  Tensor compute(BinaryOperator<Tensor> convolution, Consumer<Tensor> finish) {
    if (first.size() == 0 || second.size() == 0) {
      Tensor zeros = Tensor.zeros(result, dtype, first.device());
      finish.accept(zeros);
      return zeros;
    }
    DType wide = dtype.widened();
    return convolution.apply(first.to(wide), second.to(wide)).to(dtype);
  }

  /// The dtype that products and windows are summed in.
  static DType wide(DType dtype) {
    return dtype.isFloating() && dtype.bytes() < DType.F32.bytes() ? DType.F32 : dtype;
  }

  static DType dtype(String operation, Tensor a, Tensor b, ConvGeometry g) {
    Tensor.commonDevice(operation, a, b);
    DType dtype = Tensor.promote(operation, a, b);
    if (!dtype.isFloating()) {
      throw new DTypeException(
          Message.of(operation, "needs floating numbers, found " + dtype)
              .row("help", "convert with to(DType.F32)"),
          a.shape(),
          b.shape());
    }
    int rank = g.axes() + 2;
    if (a.rank() != rank || b.rank() != rank) {
      String number =
          switch (rank) {
            case 3 -> "three";
            case 4 -> "four";
            default -> "five";
          };
      throw refused(
          message(
              operation,
              "needs " + number + " axes on both operands",
              a.shape(),
              b.shape(),
              operation.startsWith("convTranspose")),
          a.shape(),
          b.shape());
    }
    return dtype;
  }

  static void checkGroups(
      String operation,
      String what,
      int count,
      Shape input,
      Shape weight,
      ConvGeometry g,
      boolean transposed) {
    if (count % g.groups() != 0) {
      throw refused(
          message(
              operation,
              count + " " + what + " do not split into " + g.groups() + " groups",
              input,
              weight,
              transposed),
          input,
          weight);
    }
  }

  private static void checkGradient(
      String operation, Shape dy, Shape input, Shape weight, ConvGeometry g) {
    int rank = g.axes() + 2;
    boolean fits =
        input.rank() == rank
            && weight.rank() == rank
            && dy.rank() == rank
            && input.get(1) == weight.get(1) * g.groups()
            && weight.get(0) % g.groups() == 0
            && dy.equals(g.output(input, weight));
    if (!fits) {
      throw doesNotBelong(operation, dy, input, weight, false);
    }
  }

  static ShapeException doesNotBelong(
      String operation, Shape dy, Shape input, Shape weight, boolean transposed) {
    return new ShapeException(
        message(
                operation,
                "the gradient does not belong to this convolution",
                input,
                weight,
                transposed)
            .row("dy", dy),
        input,
        weight,
        dy);
  }

  static ShapeException refused(Message message, Shape input, Shape weight) {
    return new ShapeException(message, input, weight);
  }

  /// A message that shows both shapes beside the names of their axes.
  static Message message(
      String operation, String problem, Shape input, Shape weight, boolean transposed) {
    int width = Math.max(input.toString().length(), weight.toString().length());
    String ends = transposed ? "in out " : "out in ";
    return Message.of(operation, problem)
        .row("input", named(input, width, "N C " + places(input.rank() - 2)))
        .row("weight", named(weight, width, ends + taps(weight.rank() - 2)));
  }

  private static String named(Shape shape, int width, String axes) {
    return ("%-" + width + "s   %s").formatted(shape, axes).stripTrailing();
  }

  private static String subject(ConvGeometry g) {
    return switch (g.axes()) {
      case 1 -> "signal";
      case 2 -> "picture";
      default -> "volume";
    };
  }

  static String places(int axes) {
    return switch (axes) {
      case 1 -> "L";
      case 2 -> "H W";
      case 3 -> "D H W";
      default -> "…";
    };
  }

  private static String taps(int axes) {
    return switch (axes) {
      case 1 -> "k";
      case 2 -> "kH kW";
      case 3 -> "kD kH kW";
      default -> "…";
    };
  }
}
