package vectorgrad.autograd;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import vectorgrad.numerics.BinaryFunction;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// An elementwise operation on any number of inputs: a formula, its kernel, and, made when first
/// asked for, the operations that give the gradients, which are of the same kind: `dxᵢ = dy·∂y/∂xᵢ`
/// as one formula. So one class carries derivatives of every order, each computed in one pass over
/// memory, and knows from the formulas what a graph must save.
final class Fused implements Rule {
  /// So many records are remembered; a program that makes more of them starts anew now and then.
  private static final int MOST = 1024;

  private static final ConcurrentHashMap<Object, Fused> OF_RECORD = new ConcurrentHashMap<>();

  private final String name;
  private final Program program;
  private final Formula[]
      slopes; // of the inputs 0 … n−1 and the output, as input n; null: symbolic
  private final Chain[] chains;
  private final int arity;
  private final Autocast.Policy policy;

  /// The gradient of one input: which of (inputs, output, gradient of the output) it reads. Number
  /// `arity` is the output, `arity + 1` its gradient.
  private static final class Chain {
    final Fused formula;
    final int[] sources;
    final long reads;
    final int factor; // where it is dy·b: of the inputs, b; else −1

    Chain(Fused formula, int[] sources, long reads, int factor) {
      this.formula = formula;
      this.sources = sources;
      this.reads = reads;
      this.factor = factor;
    }
  }

  private Fused(String name, int arity, Formula value, Formula[] slopes) {
    this.name = name;
    this.arity = arity;
    this.program = Program.of(value);
    this.slopes = slopes;
    this.chains = new Chain[arity];
    this.policy = Autocast.ofElementwise(name);
  }

  /// The operation `value` of inputs `0 … arity − 1`, differentiated symbolically.
  static Fused of(String name, int arity, Formula value) {
    return new Fused(name, arity, value, null);
  }

  /// The operation `value`, whose derivatives with respect to the inputs are the `slopes`, formulas
  /// of the inputs and, as one input more, the output.
  static Fused of(String name, Formula value, Formula... slopes) {
    return new Fused(name, slopes.length, value, slopes);
  }

  /// The operation of a user's record; equal records share it.
  static Fused of(Pointwise p) {
    return of(p.name(), p);
  }

  /// The operation of a record of ours, under the name of its method.
  static Fused of(String name, Pointwise p) {
    Formula x = Formula.input(0);
    return shared(
        p, () -> new Fused(name, 1, p.value(x), new Formula[] {p.slope(x, Formula.input(1))}));
  }

  /// The operation of a user's record; equal records share it.
  static Fused of(Pointwise.Binary p) {
    Formula a = Formula.input(0);
    Formula b = Formula.input(1);
    Formula c = Formula.input(2);
    return shared(
        p,
        () ->
            new Fused(
                p.getClass().getSimpleName(),
                2,
                p.value(a, b),
                new Formula[] {p.slopeA(a, b, c), p.slopeB(a, b, c)}));
  }

  /// The operation of a program of one formula; equal programs share it.
  static Fused of(Program program, int arity) {
    return shared(List.of(program, arity), () -> of("map", arity, program.outputs().getFirst()));
  }

  private static Fused shared(Object record, Supplier<Fused> make) {
    // with its class, since all records without components have one hash
    List<Object> key = List.of(record.getClass(), record);
    Fused known = OF_RECORD.get(key);
    if (known == null) {
      if (OF_RECORD.size() >= MOST) {
        OF_RECORD.clear();
      }
      known = make.get();
      OF_RECORD.put(key, known);
    }
    return known;
  }

  @Override
  public String name() {
    return name;
  }

  /// Applies the operation to inputs that broadcast and promote to one dtype. The graph sees an
  /// explicit [ViewOps.Convert] and [ViewOps.Expand] before it, so no derivative ever mentions
  /// either.
  Variable apply(Variable... inputs) {
    return ofOneDType(Variable.promoted(name, Autocast.arranged(policy, inputs)));
  }

  private Variable ofOneDType(Variable[] inputs) {
    if (!inputs[0].dtype().isFloating()) {
      throw Variable.needsFloating(name, inputs[0].value());
    }
    Tensor[] values = new Tensor[inputs.length];
    Shape shape = inputs[0].shape();
    boolean same = true;
    for (int i = 0; i < inputs.length; i++) {
      values[i] = inputs[i].value();
      same &= values[i].shape().equals(shape);
    }
    if (!same) {
      for (Tensor value : values) {
        shape = Shape.broadcast(name, shape, value.shape());
      }
    }
    Tensor y = Tensor.map(program, values);
    boolean asGiven = same || !Variable.isRecorded(y, inputs);
    return Variable.result(this, y, inputs, asGiven ? inputs : expanded(inputs, shape));
  }

  /// What wants a gradient, seen in the shape of the output; constants broadcast in backward too.
  private static Variable[] expanded(Variable[] inputs, Shape shape) {
    Variable[] expanded = new Variable[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      expanded[i] = inputs[i].requiresGrad() ? inputs[i].expand(shape) : inputs[i];
    }
    return expanded;
  }

  /// The output as a formula of the inputs.
  Formula value() {
    return program.outputs().getFirst();
  }

  /// `∂y/∂xᵢ` as a formula of the inputs and, as one input more, the output.
  Formula slope(int i) {
    return slopes == null ? value().derivative(i) : slopes[i];
  }

  @Override
  public long reads(int i) {
    return chain(i).reads;
  }

  @Override
  public void backward(Variable dy, Variable[] inputs, Variable output, Sink sink) {
    for (int i = 0; i < arity; i++) {
      if (sink.wants(i)) {
        sink.give(i, gradient(chain(i), dy, inputs, output));
      }
    }
  }

  /// The gradient of the only input, where it is a formula of the output.
  Variable gradient(Variable dy, Variable output) {
    return gradient(chain(0), dy, new Variable[1], output);
  }

  private Variable gradient(Chain chain, Variable dy, Variable[] inputs, Variable output) {
    Variable[] needed = new Variable[chain.sources.length];
    for (int k = 0; k < needed.length; k++) {
      int source = chain.sources[k];
      needed[k] = source < arity ? inputs[source] : source == arity ? output : dy;
    }
    if (needed.length == 0) {
      return dy.number(0).expand(dy.shape()); // whatever the values
    }
    if (chain.formula.isIdentity()) {
      return needed[0]; // dx = dy needs no kernel
    }
    if (chain.factor >= 0 && isOne(dy)) {
      Variable b = needed[chain.factor];
      if (b.dtype() == dy.dtype() && b.device() == dy.device() && b.value().lasts()) {
        Variable dx = Mode.current().recording() ? b : Variable.unrecorded(b.value());
        return dx.expand(dy.shape()); // nor does dx = 1·b
      }
    }
    return chain.formula.apply(needed);
  }

  /// Whether `dy` is a view of the constant 1, as the gradient of a sum is where that is the loss.
  private static boolean isOne(Variable dy) {
    return !dy.requiresGrad() && dy.value().memory() == Numbers.of(1, dy.dtype()).value().memory();
  }

  /// Which of two inputs the other one, number `of`, is multiplied by; −1 for other formulas.
  private static int factor(Formula formula, int of) {
    return formula instanceof Formula.Binary(var function, Formula.Input a, Formula.Input b)
            && function == BinaryFunction.MULTIPLY
            && a.index() != b.index()
            && (a.index() == of || b.index() == of)
        ? a.index() + b.index() - of
        : -1;
  }

  private boolean isIdentity() {
    return program.outputs().get(0) instanceof Formula.Input;
  }

  private Chain chain(int i) {
    Chain chain = chains[i];
    if (chain == null) {
      chain = chains[i] = makeChain(i);
    }
    return chain;
  }

  /// `dy·slope`, with only the inputs that it uses.
  private Chain makeChain(int i) {
    Formula product = times(Formula.input(arity + 1), slope(i));
    int[] sources = IntStream.range(0, arity + 2).filter(product::uses).toArray();
    Formula[] compact = new Formula[arity + 2];
    Arrays.fill(compact, Formula.ZERO);
    long reads = 0;
    for (int k = 0; k < sources.length; k++) {
      compact[sources[k]] = Formula.input(k);
      if (sources[k] <= arity) {
        reads |= sources[k] == arity ? Reads.OUTPUT : Reads.input(sources[k]);
      }
    }
    Formula gradient = product.substitute(compact);
    int factor = factor(gradient, sources.length - 1); // dy is the last one, where it is used
    return new Chain(of("d" + name, sources.length, gradient), sources, reads, factor);
  }

  /// `dy·slope`. A choice between slopes becomes a choice between products, so that where the slope
  /// is 0 by a condition, as for relu, an infinite `dy` does not make a NaN of it.
  private static Formula times(Formula dy, Formula slope) {
    return switch (slope) {
      case Formula.Constant(double c) when c == 0 -> Formula.ZERO;
      case Formula.Constant(double c) when c == 1 -> dy;
      case Formula.Constant(double c) when c == -1 -> dy.negate();
      case Formula.Select(Formula condition, Formula then, Formula otherwise) -> {
        Formula first = times(dy, then);
        Formula second = times(dy, otherwise);
        yield first == Formula.ZERO && second == Formula.ZERO
            ? Formula.ZERO
            : condition.then(first, second);
      }
      default -> dy.times(slope);
    };
  }
}
