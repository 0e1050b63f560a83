package vectorgrad.autograd;

import java.util.function.BinaryOperator;
import vectorgrad.tensor.Conv1dGeometry;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.Conv3dGeometry;
import vectorgrad.tensor.ConvGeometry;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Sliding;
import vectorgrad.tensor.Tensor;

/// Convolutions and their gradients, of one, two and three axes, plain and transposed: all one
/// operation.
final class ConvolutionOps {
  private ConvolutionOps() {}

  /// The three tensors of a convolution `y = x ⋆ w`.
  enum Part {
    /// y
    OUTPUT,
    /// x
    INPUT,
    /// w
    WEIGHT
  }

  /// One part of a convolution from the other two.
  ///
  /// A convolution is a number `F(x, w, y) = ⟨x ⋆ w, y⟩`, linear in each of three tensors. Its
  /// gradient with respect to any of them follows from the other two:
  ///
  /// | part | from `a` | and `b` | |
  /// |---|---|---|---|
  /// | output | x | w | the convolution |
  /// | input | y | w | its input gradient |
  /// | weight | y | x | its weight gradient |
  ///
  /// Backward gets a tensor `g` that stands where the result stood, and asks for the gradient with
  /// respect to `a`, from g and b, or to `b`, from g and a. So the derivatives of the three are the
  /// three.
  ///
  /// @param shape that of the result; a plain convolution finds it by itself
  record Convolution(ConvGeometry geometry, boolean transposed, Part part, Shape shape)
      implements Op.Binary {

    /// A plain convolution.
    Convolution(ConvGeometry geometry) {
      this(geometry, false, Part.OUTPUT, Shape.SCALAR);
    }

    @Override
    public String name() {
      String gradient =
          switch (part) {
            case OUTPUT -> "";
            case INPUT -> "InputGradient";
            case WEIGHT -> "WeightGradient";
          };
      return (transposed ? "ConvTranspose" : "Conv") + geometry.axes() + "d" + gradient;
    }

    @Override
    public Autocast.Policy autocast() {
      return Autocast.Policy.LOW;
    }

    @Override
    public Saved saved() {
      return Saved.OTHER_INPUTS;
    }

    @Override
    public Tensor forward(Tensor a, Tensor b) {
      return transposed ? transposed(a, b) : plain(a, b);
    }

    private Tensor plain(Tensor a, Tensor b) {
      return switch (geometry) {
        case Conv1dGeometry g ->
            switch (part) {
              case OUTPUT -> a.conv1d(b, g);
              case INPUT -> a.conv1dInputGradient(b, shape, g);
              case WEIGHT -> a.conv1dWeightGradient(b, shape, g);
            };
        case Conv2dGeometry g ->
            switch (part) {
              case OUTPUT -> a.conv2d(b, g);
              case INPUT -> a.conv2dInputGradient(b, shape, g);
              case WEIGHT -> a.conv2dWeightGradient(b, shape, g);
            };
        case Conv3dGeometry g ->
            switch (part) {
              case OUTPUT -> a.conv3d(b, g);
              case INPUT -> a.conv3dInputGradient(b, shape, g);
              case WEIGHT -> a.conv3dWeightGradient(b, shape, g);
            };
      };
    }

    private Tensor transposed(Tensor a, Tensor b) {
      return switch (geometry) {
        case Conv1dGeometry g ->
            switch (part) {
              case OUTPUT -> a.convTranspose1d(b, g, added(0, a, b));
              case INPUT -> a.convTranspose1dInputGradient(b, shape, g);
              case WEIGHT -> a.convTranspose1dWeightGradient(b, shape, g);
            };
        case Conv2dGeometry g ->
            switch (part) {
              case OUTPUT -> a.convTranspose2d(b, g, added(0, a, b), added(1, a, b));
              case INPUT -> a.convTranspose2dInputGradient(b, shape, g);
              case WEIGHT -> a.convTranspose2dWeightGradient(b, shape, g);
            };
        case Conv3dGeometry g ->
            switch (part) {
              case OUTPUT ->
                  a.convTranspose3d(b, g, added(0, a, b), added(1, a, b), added(2, a, b));
              case INPUT -> a.convTranspose3dInputGradient(b, shape, g);
              case WEIGHT -> a.convTranspose3dWeightGradient(b, shape, g);
            };
      };
    }

    /// The output padding that makes a transposed convolution's result as large as `shape` says.
    private int added(int axis, Tensor x, Tensor w) {
      Sliding along = geometry.along(axis);
      return shape.get(axis + 2) - along.inputSize(x.size(axis + 2), w.size(axis + 2));
    }

    @Override
    public Pair backward(Variable g, Variable a, Variable b, Variable result) {
      return switch (part) {
        case OUTPUT -> gradients(() -> part(Part.INPUT, a, g, b), () -> part(Part.WEIGHT, b, g, a));
        case INPUT -> gradients(() -> part(Part.OUTPUT, a, g, b), () -> part(Part.WEIGHT, b, a, g));
        case WEIGHT -> gradients(() -> part(Part.OUTPUT, a, b, g), () -> part(Part.INPUT, b, a, g));
      };
    }

    /// The `wanted` part, which looks like `like`, from the other two.
    private Variable part(Part wanted, Variable like, Variable first, Variable second) {
      return Variable.apply(
          new Convolution(geometry, transposed, wanted, like.shape()), first, second);
    }
  }

  /// The transposed convolution of `x` with filters, computed by `forward`, which knows the output
  /// padding; the graph has the shape instead.
  static Variable transposed(
      Variable input, Variable filters, ConvGeometry geometry, BinaryOperator<Tensor> forward) {
    Variable[] read = Autocast.arranged(Autocast.Policy.LOW, input, filters);
    Variable x = read[0];
    Variable weight = read[1];
    Tensor y = forward.apply(x.value(), weight.value());
    var op = new Convolution(geometry, true, Part.OUTPUT, y.shape());
    return x.dtype() == weight.dtype()
        ? Variable.result(new Rule.OfBinary(op), y, x, weight)
        : Variable.apply(op, x, weight); // which converts first, so that gradients convert back
  }
}
