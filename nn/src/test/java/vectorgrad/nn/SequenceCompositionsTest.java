package vectorgrad.nn;

import static vectorgrad.nn.Composition.draw;
import static vectorgrad.nn.LayerCompositionsTest.fullyConnected;
import static vectorgrad.nn.LayerCompositionsTest.quotient;
import static vectorgrad.nn.LayerCompositionsTest.standard;
import static vectorgrad.nn.Layers.*;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Layers of sequences beside their composition from elementary operations: gate by gate, step by
/// step, head by head. Value and gradients, in f64.
class SequenceCompositionsTest {

  // ---- recurrent --------------------------------------------------------------------------------

  /// A cell's hidden state after two steps of one input, so that it is a layer.
  record Twice(RecurrentCell cell) implements Layer {
    private Recurrent.State start(int batch) {
      Variable zeros =
          Variable.constant(Tensor.zeros(Shape.of(batch, cell.hiddenSize()), DType.F64));
      return cell instanceof LSTMCell
          ? Recurrent.State.of(zeros, zeros)
          : Recurrent.State.of(zeros);
    }

    @Override
    public Variable forward(Variable x) {
      return cell.forward(x, cell.forward(x, start(x.size(0)))).hidden();
    }

    Variable naive(Variable x) {
      return cell.naive(x, cell.naive(x, start(x.size(0)))).hidden();
    }

    @Override
    public String label() {
      return cell.label();
    }
  }

  /// One layer and direction of (T, N, in), by the definition of its cell.
  private static Variable read(RecurrentCell cell, Variable x, boolean backward) {
    Recurrent.State state = new Twice(cell).start(x.size(1));
    Variable[] outputs = new Variable[x.size(0)];
    for (int i = 0; i < outputs.length; i++) {
      int t = backward ? outputs.length - 1 - i : i;
      state = cell.naive(x.select(0, t), state);
      outputs[t] = state.hidden();
    }
    return Variable.stack(0, outputs);
  }

  private static <R extends Recurrent<R>> Variable steps(R layer, Variable x) {
    RecurrentStack stack = layer.stack();
    int directions = stack.bidirectional() ? 2 : 1;
    Variable y = stack.batchFirst() ? x.swapaxes(0, 1) : x;
    for (int i = 0; i < stack.cells().size(); i += directions) {
      Variable forward = read(stack.cells().get(i), y, false);
      y =
          directions == 1
              ? forward
              : Variable.concat(2, forward, read(stack.cells().get(i + 1), y, true));
    }
    return stack.batchFirst() ? y.swapaxes(0, 1) : y;
  }

  // ---- attention --------------------------------------------------------------------------------

  /// Every head for itself: its rows of the projections, its scores, the past alone if causal.
  private static Variable heads(MultiHeadAttention layer, Variable x) {
    int width = x.size(2);
    int d = width / layer.heads();
    int shared = layer.keyHeads() * d;
    Variable[] heads = new Variable[layer.heads()];
    for (int h = 0; h < heads.length; h++) {
      int g = h * layer.keyHeads() / layer.heads();
      Variable q = rows(layer, x, h * d, d);
      Variable k = rows(layer, x, width + g * d, d);
      Variable v = rows(layer, x, width + shared + g * d, d);
      if (layer.positions().isPresent()) {
        q = turned(q, layer.positions().get().base());
        k = turned(k, layer.positions().get().base());
      }
      Variable scores = q.matmul(k.transpose()).div(Math.sqrt(d));
      if (layer.onlyPast()) {
        int places = x.size(1);
        Tensor behind = Tensor.ones(Shape.of(places, places), DType.F64).triu(1);
        scores = scores.sub(Variable.constant(behind.mul(1e4)));
      }
      Variable powers = scores.sub(Variable.constant(scores.value().max(true, -1)));
      heads[h] = quotient(powers, -1).matmul(v);
    }
    return fullyConnected(layer.outProjection(), Variable.concat(2, heads));
  }

  private static Variable rows(MultiHeadAttention layer, Variable x, int from, int count) {
    return fullyConnected(
        x,
        layer.inWeight().narrow(0, from, count),
        layer.inBias().map(b -> b.narrow(0, from, count)));
  }

  /// Each place times a matrix that turns feature i towards feature i + d/2.
  private static Variable turned(Variable x, double base) {
    int d = x.size(-1);
    Variable[] places = new Variable[x.size(-2)];
    for (int p = 0; p < places.length; p++) {
      double[] turn = new double[d * d];
      for (int i = 0; i < d / 2; i++) {
        int j = i + d / 2;
        double angle = p * Math.pow(base, -2.0 * i / d);
        turn[i * d + i] = Math.cos(angle);
        turn[i * d + j] = -Math.sin(angle);
        turn[j * d + i] = Math.sin(angle);
        turn[j * d + j] = Math.cos(angle);
      }
      Tensor matrix = Tensor.of(turn, Shape.of(d, d));
      places[p] = x.select(-2, p).matmul(Variable.constant(matrix.transpose()));
    }
    return Variable.stack(x.rank() - 2, places);
  }

  private static Variable norm(Layer layer, Variable x) {
    LayerNorm norm = (LayerNorm) layer;
    return standard(x, norm.eps(), 2)
        .mul(norm.weight().orElseThrow())
        .add(norm.bias().orElseThrow());
  }

  private static Variable hidden(TransformerBlock block, Variable x) {
    Variable inner = fullyConnected(block.linear1(), x);
    return fullyConnected(block.linear2(), inner.add(inner.abs()).div(2));
  }

  private static Variable block(TransformerBlock block, Variable x) {
    Layer first = block.norms().get(0);
    Layer second = block.norms().get(1);
    if (block.preNorm()) {
      Variable y = x.add(heads(block.selfAttention(), norm(first, x)));
      return y.add(hidden(block, norm(second, y)));
    }
    Variable y = norm(first, x.add(heads(block.selfAttention(), x)));
    return norm(second, y.add(hidden(block, y)));
  }

  // ---- positions --------------------------------------------------------------------------------

  private static Tensor sines(int places, int width) {
    double[] pattern = new double[places * width];
    for (int p = 0; p < places; p++) {
      for (int i = 0; i < width; i += 2) {
        double angle = p / Math.pow(10_000, i / (double) width);
        pattern[p * width + i] = Math.sin(angle);
        if (i + 1 < width) {
          pattern[p * width + i + 1] = Math.cos(angle);
        }
      }
    }
    return Tensor.of(pattern, Shape.of(places, width));
  }

  static Stream<Composition<?>> all() {
    return Stream.of(
        Composition.of(new Twice(new RNNCell(3, 2).withRelu()), Twice::naive, 4, 3),
        Composition.of(new Twice(new LSTMCell(3, 2)), Twice::naive, 4, 3),
        Composition.of(new Twice(new GRUCell(3, 2)), Twice::naive, 4, 3),
        Composition.of(
            rnn(3, 2).layers(2).bidirectional(), SequenceCompositionsTest::steps, 4, 2, 3),
        Composition.of(
            lstm(3, 2).layers(2).bidirectional().batchFirst(),
            SequenceCompositionsTest::steps,
            2,
            4,
            3),
        Composition.of(gru(3, 2).layers(2).withoutBias(), SequenceCompositionsTest::steps, 4, 2, 3),
        Composition.of(multiHeadAttention(6, 3), SequenceCompositionsTest::heads, 2, 4, 6),
        Composition.of(
            multiHeadAttention(8, 4).keyHeads(2).withoutBias().rotary().causal(),
            SequenceCompositionsTest::heads,
            2,
            4,
            8),
        Composition.of(
            transformerBlock(4, 2, 5).dropout(0), SequenceCompositionsTest::block, 2, 3, 4),
        Composition.of(
            transformerBlock(4, 2, 5).dropout(0).normFirst().attention(a -> a.causal()),
            SequenceCompositionsTest::block,
            2,
            3,
            4),
        Composition.of(
            sinusoidalPositions(), (l, x) -> x.add(Variable.constant(sines(3, 5))), 2, 3, 5),
        Composition.of(
            learnedPositions(5, 2),
            (l, x) -> x.add(Windows.along(l.weight(), 0, Windows.reading(3, 5, p -> p))),
            2,
            3,
            2),
        Composition.of(
            lambda("rotary", x -> new RotaryPositions(100).forward(x, 0)),
            draw(1, 2, 3, 6),
            (l, x) -> turned(x, 100)));
  }

  @TestFactory
  Stream<DynamicTest> layersOfSequencesAreTheirStepsAndHeads() {
    return Composition.tests(all());
  }
}
