package vectorgrad.nn;

import vectorgrad.autograd.Variable;

/// A fully connected layer that drops weights instead of activations: in training `y = x·(m∘W)ᵀ +
/// b`, where each element of the mask m is 0 or `1 / (1 − probability)`; in use `y = x·Wᵀ + b`, the
/// expectation. One mask serves the whole batch, and none is drawn for the bias.
///
/// Shapes and initial distributions are those of [Linear]. Cost: that of [Linear] and of [Dropout]
/// on the weight. Wan et al. 2013, who draw a mask for each example, and in use sample from a
/// normal approximation instead of taking the mean.
///
/// @param linear the layer whose weights are dropped
/// @param dropout how
public record DropConnect(Linear linear, Dropout dropout) implements Layer {

  /// A layer from `in` to `out` features that drops weights with the given probability.
  public DropConnect(int in, int out, double probability) {
    this(new Linear(in, out), new Dropout(probability));
  }

  @Override
  public Variable forward(Variable x) {
    return linear.forward(x, dropout.forward(linear.weight()));
  }

  @Override
  public String toString() {
    return tree();
  }
}
