package vectorgrad.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import vectorgrad.autograd.Autocast;
import vectorgrad.autograd.Op;
import vectorgrad.autograd.Variable;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Tensor;

/// Formulas of the parts that tensors consist of along their last axis, as the four gates of an
/// LSTM are parts of one product, all computed in one pass over memory. The outputs come one behind
/// the other along the last axis too.
///
/// The gradients are formulas of the same parts and those of `dy`: an operation of the same kind,
/// `dxᵢ = Σₒ dyₒ·∂fₒ/∂xᵢ`, in one pass for all parts. So one record carries derivatives of every
/// order. Backward keeps the inputs and computes the gates again.
///
/// @param program the formulas; their inputs are the parts of the first tensor, of the second, …
/// @param parts of how many parts each tensor consists
record Gated(Program program, List<Integer> parts) implements Op.Nary {
  private static final ConcurrentHashMap<Gated, Gated> SLOPES = new ConcurrentHashMap<>();

  static Gated of(List<Integer> parts, Formula... formulas) {
    return new Gated(Program.of(formulas), parts);
  }

  /// States are sums over time, so gates are computed in F32.
  @Override
  public Autocast.Policy autocast() {
    return Autocast.Policy.WIDE;
  }

  @Override
  public Saved saved() {
    return Saved.INPUTS;
  }

  @Override
  public Tensor forward(List<Tensor> xs) {
    int width = xs.getFirst().size(-1) / parts.getFirst();
    List<Tensor> pieces = new ArrayList<>();
    for (int k = 0; k < xs.size(); k++) {
      for (int part = 0; part < parts.get(k); part++) {
        pieces.add(xs.get(k).narrow(-1, part * width, width));
      }
    }
    List<Tensor> outputs = Tensor.mapAll(program, pieces.toArray(Tensor[]::new));
    return outputs.size() == 1
        ? outputs.getFirst()
        : Tensor.concat(-1, outputs.toArray(Tensor[]::new));
  }

  @Override
  public List<Supplier<Variable>> backward(Variable dy, List<Variable> xs, Variable y) {
    Variable[] all = new Variable[1]; // computed with the first gradient that is asked for
    Variable[] inputs = Stream.concat(xs.stream(), Stream.of(dy)).toArray(Variable[]::new);
    int width = dy.size(-1) / program.outputs().size();
    List<Supplier<Variable>> gradients = new ArrayList<>();
    int before = 0;
    for (int count : parts) {
      int start = before * width;
      gradients.add(() -> {
        if (all[0] == null) {
          all[0] = Variable.apply(SLOPES.computeIfAbsent(this, Gated::slope), inputs);
        }
        return all[0].narrow(-1, start, count * width);
      });
      before += count;
    }
    return gradients;
  }

  private Gated slope() {
    int count = parts.stream().mapToInt(Integer::intValue).sum();
    List<Formula> outputs = program.outputs();
    Formula[] slopes = new Formula[count];
    for (int i = 0; i < count; i++) {
      Formula sum = Formula.ZERO;
      for (int o = 0; o < outputs.size(); o++) {
        Formula slope = outputs.get(o).derivative(i);
        if (slope != Formula.ZERO) {
          Formula term = Formula.input(count + o).times(slope);
          sum = sum == Formula.ZERO ? term : sum.plus(term);
        }
      }
      slopes[i] = sum;
    }
    List<Integer> withGradient = new ArrayList<>(parts);
    withGradient.add(outputs.size());
    return of(List.copyOf(withGradient), slopes);
  }
}
