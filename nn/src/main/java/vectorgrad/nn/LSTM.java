package vectorgrad.nn;

/// A recurrent layer of [LSTMCell]s, where the formula is, `hₜ = cell(xₜ, hₜ₋₁)`: shapes, options,
/// lengths, initial values and cost are those of every [Recurrent] layer.
///
/// @param stack cells and options
public record LSTM(RecurrentStack stack) implements Recurrent<LSTM> {

  /// One layer reading forward, all zeros until it is initialised.
  ///
  /// @throws IllegalArgumentException if a size is not positive
  public LSTM(int inputSize, int hiddenSize) {
    this(RecurrentStack.of(new LSTMCell(inputSize, hiddenSize)));
  }

  /// With the forget gates' biases beginning at the given number, sharing the parameters:
  /// [LSTMCell#forgetBias].
  public LSTM forgetBias(double bias) {
    return with(stack.map(cell -> ((LSTMCell) cell).forgetBias(bias)));
  }

  @Override
  public LSTM with(RecurrentStack other) {
    return new LSTM(other);
  }

  @Override
  public String toString() {
    return tree();
  }
}
