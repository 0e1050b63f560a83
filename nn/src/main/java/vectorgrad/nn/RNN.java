package vectorgrad.nn;

/// A recurrent layer of [RNNCell]s, where the formula is, `hₜ = cell(xₜ, hₜ₋₁)`: shapes, options,
/// lengths, initial values and cost are those of every [Recurrent] layer.
///
/// @param stack cells and options
public record RNN(RecurrentStack stack) implements Recurrent<RNN> {

  /// One layer reading forward, all zeros until it is initialised.
  ///
  /// @throws IllegalArgumentException if a size is not positive
  public RNN(int inputSize, int hiddenSize) {
    this(RecurrentStack.of(new RNNCell(inputSize, hiddenSize)));
  }

  /// With relu instead of tanh, sharing the parameters. Le, Jaitly and Hinton 2015 start `W_hh` as
  /// the identity then.
  public RNN relu() {
    return with(stack.map(cell -> ((RNNCell) cell).withRelu()));
  }

  @Override
  public RNN with(RecurrentStack other) {
    return new RNN(other);
  }

  @Override
  public String toString() {
    return tree();
  }
}
