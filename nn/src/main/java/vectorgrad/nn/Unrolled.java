package vectorgrad.nn;

import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.input;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import vectorgrad.autograd.Autocast;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Op;
import vectorgrad.autograd.Variable;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.spi.Backend;

/// All T steps of an [LSTMCell] as one operation, from what the inputs contribute to the gates:
/// what [#definition] says, step by step, with the variables of the cell.
///
/// | name | shape |
/// |------|-------|
/// | inputs: projected, h₀, c₀, W_hh | (T, N, 4·H), (N, H), (N, H), (4·H, H) |
/// | output: h₁ … h_T, then c_T | (T + 1, N, H) |
///
/// Forward is a product and a pass over memory for each step. So is backward, from gates that were
/// kept as they came out of their squashing; `dW_hh = Σₜ dGₜᵀ·hₜ₋₁` is **one** product, with the
/// steps below one another, where a graph of steps adds up T of them.
final class Unrolled implements Op.Nary {
  private static final int GATES = 4;

  /// So many elements more from row to row keep rows that are a power of two long from falling on
  /// the same few places of a cache.
  private static final int APART = 16;

  private static final Program STEP = step();
  private static final Program BACK = back();

  private Tensor gates; // squashed: (T, N, 4·H)
  private Tensor states; // h₀ … h_T, c_T … c₀: (2·T + 2, N, H)

  /// i, f, g, o, c′ and h′ of the gates' two contributions and c.
  private static Program step() {
    Formula i = input(0).plus(input(4)).sigmoid();
    Formula f = input(1).plus(input(5)).sigmoid();
    Formula g = input(2).plus(input(6)).tanh();
    Formula o = input(3).plus(input(7)).sigmoid();
    Formula cell = f.times(input(8)).plus(i.times(g));
    return Program.of(i, f, g, o, cell, o.times(cell.tanh()));
  }

  /// The gradients of the gates before their squashing and of c, from i, f, g, o, c, c′, the two
  /// contributions to dh′, and dc′.
  private static Program back() {
    Formula i = input(0);
    Formula f = input(1);
    Formula g = input(2);
    Formula o = input(3);
    Formula shown = input(5).tanh();
    Formula dh = input(6).plus(input(7));
    Formula dc = input(8).plus(dh.times(o).times(ONE.minus(shown.square())));
    return Program.of(
        dc.times(g).times(i.times(ONE.minus(i))),
        dc.times(input(4)).times(f.times(ONE.minus(f))),
        dc.times(i).times(ONE.minus(g.square())),
        dh.times(shown).times(o.times(ONE.minus(o))),
        dc.times(f));
  }

  /// Whether the loop over `cell` from `state` on can be this operation: in one floating dtype, on
  /// one device.
  static boolean suits(RecurrentCell cell, Variable x, Recurrent.State state) {
    DType dtype = cell.weightHh().dtype();
    return cell instanceof LSTMCell
        && (dtype == DType.F32 || dtype == DType.F64)
        && x.dtype() == dtype
        && x.device().equals(cell.weightHh().device())
        && x.device().equals(state.hidden().device())
        && x.device().equals(state.memory().device())
        && Autocast.current().equals(Autocast.off());
  }

  /// The outputs and the last state.
  ///
  /// @param projected what the inputs contribute, (T, N, 4·H) with T > 0
  static Recurrent.Result run(RecurrentCell cell, Variable projected, Recurrent.State initial) {
    int steps = projected.size(0);
    Variable all =
        Variable.apply(
            new Unrolled(), projected, initial.hidden(), initial.memory(), cell.weightHh());
    return new Recurrent.Result(
        all.narrow(0, 0, steps),
        Recurrent.State.of(all.select(0, steps - 1), all.select(0, steps)));
  }

  /// Step by step: the definition.
  static Variable definition(List<Variable> xs) {
    Variable hidden = xs.get(1);
    Variable cell = xs.get(2);
    int size = hidden.size(-1);
    List<Variable> states = new ArrayList<>();
    for (Variable projected : xs.get(0).unbind(0)) {
      Variable past = Variable.apply(new vectorgrad.nn.Linear.TimesTransposed(), hidden, xs.get(3));
      Variable both = Variable.apply(LSTMCell.GATES, projected.add(past), cell);
      hidden = both.narrow(-1, 0, size);
      cell = both.narrow(-1, size, size);
      states.add(hidden);
    }
    states.add(cell);
    return Variable.stack(0, states.toArray(Variable[]::new));
  }

  @Override
  public Saved saved() {
    return Saved.INPUTS;
  }

  @Override
  public Tensor forward(List<Tensor> xs) {
    Tensor projected = xs.get(0);
    Tensor weight = xs.get(3);
    int steps = projected.size(0);
    int kept = Mode.current().recording() ? steps : 1; // of the gates
    gates = zeros(projected, kept, projected.size(1), projected.size(2));
    states = zeros(projected, 2 * steps + 2, projected.size(1), weight.size(1));
    Backend backend = weight.device().backend();
    backend.copy(xs.get(1), states.select(0, 0));
    backend.copy(xs.get(2), cell(0));
    for (int t = 0; t < steps; t++) {
      Tensor now = gates.select(0, t % kept);
      backend.matmul(states.select(0, t), weight.transpose(), now);
      List<Tensor> inputs = new ArrayList<>(parts(projected.select(0, t)));
      List<Tensor> outputs = new ArrayList<>(parts(now));
      inputs.addAll(outputs);
      inputs.add(cell(t));
      outputs.add(cell(t + 1));
      outputs.add(states.select(0, t + 1));
      run(backend, STEP, inputs, outputs);
    }
    return states.narrow(0, 1, steps + 1);
  }

  @Override
  public List<Supplier<Variable>> backward(Variable dy, List<Variable> xs, Variable y) {
    if (Mode.current().recording()) {
      return Op.Nary.through(Unrolled::definition, dy, xs);
    }
    Tensor[] found = gradients(dy.value(), xs.get(3).value());
    int rows = found[0].size(0) * found[0].size(1);
    return List.of(
        () -> Variable.constant(found[0]),
        () -> Variable.constant(found[1]),
        () -> Variable.constant(found[2]),
        () -> {
          Tensor before = states.narrow(0, 0, found[0].size(0)).reshape(rows, found[1].size(1));
          return Variable.constant(
              found[0].reshape(rows, found[0].size(2)).transpose().matmul(before));
        });
  }

  /// The gradients of the gates before their squashing, of h₀ and of c₀.
  private Tensor[] gradients(Tensor dy, Tensor weight) {
    int steps = gates.size(0);
    Tensor dGates = zeros(gates, steps, gates.size(1), gates.size(2));
    Tensor dHidden = zeros(gates, gates.size(1), weight.size(1));
    Tensor dCell = dy.select(0, steps).copy();
    Tensor gap = zeros(weight, weight.size(1), APART);
    Tensor across =
        Tensor.concat(1, weight.transpose(), gap).narrow(1, 0, weight.size(0)).transpose();
    Backend backend = weight.device().backend();
    for (int t = steps - 1; t >= 0; t--) {
      Tensor now = dGates.select(0, t);
      List<Tensor> inputs = new ArrayList<>(parts(gates.select(0, t)));
      inputs.addAll(List.of(cell(t), cell(t + 1), dy.select(0, t), dHidden, dCell));
      List<Tensor> outputs = new ArrayList<>(parts(now));
      outputs.add(dCell);
      run(backend, BACK, inputs, outputs);
      backend.matmul(now, across, dHidden);
    }
    return new Tensor[] {dGates, dHidden, dCell};
  }

  /// c after so many steps.
  private Tensor cell(int steps) {
    return states.select(0, states.size(0) - 1 - steps);
  }

  private static List<Tensor> parts(Tensor gates) {
    int size = gates.size(-1) / GATES;
    List<Tensor> parts = new ArrayList<>();
    for (int part = 0; part < GATES; part++) {
      parts.add(gates.narrow(-1, part * size, size));
    }
    return parts;
  }

  private static void run(
      Backend backend, Program program, List<Tensor> inputs, List<Tensor> outputs) {
    backend.pointwise(program, inputs.toArray(Tensor[]::new), outputs.toArray(Tensor[]::new));
  }

  private static Tensor zeros(Tensor like, int... sizes) {
    return Tensor.zeros(Shape.of(sizes), like.dtype(), like.device());
  }
}
