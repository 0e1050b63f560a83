package vectorgrad.nn;

/// A recurrent layer of [GRUCell]s, where the formula is, `hₜ = cell(xₜ, hₜ₋₁)`: shapes, options,
/// lengths, initial values and cost are those of every [Recurrent] layer.
///
/// @param stack cells and options
public record GRU(RecurrentStack stack) implements Recurrent<GRU> {

  /// One layer reading forward, all zeros until it is initialised.
  ///
  /// @throws IllegalArgumentException if a size is not positive
  public GRU(int inputSize, int hiddenSize) {
    this(RecurrentStack.of(new GRUCell(inputSize, hiddenSize)));
  }

  @Override
  public GRU with(RecurrentStack other) {
    return new GRU(other);
  }

  @Override
  public String toString() {
    return tree();
  }
}
