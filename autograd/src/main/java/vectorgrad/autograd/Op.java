package vectorgrad.autograd;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import vectorgrad.tensor.Tensor;

/// A structural operation and its derivative, side by side in one record. What is elementwise is a
/// [Pointwise] instead.
///
/// ```java
/// /// `C = A·B`, `dA = dC·Bᵀ`, `dB = Aᵀ·dC`.
/// public record MatMul() implements Op.Binary {
///   public Tensor forward(Tensor a, Tensor b) { return a.matmul(b); }
///   public Pair backward(Variable dc, Variable a, Variable b, Variable c) {
///     return gradients(() -> dc.matmul(b.transpose()), () -> a.transpose().matmul(dc));
///   }
/// }
/// ```
///
/// Forward computes on tensors. Backward is written with variables, so derivatives of any order
/// come for free, and with suppliers, so a gradient nobody needs is never computed. A gradient has
/// the shape and the dtype of its input.
public sealed interface Op {

  /// The name of the operation in errors and graphs; the record's own by default.
  default String name() {
    return getClass().getSimpleName();
  }

  /// Which numbers backward reads; everything by default. A graph keeps these, watches their
  /// versions, and lets go of the others: of those, backward sees shape, dtype and device only, and
  /// asking for their value throws.
  default Saved saved() {
    return Saved.EVERYTHING;
  }

  /// What [Autocast] does with its operands; nothing by default.
  default Autocast.Policy autocast() {
    return Autocast.Policy.PROMOTE;
  }

  /// Which numbers a backward reads, besides the gradient of the output.
  enum Saved {
    /// No numbers, only shapes: the operation is linear.
    NOTHING,
    /// The inputs.
    INPUTS,
    /// For the gradient of one input only the others: the operation is linear in each of them, as
    /// products are.
    OTHER_INPUTS,
    /// The output.
    OUTPUT,
    /// Inputs and output.
    EVERYTHING;

    /// What the gradient of input `i` reads.
    long reads(int i) {
      return switch (this) {
        case NOTHING -> 0;
        case INPUTS -> Reads.INPUTS;
        case OTHER_INPUTS -> Reads.inputsBut(i);
        case OUTPUT -> Reads.OUTPUT;
        case EVERYTHING -> Reads.INPUTS | Reads.OUTPUT;
      };
    }
  }

  /// An operation on one tensor.
  non-sealed interface Unary extends Op {
    /// The output.
    Tensor forward(Tensor x);

    /// The gradient of the input, from that of the output `dy`.
    Variable backward(Variable dy, Variable x, Variable y);
  }

  /// A linear operation on one tensor. Its backward is its adjoint, `⟨A·x, y⟩ = ⟨x, A*·y⟩`, mostly
  /// the partner in a pair of such operations, and reads no numbers but `dy`.
  interface Linear extends Unary {
    @Override
    default Saved saved() {
      return Saved.NOTHING;
    }
  }

  /// An operation on two tensors.
  non-sealed interface Binary extends Op {
    /// The output.
    Tensor forward(Tensor a, Tensor b);

    /// The gradients of both inputs, from that of the output `dc`.
    Pair backward(Variable dc, Variable a, Variable b, Variable c);

    /// Both gradients, each computed only if something needs it.
    default Pair gradients(Supplier<Variable> a, Supplier<Variable> b) {
      return new Pair(a, b);
    }
  }

  /// An operation that can finish each element of its output while it is written, as products can:
  /// see [Variable#apply(Finishable, Pointwise, Variable...)]. Its backward reads no output.
  interface Finishable extends Nary {
    /// `last` of the output.
    Tensor forward(List<Tensor> xs, Pointwise last);
  }

  /// An operation on any number of tensors.
  non-sealed interface Nary extends Op {
    /// The output.
    Tensor forward(List<Tensor> xs);

    /// The gradients of all inputs in order, each computed only if something needs it, from that of
    /// the output `dy`.
    List<Supplier<Variable>> backward(Variable dy, List<Variable> xs, Variable y);

    /// The gradients of `y = definition(xs)`, by the chain rule through the definition, which is
    /// written with variables. An operation whose backward is a kernel falls back to them where
    /// [Mode#recording()] says that its gradients are to be differentiated in their turn.
    static List<Supplier<Variable>> through(
        Function<List<Variable>, Variable> definition, Variable dy, List<Variable> xs) {
      // each input seen as one of its own, though the same variable may come twice
      Variable[] seen =
          xs.stream().map(x -> x.requiresGrad() ? x.hook(g -> g) : x).toArray(Variable[]::new);
      Variable[] wanted =
          Arrays.stream(seen).filter(Variable::requiresGrad).toArray(Variable[]::new);
      Gradients found =
          Backward.between(wanted, definition.apply(List.of(seen)), dy, Backward.Graph.EXTENDED);
      return Arrays.stream(seen).<Supplier<Variable>>map(x -> () -> found.variable(x)).toList();
    }
  }

  /// The gradients of two inputs, not yet computed.
  ///
  /// @param a computes the gradient of the first input
  /// @param b computes the gradient of the second input
  record Pair(Supplier<Variable> a, Supplier<Variable> b) {}
}
