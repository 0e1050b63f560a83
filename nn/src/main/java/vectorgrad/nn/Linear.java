package vectorgrad.nn;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import vectorgrad.autograd.Autocast;
import vectorgrad.autograd.Op;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Pointwise;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Epilogue;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// A fully connected layer: `y = x·Wᵀ + b`.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x | (…, in) | any leading axes, also none |
/// | weight | (out, in) | begins as U(±1/√in), PyTorch's default: kaimingUniform with a = √5 |
/// | bias | (out) | begins as U(±1/√in) |
/// | y | (…, out) | |
///
/// Cost: 2·in·out flops per row forward, twice that backward; backward keeps x.
///
/// @param weight W, one row for each output
/// @param bias b, or empty
public record Linear(Parameter weight, Optional<Parameter> bias) implements Finish {

  /// A layer from `in` to `out` features, with a bias, all zeros until it is initialised.
  ///
  /// @throws IllegalArgumentException if a size is not positive
  public Linear(int in, int out) {
    Sizes.expect("Linear", "(in, out)", in, out);
    this(Parameter.of(Shape.of(out, in)), Optional.of(Parameter.of(Shape.of(out))));
  }

  /// This layer without its bias, sharing the weight.
  public Linear withoutBias() {
    return new Linear(weight, Optional.empty());
  }

  @Override
  public Variable forward(Variable x) {
    return forward(x, weight);
  }

  @Override
  public Variable forward(Variable x, Activation last) {
    return forward(x, weight, Optional.of(last));
  }

  /// With other numbers in the place of the weight, of its shape.
  Variable forward(Variable x, Variable weight) {
    return forward(x, weight, Optional.empty());
  }

  private Variable forward(Variable x, Variable weight, Optional<Activation> last) {
    Sizes.expectNumbers(this, "Linear", x);
    Shape shape = x.shape();
    int in = weight.shape().get(1);
    if (shape.rank() == 0 || shape.get(-1) != in) {
      throw wrongFeatures(shape, in);
    }
    int rows = shape.size() / Math.max(1, in);
    Variable matrix = shape.rank() == 2 ? x : x.reshape(rows, in);
    Variable y =
        bias.isPresent()
            ? affine(Autocast.cast(matrix), Autocast.cast(weight), Autocast.cast(bias.get()), last)
            : Finishing.then(Variable.apply(new TimesTransposed(), matrix, weight), last);
    return shape.rank() == 2 ? y : y.reshape(shape.with(-1, weight.shape().get(0)).toArray());
  }

  /// In one operation, unless something is rounded to fewer digits in between.
  private static Variable affine(
      Variable x, Variable weight, Variable bias, Optional<Activation> last) {
    DType dtype = x.dtype();
    boolean alike = weight.dtype() == dtype && bias.dtype() == dtype && !dtype.isHalf();
    if (!alike) {
      return Finishing.then(Variable.apply(new TimesTransposed(), x, weight).add(bias), last);
    }
    return Finishing.apply(new Affine(), last, x, weight, bias);
  }

  private ShapeException wrongFeatures(Shape shape, int in) {
    String found = shape.rank() == 0 ? "no axes" : shape.get(-1) + " features";
    return new ShapeException(
        Location.message(this, "Linear", "the input has " + found + ", the weight expects " + in)
            .row("input", Location.column(shape, weight.shape()) + "… in")
            .row("weight", Location.column(weight.shape(), shape) + "out in")
            .row("help", cure(shape, in)),
        shape,
        weight.shape());
  }

  private String cure(Shape shape, int in) {
    boolean unrolled = shape.rank() > 2 && shape.size() == shape.get(0) * in;
    int found = shape.rank() == 0 ? 1 : shape.get(-1);
    return unrolled
        ? "flatten() before it makes (" + shape.get(0) + ", " + in + ") of the input"
        : "linear(" + found + ", " + weight.shape().get(0) + ") would take this input";
  }

  @Override
  public Initializer initializer(String component) {
    double bound = 1 / Math.sqrt(Math.max(1, Initializer.fanIn(weight.shape())));
    return component.equals("weight")
        ? Initializer.kaimingUniform(Math.sqrt(5))
        : Initializer.uniform(-bound, bound);
  }

  @Override
  public String label() {
    return "Linear("
        + weight.shape().get(1)
        + ", "
        + weight.shape().get(0)
        + (bias.isPresent() ? ")" : ", without bias)");
  }

  @Override
  public String toString() {
    return tree();
  }

  /// `Y = X·Wᵀ`, `dX = dY·W`, `dW = dYᵀ·X`: one product each, and `dW` comes out in W's own order.
  public record TimesTransposed() implements Op.Binary {
    @Override
    public Autocast.Policy autocast() {
      return Autocast.Policy.LOW;
    }

    @Override
    public Saved saved() {
      return Saved.OTHER_INPUTS;
    }

    @Override
    public Tensor forward(Tensor x, Tensor w) {
      return x.matmul(w.transpose());
    }

    @Override
    public Pair backward(Variable dy, Variable x, Variable w, Variable y) {
      return gradients(() -> dy.matmul(w), () -> dy.transpose().matmul(x));
    }
  }

  /// `Y = X·Wᵀ + b`, `dX = dY·W`, `dW = dYᵀ·X`, `db = Σ dY` over the rows. The bias is added as the
  /// product is written.
  public record Affine() implements Op.Finishable {
    @Override
    public Autocast.Policy autocast() {
      return Autocast.Policy.LOW;
    }

    @Override
    public Saved saved() {
      return Saved.OTHER_INPUTS;
    }

    @Override
    public Tensor forward(List<Tensor> xs) {
      return finished(xs, Epilogue.sum(xs.get(2)));
    }

    @Override
    public Tensor forward(List<Tensor> xs, Pointwise last) {
      return finished(xs, Finishing.biased(xs.get(2), last));
    }

    private static Tensor finished(List<Tensor> xs, Epilogue epilogue) {
      return xs.get(0).matmulThen(xs.get(1).transpose(), epilogue);
    }

    @Override
    public List<Supplier<Variable>> backward(Variable dy, List<Variable> xs, Variable y) {
      return List.of(
          () -> dy.matmul(xs.get(1)), () -> dy.transpose().matmul(xs.get(0)), () -> dy.sum(0));
    }
  }
}
