package vectorgrad.gradcheck.samples;

import vectorgrad.autograd.Variable;
import vectorgrad.gradcheck.GradCheck;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Layers;
import vectorgrad.nn.Recurrent;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;

/// Layers of sequences, each with the gradients of its parameters, under the name of its class.
final class SequenceSamples {
  private final Recurrent<?> rnn = doubles(Layers.rnn(3, 2));
  private final Recurrent<?> lstm = doubles(Layers.lstm(3, 2).layers(2).bidirectional());
  private final Recurrent<?> gru = doubles(Layers.gru(3, 2).layers(2).bidirectional().batchFirst());
  private final Layer attention =
      doubles(Layers.multiHeadAttention(4, 2).keyHeads(1).rotary().causal());
  private final Layer block =
      doubles(Layers.transformerBlock(4, 2, 3).normFirst().activation(Layers.gelu()));
  private final Layer positions = doubles(Layers.learnedPositions(5, 3));

  private static <L extends Layer> L doubles(L layer) {
    layer.initialize(Seed.of(6)).to(DType.F64);
    return layer;
  }

  @GradCheck(of = "RNN", shapes = "3,2,3")
  Variable rnn(Variable x) {
    return rnn.forward(x);
  }

  @GradCheck(of = "LSTM", shapes = "3,2,3")
  Variable lstm(Variable x) {
    return lstm.forward(x, lstm.start(2), 3, 1).outputs();
  }

  @GradCheck(of = "GRU", shapes = "2,3,3")
  Variable gru(Variable x) {
    return gru.forward(x, gru.start(2), 1, 3).state().hidden();
  }

  @GradCheck(of = "MultiHeadAttention", shapes = "2,3,4")
  Variable multiHeadAttention(Variable x) {
    return attention.forward(x);
  }

  @GradCheck(of = "TransformerBlock", shapes = "2,3,4")
  Variable transformerBlock(Variable x) {
    return block.forward(x);
  }

  @GradCheck(of = "LearnedPositions", shapes = "2,4,3")
  Variable learnedPositions(Variable x) {
    return positions.forward(x).square();
  }

  @GradCheck(of = "SinusoidalPositions", shapes = "2,4,3")
  static Variable sinusoidalPositions(Variable x) {
    return Layers.sinusoidalPositions().forward(x).square();
  }
}
