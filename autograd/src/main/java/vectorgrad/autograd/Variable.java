package vectorgrad.autograd;

import java.util.List;
import java.util.Optional;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// A tensor with a history: it remembers the operation that made it, so that gradients can flow
/// back.
///
/// Operations have the names of [Tensor]'s and give new variables; see [Arithmetic] and
/// [Structural]. They are remembered if one of the inputs wants a gradient and [Mode#recording()]
/// is on.
///
/// ```java
/// var x = Variable.leaf(Tensor.of(1f, 2f, 3f));
/// var gradients = x.square().sum().backward();
/// gradients.get(x); // [2, 4, 6]
/// ```
public sealed class Variable implements Arithmetic, Structural permits Parameter {
  private final Tensor value;
  private final boolean leaf;
  private final Node node;

  /// The parameter's door: its value is elsewhere.
  Variable() {
    this(null, true, null);
  }

  private Variable(Tensor value, boolean leaf, Node node) {
    this.value = value;
    this.leaf = leaf;
    this.node = node;
  }

  /// A variable without history that wants no gradient.
  public static Variable constant(Tensor value) {
    return new Variable(value, false, null);
  }

  /// A variable without history that wants a gradient: f32 or f64.
  public static Variable leaf(Tensor value) {
    if (!value.dtype().isFloating()) {
      throw notDifferentiable("leaf", value);
    }
    return new Variable(value, true, null);
  }

  // ---- applying operations --------------------------------------------------------------------

  /// Applies a structural operation to `x`.
  public static Variable apply(Op.Unary op, Variable x) {
    Tensor value = op.forward(x.value());
    return record(x, value) ? output(new Node.UnaryRule(op), value, x) : constant(value);
  }

  /// Applies a structural operation to `a` and `b`.
  public static Variable apply(Op.Binary op, Variable a, Variable b) {
    Tensor value = op.forward(a.value(), b.value());
    return record(a, value) || record(b, value)
        ? output(new Node.BinaryRule(op), value, a, b)
        : constant(value);
  }

  /// Applies a structural operation to all of `xs`.
  public static Variable apply(Op.Nary op, Variable... xs) {
    Tensor value = op.forward(List.of(xs).stream().map(Variable::value).toList());
    return record(new Node.NaryRule(op), value, xs);
  }

  /// Applies a structural operation to this variable.
  public final Variable apply(Op.Unary op) {
    return apply(op, this);
  }

  /// Applies a structural operation to this variable and `b`.
  public final Variable apply(Op.Binary op, Variable b) {
    return apply(op, this, b);
  }

  /// Applies an elementwise operation.
  public final Variable map(Pointwise operation) {
    return Fused.of(operation).apply(this);
  }

  /// Applies an elementwise operation to this variable and `b`, which broadcast.
  public final Variable map(Pointwise.Binary operation, Variable b) {
    return Fused.of(operation).apply(this, b);
  }

  /// The output of an operation, remembered if need be.
  static Variable record(Node.Rule rule, Tensor value, Variable... inputs) {
    for (Variable input : inputs) {
      if (record(input, value)) {
        return output(rule, value, inputs);
      }
    }
    return constant(value);
  }

  private static boolean record(Variable input, Tensor value) {
    return input.requiresGrad() && value.dtype().isFloating() && Mode.current().recording();
  }

  private static Variable output(Node.Rule rule, Tensor value, Variable... inputs) {
    return new Variable(value, false, new Node(rule, inputs));
  }

  // ---- what it is -----------------------------------------------------------------------------

  /// The numbers.
  public Tensor value() {
    return value;
  }

  /// Whether a backward pass reaches this variable.
  public boolean requiresGrad() {
    return leaf || node != null;
  }

  /// The sizes of the axes.
  public final Shape shape() {
    return value().shape();
  }

  /// The type of the elements.
  public final DType dtype() {
    return value().dtype();
  }

  /// Where the elements live.
  public final Device device() {
    return value().device();
  }

  /// The number of axes.
  public final int rank() {
    return value().rank();
  }

  /// The size of one axis; negative axes count from the end.
  public final int size(int axis) {
    return value().size(axis);
  }

  /// The number of elements.
  public final int size() {
    return value().size();
  }

  /// The number in a variable of one element.
  public final double item() {
    return value().item();
  }

  /// The same numbers without history: gradients stop here.
  public final Variable detach() {
    return constant(value());
  }

  /// Lets the numbers outlive the scope they were made in.
  public final Variable keep() {
    value().keep();
    return this;
  }

  Node node() {
    return node;
  }

  /// The name to use in errors, for what has one.
  Optional<String> label() {
    return Optional.empty();
  }

  // ---- gradients ------------------------------------------------------------------------------

  /// The gradients of this number with respect to every leaf and parameter it was computed from.
  ///
  /// Takes about twice the time of the forward pass. The graph stays usable.
  ///
  /// @throws GradientException if this is no single number, or was not recorded
  public final Gradients backward() {
    return Backward.run(this, List.of(), false);
  }

  /// The gradients with respect to `only` these leaves and parameters; nothing is computed that
  /// does not lead to them.
  public final Gradients backward(Variable... only) {
    return Backward.run(this, List.of(only), false);
  }

  /// As [#backward], but the gradients have a history of their own and can be differentiated again.
  public final Gradients backwardWithGraph(Variable... only) {
    return Backward.run(this, List.of(only), true);
  }

  /// Shape, dtype and values, and the operation that made it.
  @Override
  public String toString() {
    return value() + (node == null ? leaf ? ", a leaf" : "" : ", from " + node.name());
  }

  static DTypeException notDifferentiable(String operation, Tensor value) {
    return new DTypeException(
        Message.of(operation, "only f32 and f64 have gradients, found " + value.dtype())
            .row("shape", value.shape())
            .row("help", "convert with to(DType.F32), or use Variable.constant"),
        value.shape());
  }

  static DTypeException dtypesDiffer(String operation, Tensor left, Tensor right) {
    return new DTypeException(
        Message.of(operation, "dtypes differ, " + left.dtype() + " and " + right.dtype())
            .row("left", left.shape() + " " + left.dtype())
            .row("right", right.shape() + " " + right.dtype())
            .row("help", "convert one of them with to(DType)"),
        left.shape(),
        right.shape());
  }
}
