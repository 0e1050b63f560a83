package vectorgrad.nn;

import java.util.Optional;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Shape;

/// One step of Elman's network: `h′ = tanh(x·W_ihᵀ + b_ih + h·W_hhᵀ + b_hh)`, or relu instead of
/// tanh. Shapes, names and initial values are those of every [RecurrentCell], with G = 1.
///
/// Its gradient is multiplied by `W_hh` at every step back, so it vanishes or explodes over long
/// stretches (Bengio, Simard and Frasconi 1994): the reason for [LSTMCell] and [GRUCell]. Elman
/// 1990.
///
/// @param weightIh the weight of the input
/// @param weightHh the weight of the hidden state
/// @param biasIh the bias beside the input, or empty
/// @param biasHh the bias beside the hidden state, or empty
/// @param relu whether relu takes the place of tanh
public record RNNCell(
    Parameter weightIh,
    Parameter weightHh,
    Optional<Parameter> biasIh,
    Optional<Parameter> biasHh,
    boolean relu)
    implements RecurrentCell {

  /// A cell with tanh, all zeros until it is initialised.
  ///
  /// @throws IllegalArgumentException if a size is not positive
  public RNNCell(int inputSize, int hiddenSize) {
    this(inputSize, hiddenSize, true, false);
  }

  private RNNCell(int inputSize, int hiddenSize, boolean biased, boolean relu) {
    Sizes.expect("RNNCell", "(inputSize, hiddenSize)", inputSize, hiddenSize);
    Shape bias = Shape.of(hiddenSize);
    this(
        Parameter.of(Shape.of(hiddenSize, inputSize)),
        Parameter.of(Shape.of(hiddenSize, hiddenSize)),
        biased ? Optional.of(Parameter.of(bias)) : Optional.empty(),
        biased ? Optional.of(Parameter.of(bias)) : Optional.empty(),
        relu);
  }

  /// This cell with relu instead of tanh, sharing the parameters.
  public RNNCell withRelu() {
    return new RNNCell(weightIh, weightHh, biasIh, biasHh, true);
  }

  @Override
  public Recurrent.State naive(Variable x, Recurrent.State state) {
    return Recurrent.State.of(squash(Gates.one(this, x, state.hidden(), 0)));
  }

  @Override
  public Variable project(Variable x) {
    return Gates.ofInputWithBothBiases(this, x);
  }

  @Override
  public Recurrent.State step(Variable projected, Recurrent.State state) {
    return Recurrent.State.of(squash(projected.add(Gates.ofHidden(this, state.hidden()))));
  }

  private Variable squash(Variable x) {
    return relu ? x.relu() : x.tanh();
  }

  @Override
  public RNNCell fresh(int inputSize, boolean biased) {
    return new RNNCell(inputSize, hiddenSize(), biased, relu);
  }
}
