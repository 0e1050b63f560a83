package vectorgrad.autograd;

import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// An elementwise operation on any number of inputs: a formula, its kernel, and, made when first
/// asked for, the operations that give the gradients, which are of the same kind: `dxᵢ = dy·∂y/∂xᵢ`
/// as one formula. So one class carries derivatives of every order, each computed in one pass over
/// memory.
final class Fused implements Node.Rule {
  private static final ConcurrentHashMap<Object, Fused> OF_RECORD = new ConcurrentHashMap<>();

  private final String name;
  private final Program program;
  private final Formula[]
      slopes; // of the inputs 0 … n−1 and the output, as input n; null: symbolic
  private final Chain[] chains;
  private final int arity;

  /// The gradient of one input: which of (inputs, output, gradient of the output) it needs.
  private static final class Chain {
    /// The gradient is zero, whatever the values.
    static final Chain ZERO = new Chain(null, new int[0]);

    final Fused formula;
    final int[] sources;

    Chain(Fused formula, int[] sources) {
      this.formula = formula;
      this.sources = sources;
    }
  }

  private Fused(String name, int arity, Formula value, Formula[] slopes) {
    this.name = name;
    this.arity = arity;
    this.program = Program.of(value);
    this.slopes = slopes;
    this.chains = new Chain[arity];
  }

  /// The operation `value` of inputs `0 … arity − 1`, differentiated symbolically.
  static Fused of(String name, int arity, Formula value) {
    return new Fused(name, arity, value, null);
  }

  /// The operation of a user's record; equal records share it.
  static Fused of(Pointwise p) {
    return OF_RECORD.computeIfAbsent(
        p,
        _ -> {
          Formula x = Formula.input(0);
          return new Fused(
              p.getClass().getSimpleName(),
              1,
              p.value(x),
              new Formula[] {p.slope(x, Formula.input(1))});
        });
  }

  /// The operation of a user's record; equal records share it.
  static Fused of(Pointwise.Binary p) {
    return OF_RECORD.computeIfAbsent(
        p,
        _ -> {
          Formula a = Formula.input(0);
          Formula b = Formula.input(1);
          Formula c = Formula.input(2);
          return new Fused(
              p.getClass().getSimpleName(),
              2,
              p.value(a, b),
              new Formula[] {p.slopeA(a, b, c), p.slopeB(a, b, c)});
        });
  }

  @Override
  public String name() {
    return name;
  }

  /// Applies the operation to inputs that broadcast. The graph sees an explicit [Expand] before it,
  /// so no derivative ever mentions broadcasting.
  Variable apply(Variable... inputs) {
    Shape shape = inputs[0].shape();
    boolean same = true;
    for (int i = 1; i < inputs.length; i++) {
      same &= inputs[i].shape().equals(shape);
    }
    if (!same) {
      for (Variable input : inputs) {
        shape = Shape.broadcast(name, shape, input.shape());
      }
      Variable[] expanded = new Variable[inputs.length];
      for (int i = 0; i < inputs.length; i++) {
        expanded[i] = inputs[i].expand(shape);
      }
      inputs = expanded;
    }
    Tensor[] values = new Tensor[inputs.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = inputs[i].value();
      if (values[i].dtype() != values[0].dtype()) {
        throw Variable.dtypesDiffer(name, values[0], values[i]);
      }
    }
    return Variable.record(this, Tensor.map(program, values), inputs);
  }

  @Override
  public Variable gradient(int i, Variable dy, Variable[] inputs, Variable output) {
    Chain chain = chains[i];
    if (chain == null) {
      chain = chains[i] = chain(i);
    }
    if (chain.formula == null) {
      return null;
    }
    Variable[] needed = new Variable[chain.sources.length];
    for (int k = 0; k < needed.length; k++) {
      int source = chain.sources[k];
      needed[k] = source < arity ? inputs[source] : source == arity ? output : dy;
    }
    // dx = dy needs no kernel
    return needed.length == 1 && chain.formula.isIdentity()
        ? needed[0]
        : chain.formula.apply(needed);
  }

  private boolean isIdentity() {
    return program.outputs().get(0) instanceof Formula.Input;
  }

  /// `dy·slope`, with only the inputs that it uses.
  private Chain chain(int i) {
    Formula value = program.outputs().get(0);
    Formula slope = slopes == null ? value.derivative(i) : slopes[i];
    if (slope instanceof Formula.Constant(double c) && c == 0) {
      return Chain.ZERO;
    }
    Formula dy = Formula.input(arity + 1);
    Formula product = slope instanceof Formula.Constant(double c) && c == 1 ? dy : dy.times(slope);
    int[] sources = IntStream.range(0, arity + 2).filter(product::uses).toArray();
    Formula[] compact = new Formula[arity + 2];
    java.util.Arrays.fill(compact, Formula.ZERO);
    for (int k = 0; k < sources.length; k++) {
      compact[sources[k]] = Formula.input(k);
    }
    return new Chain(of("d" + name, sources.length, product.substitute(compact)), sources);
  }
}
