package vectorgrad.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// Derivatives of functions of tensors, as tensors.
///
/// | | is | costs |
/// |---|---|---|
/// | [#vjp] | `vᵀ·J`: how a weighted sum of the outputs changes with each input | a backward pass |
/// | [#jvp] | `J·v`: how the outputs change along a direction of the inputs | two backward passes |
/// | [#hvp] | `H·v`: how the gradient of a number changes along a direction | two backward passes |
/// | [#jacobian] | `J` | a pass for each output, or two for each input, whichever is less |
/// | [#hessian] | `H` | two passes for each input |
///
/// Nothing but backward passes is used, also for `J·v`: `vᵀ·J` is linear in `v`, so its own
/// derivative with respect to `v`, along a direction, is `J` times that direction. A rule for
/// forward mode beside every rule for backward mode would be twice as much to prove, and the second
/// pass costs what a forward-mode pass would: about one function value each.
///
/// ```java
/// var x = Tensor.of(1.0, 2.0);
/// Derivatives.hessian(v -> v.pow(3).sum(), x); // [[6, 0], [0, 12]]
/// ```
///
/// Source: J. Townsend, *A new trick for calculating Jacobian vector products*, 2017; B. A.
/// Pearlmutter, *Fast exact multiplication by the Hessian*, 1994.
public final class Derivatives {
  private Derivatives() {}

  /// A function's value and its derivative along something.
  ///
  /// @param value the value of the function
  /// @param derivatives one tensor for each input ([#vjp]), or one of the value's shape ([#jvp])
  public record Along(Tensor value, List<Tensor> derivatives) {
    /// Keeps its own copy of the list.
    public Along {
      derivatives = List.copyOf(derivatives);
    }

    /// The only derivative.
    public Tensor derivative() {
      if (derivatives.size() != 1) {
        throw new GradientException(
            Message.of("derivative", "there are " + derivatives.size() + ", ask for them all")
                .row("help", "derivatives()"));
      }
      return derivatives.getFirst();
    }
  }

  /// `vᵀ·J` for every input of `function`; zero where an input does not matter.
  ///
  /// @param v the weights of the outputs, of the function value's shape; converted to its dtype
  public static Along vjp(
      Function<List<Variable>, Variable> function, List<Tensor> inputs, Tensor v) {
    List<Variable> leaves = leaves(inputs);
    Variable y = function.apply(leaves);
    expectShape("vjp", "weights", y.shape(), v.shape());
    Gradients found =
        y.requiresGrad()
            ? y.backward(v.to(y.dtype()), leaves.toArray(Variable[]::new))
            : new Gradients(false);
    return new Along(y.value(), values(orZeros(found, leaves)));
  }

  /// `vᵀ·J` for a function of one tensor.
  public static Along vjp(UnaryOperator<Variable> function, Tensor x, Tensor v) {
    return vjp(of(function), List.of(x), v);
  }

  /// `J·v`: how the value of `function` changes where its inputs move along `directions`.
  ///
  /// @param directions one for each input, of its shape
  public static Along jvp(
      Function<List<Variable>, Variable> function, List<Tensor> inputs, List<Tensor> directions) {
    List<Variable> leaves = leaves(inputs);
    Variable y = function.apply(leaves);
    Variable weights = Variable.leaf(Tensor.zeros(y.shape(), y.dtype(), y.device()));
    List<Variable> gradients = gradients(weighted("jvp", y, weights), leaves, true);
    Variable along = along("jvp", gradients, directions);
    return new Along(y.value(), values(gradients(along, List.of(weights), false)));
  }

  /// `J·v` for a function of one tensor.
  public static Along jvp(UnaryOperator<Variable> function, Tensor x, Tensor direction) {
    return jvp(of(function), List.of(x), List.of(direction));
  }

  /// `H·v` for every input: how the gradient of the number `function` gives changes where its
  /// inputs move along `directions`.
  public static Along hvp(
      Function<List<Variable>, Variable> function, List<Tensor> inputs, List<Tensor> directions) {
    List<Variable> leaves = leaves(inputs);
    Variable y = number("hvp", function.apply(leaves));
    Variable along = along("hvp", gradients(y, leaves, true), directions);
    return new Along(y.value(), values(gradients(along, leaves, false)));
  }

  /// `H·v` for a number that depends on one tensor.
  public static Along hvp(UnaryOperator<Variable> function, Tensor x, Tensor direction) {
    return hvp(of(function), List.of(x), List.of(direction));
  }

  /// The Jacobian of `function` at `x`: `J[i…, j…] = ∂yᵢ/∂xⱼ`, of the value's shape followed by
  /// that of `x`. By rows or by columns, whichever are fewer passes.
  public static Tensor jacobian(UnaryOperator<Variable> function, Tensor x) {
    Variable leaf = Variable.leaf(x);
    Variable y = function.apply(leaf);
    Tensor units = identity(Math.min(y.size(), 2 * x.size()) == y.size() ? y : leaf);
    boolean byRows = units.size(0) == y.size();
    Tensor[] parts = new Tensor[units.size(0)];
    for (int i = 0; i < parts.length; i++) {
      parts[i] =
          byRows
              ? gradients(weighted("jacobian", y, unit(units, i, y)), List.of(leaf), false, true)
                  .getFirst()
                  .value()
                  .reshape(Shape.of(x.size()))
              : jvp(function, x, unit(units, i, leaf).value())
                  .derivative()
                  .reshape(Shape.of(y.size()));
    }
    Shape shape = join(y.shape(), x.shape());
    if (parts.length == 0) {
      return Tensor.zeros(shape, y.dtype(), y.device());
    }
    Tensor matrix = Tensor.stack(0, parts);
    return (byRows ? matrix : matrix.transpose()).reshape(shape);
  }

  /// The matrix of second derivatives of the number that `function` gives: `H[i…, j…] =
  /// ∂²y/∂xᵢ∂xⱼ`, of the shape of `x` twice. For small functions: there are as many rows as
  /// elements.
  public static Tensor hessian(UnaryOperator<Variable> function, Tensor x) {
    UnaryOperator<Variable> gradient =
        leaf -> gradients(number("hessian", function.apply(leaf)), List.of(leaf), true).getFirst();
    return jacobian(gradient, x);
  }

  // ---- pieces ---------------------------------------------------------------------------------

  private static Function<List<Variable>, Variable> of(UnaryOperator<Variable> function) {
    return inputs -> function.apply(inputs.getFirst());
  }

  private static List<Variable> leaves(List<Tensor> inputs) {
    return inputs.stream().map(Variable::leaf).toList();
  }

  private static List<Tensor> values(List<Variable> variables) {
    return variables.stream().map(Variable::value).toList();
  }

  private static List<Variable> gradients(
      Variable number, List<Variable> leaves, boolean withGraph) {
    return gradients(number, leaves, withGraph, false);
  }

  /// The gradient of each leaf, zeros where the number does not depend on it.
  private static List<Variable> gradients(
      Variable number, List<Variable> leaves, boolean withGraph, boolean keepingGraph) {
    Variable[] only = leaves.toArray(Variable[]::new);
    Gradients found =
        !number.requiresGrad()
            ? new Gradients(false)
            : withGraph
                ? number.backwardWithGraph(only)
                : keepingGraph ? number.backwardKeepingGraph(only) : number.backward(only);
    return orZeros(found, leaves);
  }

  private static List<Variable> orZeros(Gradients found, List<Variable> leaves) {
    List<Variable> gradients = new ArrayList<>();
    for (Variable leaf : leaves) {
      gradients.add(
          found.has(leaf)
              ? found.variable(leaf)
              : Variable.constant(Tensor.zeros(leaf.shape(), leaf.dtype(), leaf.device())));
    }
    return gradients;
  }

  /// `⟨weights, y⟩`
  private static Variable weighted(String operation, Variable y, Variable weights) {
    expectShape(operation, "weights", y.shape(), weights.shape());
    return y.mul(weights).sum();
  }

  /// `Σ ⟨directionᵢ, gradientᵢ⟩`
  private static Variable along(
      String operation, List<Variable> gradients, List<Tensor> directions) {
    if (directions.size() != gradients.size()) {
      throw new GradientException(
          Message.of(
                  operation,
                  "%d directions for %d inputs".formatted(directions.size(), gradients.size()))
              .row("rule", "one direction for each input"));
    }
    Variable sum = null;
    for (int i = 0; i < directions.size(); i++) {
      Variable direction = Variable.constant(directions.get(i));
      expectShape(operation, "direction", gradients.get(i).shape(), direction.shape());
      Variable term = gradients.get(i).mul(direction).sum();
      sum = sum == null ? term : sum.add(term);
    }
    return sum;
  }

  private static void expectShape(String operation, String name, Shape expected, Shape found) {
    if (!expected.equals(found)) {
      throw new ShapeException(
          Message.of(operation, "the " + name + " must be of shape " + expected)
              .row("found", found),
          expected,
          found);
    }
  }

  private static Variable number(String operation, Variable y) {
    if (y.size() != 1) {
      throw new GradientException(
          Message.of(operation, "the function must give a single number, found " + y.size())
              .row("shape", y.shape())
              .row("help", "reduce first: mean() or sum(); or ask for the jacobian"));
    }
    return y;
  }

  /// The unit vectors of a variable's elements, one a row.
  private static Tensor identity(Variable of) {
    int n = of.size();
    Tensor rows = Tensor.arange(n, vectorgrad.tensor.DType.I32).unsqueeze(1);
    Tensor columns = Tensor.arange(n, vectorgrad.tensor.DType.I32).unsqueeze(0);
    return rows.eq(columns).to(of.dtype()).to(of.device());
  }

  private static Variable unit(Tensor identity, int i, Variable of) {
    return Variable.constant(identity.select(0, i).reshape(of.shape()));
  }

  private static Shape join(Shape first, Shape second) {
    int[] sizes = java.util.Arrays.copyOf(first.toArray(), first.rank() + second.rank());
    System.arraycopy(second.toArray(), 0, sizes, first.rank(), second.rank());
    return Shape.of(sizes);
  }
}
