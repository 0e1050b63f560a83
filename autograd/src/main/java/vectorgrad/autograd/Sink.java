package vectorgrad.autograd;

/// Where an operation's backward puts the gradients of its inputs.
interface Sink {
  /// Whether the gradient of input `i` leads anywhere; if not, it need not be computed.
  boolean wants(int i);

  /// Takes the gradient of input `i`.
  void give(int i, Variable gradient);

  /// Keeps the memory of a gradient that is only needed on the way to others.
  Variable hold(Variable gradient);

  /// Ends what [#hold] began.
  void letGo(Variable gradient);
}
