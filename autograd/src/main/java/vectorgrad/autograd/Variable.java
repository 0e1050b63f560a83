package vectorgrad.autograd;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// A tensor with a history: it remembers the operation that made it, so that gradients can flow
/// back.
///
/// Operations have the names of [Tensor]'s and give new variables; they are declared in families as
/// there, [Elementwise], [Views], [Reductions] and so on. They are remembered if one of the inputs
/// wants a gradient and [Mode#recording()] is on.
///
/// ```java
/// var x = Variable.leaf(Tensor.of(1f, 2f, 3f));
/// var gradients = x.square().sum().backward();
/// gradients.get(x); // [2, 4, 6]
/// ```
public sealed class Variable
    implements Elementwise,
        Views,
        Slicing,
        Rearranging,
        Conversions,
        Networks,
        Reductions,
        Indexing,
        Products,
        Convolutions,
        Pooling,
        Functions,
        Rounding,
        Statistics,
        Scans,
        Diagonals,
        Masking,
        Ordering,
        Extremes,
        TransposedConvolutions,
        AveragePooling,
        AdaptivePooling,
        Unfolding
    permits Parameter, Outline {
  private final Tensor value;
  private final boolean leaf;
  private final Node node;

  /// The parameter's door: its value is elsewhere.
  Variable() {
    this(null, true, null);
  }

  /// The outline's door: it has no value.
  Variable(Node node) {
    this(null, false, node);
  }

  private Variable(Tensor value, boolean leaf, Node node) {
    this.value = value;
    this.leaf = leaf;
    this.node = node;
  }

  /// A variable without history that wants no gradient.
  public static Variable constant(Tensor value) {
    Variable constant = unrecorded(value);
    if (Observer.isWatching()) {
      Observer.CURRENT.get().constant(value, constant);
    }
    return constant;
  }

  /// A constant that the library made.
  static Variable unrecorded(Tensor value) {
    return new Variable(value, false, null);
  }

  /// A variable without history that wants a gradient: of floating numbers.
  public static Variable leaf(Tensor value) {
    if (!value.dtype().isFloating()) {
      throw notDifferentiable("leaf", value);
    }
    return new Variable(value, true, null);
  }

  // ---- applying operations --------------------------------------------------------------------

  /// Applies a structural operation to `x`.
  public static Variable apply(Op.Unary op, Variable x) {
    Variable read = Autocast.arranges(op.autocast()) ? Autocast.arranged(op.autocast(), x)[0] : x;
    return known(op, op.forward(read.value()), read);
  }

  /// Applies a structural operation to `a` and `b`; to what they promote to, if both are floating.
  public static Variable apply(Op.Binary op, Variable a, Variable b) {
    if (Autocast.arranges(op.autocast())) {
      Variable[] read = Autocast.arranged(op.autocast(), a, b);
      return promoted(op, read[0], read[1]);
    }
    return promoted(op, a, b);
  }

  private static Variable promoted(Op.Binary op, Variable a, Variable b) {
    if (a.dtype() != b.dtype() && a.dtype().isFloating() && b.dtype().isFloating()) {
      DType dtype = Tensor.promote(op.name(), a.value(), b.value());
      return promoted(op, a.to(dtype), b.to(dtype));
    }
    return result(new Rule.OfBinary(op), op.forward(a.value(), b.value()), a, b);
  }

  /// Applies a structural operation to all of `xs`.
  public static Variable apply(Op.Nary op, Variable... xs) {
    Variable[] read = Autocast.arranged(op.autocast(), xs);
    return result(new Rule.OfNary(op), op.forward(values(read)), read);
  }

  /// Applies a structural operation to all of `xs`, and `last` to each element of what comes out:
  /// in one pass over memory where the slope of `last` is a formula of its output, as that of relu
  /// is. The numbers are those of one after the other.
  public static Variable apply(Op.Finishable op, Pointwise last, Variable... xs) {
    Fused finish = Fused.of(last);
    if (Observer.isWatching() || !Rule.Finished.can(finish)) {
      return apply(op, xs).map(last); // who watches sees both
    }
    Variable[] read = Autocast.arranged(op.autocast(), xs);
    return result(new Rule.Finished(op, finish), op.forward(values(read), last), read);
  }

  private static List<Tensor> values(Variable... variables) {
    Tensor[] values = new Tensor[variables.length];
    for (int i = 0; i < variables.length; i++) {
      values[i] = variables[i].value();
    }
    return List.of(values);
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

  /// Applies a fused elementwise program of one formula to inputs that broadcast.
  ///
  /// @throws DTypeException if they promote to whole numbers
  public static Variable map(Program program, Variable... inputs) {
    return inputs.length == 0
        ? unrecorded(Tensor.map(program))
        : Fused.of(program, inputs.length).apply(inputs);
  }

  /// The coordinates of a grid: variable `i` holds vector `i` along axis `i`, repeated along the
  /// others. The axes come in the order of the vectors (NumPy's `indexing="ij"`).
  ///
  /// @throws vectorgrad.tensor.ShapeException if an operand is no vector
  public static List<Variable> meshgrid(Variable... vectors) {
    return Rearranging.meshgrid(vectors);
  }

  /// The variables one behind the other along `axis`. They agree in all other sizes.
  ///
  /// @throws vectorgrad.tensor.ShapeException if they do not, or there are none
  public static Variable concat(int axis, Variable... parts) {
    return apply(new ViewOps.Concat(axis), promoted("concat", parts));
  }

  /// Variables of one shape side by side along a new `axis`.
  public static Variable stack(int axis, Variable... parts) {
    Variable[] unsqueezed = new Variable[parts.length];
    for (int i = 0; i < parts.length; i++) {
      unsqueezed[i] = parts[i].unsqueeze(axis);
    }
    return concat(axis, unsqueezed);
  }

  /// `a` where `condition` (BOOL) is true, `b` elsewhere; all three broadcast.
  public static Variable where(Tensor condition, Variable a, Variable b) {
    Tensor y = Tensor.where(condition, a.value(), b.value());
    Variable[] both = promoted("where", a, b);
    return result(
        new Rule.OfBinary(new SelectionOps.Where(condition.expand(y.shape()))),
        y,
        both[0].expand(y.shape()),
        both[1].expand(y.shape()));
  }

  /// Sums products of elements as a formula of indices says (Einstein's convention): equations are
  /// those of [Tensor#einsum], of any number of operands, with ellipsis, repeated and broadcasting
  /// axes.
  ///
  /// ```java
  /// Variable.einsum("bhqd,bhkd->bhqk", queries, keys) // the scores of attention
  /// ```
  ///
  /// The gradient of an operand is the same equation with this operand and the output exchanged.
  /// Operands are joined two at a time in the order of the least flops, and so are gradients: a
  /// backward pass takes about twice the time of the forward pass. The graph keeps the operands and
  /// what is between them, of sizes that [Tensor#einsumPath] tells.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the equation does not fit the operands
  public static Variable einsum(String equation, Variable... operands) {
    return EinsumOps.einsum(equation, operands);
  }

  /// The inputs in the dtype they promote to, by an explicit conversion, whose adjoint converts the
  /// gradient back: it has the dtype of what it is the gradient of.
  static Variable[] promoted(String operation, Variable... inputs) {
    if (inputs.length == 0) {
      return inputs;
    }
    DType first = inputs[0].dtype();
    boolean same = true;
    for (Variable input : inputs) {
      same &= input.dtype() == first;
    }
    if (same) {
      return inputs;
    }
    Tensor[] values = new Tensor[inputs.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = inputs[i].value();
    }
    DType dtype = Tensor.promote(operation, values);
    Variable[] promoted = new Variable[inputs.length];
    for (int i = 0; i < promoted.length; i++) {
      promoted[i] = inputs[i].to(dtype);
    }
    return promoted;
  }

  /// An operation whose output is known already.
  static Variable known(Op.Unary op, Tensor value, Variable x) {
    return result(new Rule.OfUnary(op), value, x);
  }

  /// What `rule` made of `inputs`: remembered if it is to be, a constant otherwise.
  static Variable result(Rule rule, Tensor value, Variable... inputs) {
    return result(rule, value, inputs, inputs);
  }

  /// As above, where the graph is to see the inputs otherwise than they were given.
  static Variable result(Rule rule, Tensor value, Variable[] inputs, Variable[] seen) {
    Variable output = isRecorded(value, inputs) ? output(rule, value, seen) : unrecorded(value);
    if (Observer.isWatching()) {
      Observer.CURRENT.get().applied(rule, inputs, output);
    }
    return output;
  }

  /// Whether an operation that made `value` from `inputs` is to be remembered.
  static boolean isRecorded(Tensor value, Variable... inputs) {
    return anyRequiresGrad(inputs) && value.dtype().isFloating() && Mode.current().recording();
  }

  /// Whether a backward pass would reach one of them.
  static boolean anyRequiresGrad(Variable... inputs) {
    for (Variable input : inputs) {
      if (input.requiresGrad()) {
        return true;
      }
    }
    return false;
  }

  private static Variable output(Rule rule, Tensor value, Variable... inputs) {
    Node node = new Node(rule, inputs);
    Variable output = new Variable(value, false, node);
    node.output(output);
    return output;
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
  public Shape shape() {
    return value().shape();
  }

  /// The type of the elements.
  public DType dtype() {
    return value().dtype();
  }

  /// Where the elements live.
  public Device device() {
    return value().device();
  }

  /// The number of axes.
  public final int rank() {
    return shape().rank();
  }

  /// The size of one axis; negative axes count from the end.
  public final int size(int axis) {
    return shape().get(axis);
  }

  /// The number of elements.
  public final int size() {
    return shape().size();
  }

  /// The number in a variable of one element.
  public final double item() {
    return value().item();
  }

  /// The same numbers without history: gradients stop here.
  public final Variable detach() {
    Variable detached = unrecorded(value());
    if (Observer.isWatching()) {
      Observer.CURRENT.get().detached(this, detached);
    }
    return detached;
  }

  /// The same numbers without history, under the name other libraries know: as [#detach].
  public final Variable stopGradient() {
    return detach();
  }

  /// The same numbers; on the way back their gradient passes through `change`, which sees it and
  /// gives what is to be handed on, of the same shape and dtype: to look, to scale, to reverse.
  ///
  /// ```java
  /// features.hook(gradient -> gradient.mul(-lambda)) // gradient reversal, Ganin & Lempitsky 2015
  /// ```
  ///
  /// Inside a scope a gradient is let go when it was handed on; `keep()` what is to be read later.
  public final Variable hook(UnaryOperator<Variable> change) {
    return apply(new Hook(change), this);
  }

  /// `function` of this variable, by gradient checkpointing: nothing it computes is kept for the
  /// backward pass, which computes it again when it comes by. Memory for time: a net of n layers
  /// cut into √n stretches keeps about 2√n activations instead of n, for one more forward pass.
  ///
  /// ```java
  /// for (Layer block : blocks) {
  ///   x = x.checkpoint(block::forward);
  /// }
  /// ```
  ///
  /// The gradients have the same bits as without it, unless a parameter is used twice in the
  /// stretch and elsewhere too: then its contributions are added in another order. Buffers that the
  /// stretch writes, such as the state of dropout or running statistics, are as they were when it
  /// is computed again, and are written once. Inside a [vectorgrad.tensor.Scope] what the stretch
  /// needs is recycled when it ends, forward and backward.
  ///
  /// Source: T. Chen et al., *Training deep nets with sublinear memory cost*, 2016.
  public final Variable checkpoint(UnaryOperator<Variable> function) {
    return checkpoint(inputs -> function.apply(inputs.getFirst()), this);
  }

  /// `function` of several variables, by gradient checkpointing.
  public static Variable checkpoint(
      Function<List<Variable>, Variable> function, Variable... inputs) {
    return Recomputation.of(function, inputs);
  }

  /// Asks the next [#backward] to keep the gradient of this variable though it was computed:
  /// [Gradients#get] then has it. Leaves and parameters have theirs anyway.
  public final Variable retainGrad() {
    if (!requiresGrad()) {
      throw new GradientException(
          Message.of("retainGrad", "no gradient will come by this variable")
              .row("shape", shape())
              .row(
                  "why", "no leaf or parameter went in, or it was computed inside inference(...)"));
    }
    if (node != null) {
      node.retained = this;
    }
    return this;
  }

  /// Lets the numbers outlive the scope they were made in.
  public final Variable keep() {
    value().keep();
    return this;
  }

  /// One number that fits into formulas with this variable: an input of stride 0, so that numbers
  /// that change from step to step need no kernel of their own.
  Variable number(double value) {
    DType dtype = dtype().isFloating() ? dtype() : DType.F32;
    return device() == Device.CPU ? Numbers.of(value, dtype) : unrecorded(number(value, dtype));
  }

  private Tensor number(double value, DType dtype) {
    return Tensor.full(value, Shape.SCALAR, dtype, device());
  }

  Node node() {
    return node;
  }

  /// What a graph keeps of this variable if no backward reads its numbers. A leaf stays itself: it
  /// is asked for by identity.
  Variable outline() {
    return leaf ? this : new Outline(this, node);
  }

  /// The name to use in errors, for what has one.
  Optional<String> label() {
    return Optional.empty();
  }

  /// The identity, whose gradient passes through `change`.
  private record Hook(UnaryOperator<Variable> change) implements Op.Unary {
    @Override
    public Saved saved() {
      return Saved.NOTHING;
    }

    @Override
    public Tensor forward(Tensor x) {
      return x;
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      return change.apply(dy);
    }
  }

  // ---- gradients ------------------------------------------------------------------------------

  /// The gradients of this number with respect to every leaf and parameter it was computed from.
  ///
  /// Takes about twice the time of the forward pass, and uses the graph up: the numbers it saved
  /// are let go on the way, so that memory falls as gradients come. A second pass over it is
  /// refused.
  ///
  /// @throws GradientException if this is no single number, was not recorded, was used up, or if a
  ///   parameter was changed in place since the forward pass
  public final Gradients backward() {
    return Backward.run(this, Backward.Graph.USED_UP);
  }

  /// The gradients with respect to `only` these variables, which may be leaves, parameters or
  /// computed; nothing is computed that does not lead to them, and only what was walked is used up.
  public final Gradients backward(Variable... only) {
    return Backward.run(this, Backward.Graph.USED_UP, only);
  }

  /// The gradients of `⟨dy, this⟩`, the sum of the products of their elements: for a variable of
  /// any shape whose own gradient is known already, since what follows it was computed elsewhere.
  /// As `mul(dy).sum().backward()`, without writing the products.
  ///
  /// @param dy of this variable's shape, dtype and device
  /// @param only with respect to these variables, or to every leaf and parameter if there are none
  /// @throws vectorgrad.tensor.TensorException if `dy` is of another shape, dtype or device
  /// @throws GradientException if this was not recorded, was used up, or if a parameter was changed
  ///   in place since the forward pass
  public final Gradients backward(Tensor dy, Variable... only) {
    return Backward.run(this, dy, Backward.Graph.USED_UP, only);
  }

  /// As [#backward], but the graph stays for another pass.
  public final Gradients backwardKeepingGraph(Variable... only) {
    return Backward.run(this, Backward.Graph.KEPT, only);
  }

  /// As [#backward], but the gradients have a history of their own and can be differentiated again.
  /// The graph stays, as part of that history.
  public final Gradients backwardWithGraph(Variable... only) {
    return Backward.run(this, Backward.Graph.EXTENDED, only);
  }

  /// Shape, dtype and values, and the operation that made it.
  @Override
  public String toString() {
    return value() + (node == null ? leaf ? ", a leaf" : "" : ", from " + node.name());
  }

  static DTypeException notDifferentiable(String operation, Tensor value) {
    return new DTypeException(
        Message.of(operation, "only floating numbers have gradients, found " + value.dtype())
            .row("shape", value.shape())
            .row("help", "convert with to(DType.F32), or use Variable.constant"),
        value.shape());
  }

  static DTypeException needsFloating(String operation, Tensor value) {
    return new DTypeException(
        Message.of(operation, "needs f32 or f64, found " + value.dtype())
            .row("shape", value.shape())
            .row("help", "compute with tensors, or convert with to(DType.F32)"),
        value.shape());
  }
}
