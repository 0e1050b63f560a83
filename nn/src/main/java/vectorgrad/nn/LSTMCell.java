package vectorgrad.nn;

import static vectorgrad.numerics.Formula.input;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.numerics.Formula;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// One step of a long short-term memory, with the gates in PyTorch's order i, f, g, o:
///
/// ```
/// i = σ(x·W_iiᵀ + b_ii + h·W_hiᵀ + b_hi)        what to write
/// f = σ(x·W_ifᵀ + b_if + h·W_hfᵀ + b_hf)        what to keep
/// g = tanh(x·W_igᵀ + b_ig + h·W_hgᵀ + b_hg)     the news
/// o = σ(x·W_ioᵀ + b_io + h·W_hoᵀ + b_ho)        what to show
/// c′ = f·c + i·g
/// h′ = o·tanh(c′)
/// ```
///
/// Shapes, names and initial values are those of every [RecurrentCell], with G = 4. The path from c
/// to c′ has no squashing and no weight: along it gradients live long.
///
/// Fast: the four gates of a step come from **one** product of the hidden state, those of the input
/// from one for all steps together, and the rest is one fused pass (`Gated`). A layer has all steps
/// as one operation (`Unrolled`).
///
/// Hochreiter and Schmidhuber 1997; the forget gate: Gers, Schmidhuber and Cummins 2000.
///
/// @param weightIh the weight of the input
/// @param weightHh the weight of the hidden state
/// @param biasIh the bias beside the input, or empty
/// @param biasHh the bias beside the hidden state, or empty
/// @param forgetBias what the forget gate's bias begins with, or empty
public record LSTMCell(
    Parameter weightIh,
    Parameter weightHh,
    Optional<Parameter> biasIh,
    Optional<Parameter> biasHh,
    OptionalDouble forgetBias)
    implements RecurrentCell {
  static final Gated GATES = gates();

  private static Gated gates() {
    Formula written = input(0).sigmoid().times(input(2).tanh());
    Formula cell = input(1).sigmoid().times(input(4)).plus(written);
    Formula hidden = input(3).sigmoid().times(cell.tanh());
    return Gated.of(List.of(4, 1), hidden, cell);
  }

  /// A cell with biases, all zeros until it is initialised.
  ///
  /// @throws IllegalArgumentException if a size is not positive
  public LSTMCell(int inputSize, int hiddenSize) {
    this(inputSize, hiddenSize, true, OptionalDouble.empty());
  }

  private LSTMCell(int inputSize, int hiddenSize, boolean biased, OptionalDouble forgetBias) {
    Sizes.expect("LSTMCell", "(inputSize, hiddenSize)", inputSize, hiddenSize);
    Shape bias = Shape.of(4 * hiddenSize);
    this(
        Parameter.of(Shape.of(4 * hiddenSize, inputSize)),
        Parameter.of(Shape.of(4 * hiddenSize, hiddenSize)),
        biased ? Optional.of(Parameter.of(bias)) : Optional.empty(),
        biased ? Optional.of(Parameter.of(bias)) : Optional.empty(),
        forgetBias);
  }

  /// This cell, sharing the parameters, whose forget gate begins with the given bias: `bias_ih` has
  /// it there, `bias_hh` 0. With 1 a fresh cell keeps most of its memory; Jozefowicz, Zaremba and
  /// Sutskever 2015 found that this alone closes most of the gap to a GRU.
  public LSTMCell forgetBias(double bias) {
    return new LSTMCell(weightIh, weightHh, biasIh, biasHh, OptionalDouble.of(bias));
  }

  @Override
  public Recurrent.State naive(Variable x, Recurrent.State state) {
    Variable h = state.hidden();
    Variable i = Gates.one(this, x, h, 0).sigmoid();
    Variable f = Gates.one(this, x, h, 1).sigmoid();
    Variable g = Gates.one(this, x, h, 2).tanh();
    Variable o = Gates.one(this, x, h, 3).sigmoid();
    Variable cell = f.mul(state.memory()).add(i.mul(g));
    return new Recurrent.State(o.mul(cell.tanh()), Optional.of(cell));
  }

  @Override
  public Variable project(Variable x) {
    return Gates.ofInputWithBothBiases(this, x);
  }

  @Override
  public Recurrent.State step(Variable projected, Recurrent.State state) {
    Variable gates = projected.add(Gates.ofHidden(this, state.hidden()));
    Variable both = Variable.apply(GATES, gates, state.memory());
    int size = hiddenSize();
    return new Recurrent.State(both.narrow(-1, 0, size), Optional.of(both.narrow(-1, size, size)));
  }

  @Override
  public LSTMCell fresh(int inputSize, boolean biased) {
    return new LSTMCell(inputSize, hiddenSize(), biased, forgetBias);
  }

  @Override
  public Initializer initializer(String component) {
    Initializer uniform = RecurrentCell.super.initializer(component);
    if (forgetBias.isEmpty() || !component.startsWith("bias")) {
      return uniform;
    }
    double bias = component.startsWith("bias_ih") ? forgetBias.getAsDouble() : 0;
    int size = hiddenSize();
    return (present, seed) -> {
      Tensor drawn = uniform.initial(present, seed);
      return Tensor.concat(
          0,
          drawn.narrow(0, 0, size),
          Tensor.full(bias, Shape.of(size), drawn.dtype(), drawn.device()),
          drawn.narrow(0, 2 * size, 2 * size));
    };
  }
}
