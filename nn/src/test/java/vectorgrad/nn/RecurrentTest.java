package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.nn.Layers.gru;
import static vectorgrad.nn.Layers.lstm;
import static vectorgrad.nn.Layers.rnn;
import static vectorgrad.nn.SequenceGoldens.sines;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.autograd.GradCheck;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

class RecurrentTest {
  private static Tensor draw(int seed, int... sizes) {
    return Tensor.normal(Seed.of(seed), 0, Shape.of(sizes), DType.F64);
  }

  private static <P extends Parameterized> P doubles(P layer) {
    layer.initialize(Seed.of(2)).to(DType.F64);
    return layer;
  }

  private static void assertClose(Tensor expected, Tensor found, double tolerance) {
    assertEquals(expected.shape(), found.shape());
    assertArrayEquals(expected.contiguous().toDoubles(), found.contiguous().toDoubles(), tolerance);
  }

  // ---- PyTorch's numbers ------------------------------------------------------------------------

  @Test
  void rnnOfReluAgreesWithPyTorch() {
    RNN layer = rnn(3, 2).layers(2).bidirectional().relu();
    SequenceGoldens.check(
        "rnn",
        layer,
        Map.of("x", sines(0.1, 4, 3, 3), "h", sines(0.2, 4, 3, 2)),
        in -> {
          var result = layer.forward(in.get("x"), Recurrent.State.of(in.get("h")));
          return Map.of("outputs", result.outputs(), "hidden", result.state().hidden());
        });
  }

  @Test
  void lstmOfDifferentLengthsAgreesWithPyTorch() {
    LSTM layer = lstm(3, 2).layers(2).bidirectional().batchFirst();
    SequenceGoldens.check(
        "lstm",
        layer,
        Map.of("x", sines(0.1, 3, 4, 3), "h", sines(0.2, 4, 3, 2), "c", sines(0.3, 4, 3, 2)),
        in -> {
          var start = Recurrent.State.of(in.get("h"), in.get("c"));
          var result = layer.forward(in.get("x"), start, 4, 1, 3);
          return Map.of(
              "outputs",
              result.outputs(),
              "hidden",
              result.state().hidden(),
              "cell",
              result.state().cell().orElseThrow());
        });
  }

  @Test
  void gruOfDifferentLengthsAgreesWithPyTorch() {
    GRU layer = gru(3, 2).layers(2).bidirectional();
    SequenceGoldens.check(
        "gru",
        layer,
        Map.of("x", sines(0.1, 4, 3, 3), "h", sines(0.2, 4, 3, 2)),
        in -> {
          var result = layer.forward(in.get("x"), Recurrent.State.of(in.get("h")), 2, 4, 3);
          return Map.of("outputs", result.outputs(), "hidden", result.state().hidden());
        });
    GRU bare = gru(3, 2).withoutBias();
    SequenceGoldens.check(
        "gru without bias",
        bare,
        Map.of("x", sines(0.1, 4, 3, 3)),
        in -> Map.of("outputs", bare.forward(in.get("x"))));
  }

  // ---- fast against naive -----------------------------------------------------------------------

  private static Stream<RecurrentCell> cells() {
    return Stream.of(
            new RNNCell(3, 4),
            new RNNCell(3, 4).withRelu(),
            new LSTMCell(3, 4).forgetBias(1),
            new LSTMCell(3, 4).fresh(3, false),
            new GRUCell(3, 4),
            new GRUCell(3, 4).fresh(3, false))
        .map(RecurrentTest::doubles);
  }

  /// The state as one variable, from which gradients flow into all of it.
  private static Variable whole(Recurrent.State state) {
    return state.cell().isEmpty()
        ? state.hidden()
        : Variable.concat(-1, state.hidden(), state.memory());
  }

  private static Recurrent.State state(RecurrentCell cell, Variable hidden, Variable memory) {
    return cell instanceof LSTMCell
        ? Recurrent.State.of(hidden, memory)
        : Recurrent.State.of(hidden);
  }

  @TestFactory
  Stream<DynamicTest> aCellIsItsNaiveTwinInValueAndGradient() {
    return cells()
        .map(cell ->
            DynamicTest.dynamicTest(
                cell.label(),
                () -> {
                  Variable x = Variable.leaf(draw(1, 5, 3));
                  Variable h = Variable.leaf(draw(2, 5, 4));
                  Variable c = Variable.leaf(draw(3, 5, 4));
                  Variable fast = whole(cell.forward(x, state(cell, h, c)));
                  Variable naive = whole(cell.naive(x, state(cell, h, c)));
                  assertClose(naive.value(), fast.value(), 1e-14);
                  Variable weights = Variable.constant(draw(4, fast.shape().toArray()));
                  var expected = naive.mul(weights).sum().backward();
                  var found = fast.mul(weights).sum().backward();
                  List<Variable> all = new ArrayList<>(cell.parameters());
                  all.addAll(List.of(x, h));
                  if (cell instanceof LSTMCell) {
                    all.add(c);
                  }
                  all.forEach(v -> assertClose(expected.get(v), found.get(v), 1e-12));
                }));
  }

  @TestFactory
  Stream<DynamicTest> aLayerIsALoopOverItsCell() {
    return Stream.of(rnn(3, 4), lstm(3, 4), gru(3, 4))
        .map(layer ->
            DynamicTest.dynamicTest(
                layer.label(),
                () -> {
                  doubles(layer);
                  RecurrentCell cell = layer.stack().cells().getFirst();
                  Variable x = Variable.constant(draw(1, 5, 2, 3));
                  var state = layer.start(2).select(0);
                  Variable[] outputs = new Variable[5];
                  for (int t = 0; t < 5; t++) {
                    state = cell.naive(x.select(0, t), state);
                    outputs[t] = state.hidden();
                  }
                  var result = layer.forward(x, layer.start(2));
                  Variable naive = Variable.stack(0, outputs);
                  assertClose(naive.value(), result.outputs().value(), 1e-13);
                  assertClose(whole(state).value(), whole(result.state().select(0)).value(), 1e-13);
                  var expected = naive.square().sum().backward();
                  var found = layer.forward(x).square().sum().backward();
                  for (Parameter parameter : layer.parameters()) {
                    assertClose(expected.get(parameter), found.get(parameter), 1e-12);
                  }
                }));
  }

  @TestFactory
  Stream<DynamicTest> gradientsOfTwoOrdersAgreeWithDifferences() {
    return Stream.concat(
        cells()
            .filter(cell -> !(cell instanceof RNNCell relu && relu.relu()))
            .map(cell ->
                DynamicTest.dynamicTest(
                    cell.label(),
                    () ->
                        GradCheck.of(
                                in ->
                                    whole(
                                        cell.forward(in.get(0), state(cell, in.get(1), in.get(2)))),
                                draw(1, 2, 3),
                                draw(2, 2, 4),
                                draw(3, 2, 4))
                            .orThrow())),
        Stream.of(rnn(3, 2), lstm(3, 2), gru(3, 2))
            .map(layer -> {
              var deep = layer.layers(2).bidirectional();
              doubles(deep);
              return DynamicTest.dynamicTest(
                  deep.label(),
                  () ->
                      GradCheck.of(
                              in -> deep.forward(in.get(0), deep.start(2), 3, 1).outputs(),
                              draw(1, 3, 2, 3))
                          .orThrow());
            }));
  }

  @Test
  void allStepsAsOneOperationAreTheirDefinition() {
    Tensor[] drawn = {draw(1, 3, 2, 12), draw(2, 2, 3), draw(3, 2, 3), draw(4, 12, 3)};
    List<Variable> in = Arrays.stream(drawn).map(Variable::leaf).toList();
    Variable fast = Variable.apply(new Unrolled(), in.toArray(Variable[]::new));
    Variable naive = Unrolled.definition(in);
    assertClose(naive.value(), fast.value(), 1e-14);
    Tensor weights = draw(5, 4, 2, 3);
    var expected = naive.mul(Variable.constant(weights)).sum().backward();
    var found = fast.mul(Variable.constant(weights)).sum().backward();
    in.forEach(x -> assertClose(expected.get(x), found.get(x), 1e-12));
    GradCheck.of(xs -> Variable.apply(new Unrolled(), xs.toArray(Variable[]::new)), drawn)
        .orThrow();
    // the same variable as both states: two contributions
    GradCheck.of(
            xs -> Variable.apply(new Unrolled(), xs.get(0), xs.get(1), xs.get(1), xs.get(2)),
            drawn[0],
            drawn[1],
            drawn[3])
        .orThrow();
  }

  @Test
  void gatesAreFiniteWhereTheyAreSaturated() {
    Variable gates = Variable.leaf(Tensor.full(-1e4, Shape.of(1, 4), DType.F32));
    Variable x = Variable.leaf(Tensor.full(1, Shape.of(1, 1), DType.F32));
    LSTMCell cell = new LSTMCell(1, 1);
    var next = cell.step(gates, Recurrent.State.of(x, x));
    assertEquals(0, next.hidden().item());
    var gradients = next.hidden().add(next.memory()).sum().backward();
    assertTrue(Arrays.stream(gradients.get(gates).toDoubles()).allMatch(Double::isFinite));
  }

  // ---- lengths, directions, pieces --------------------------------------------------------------

  @TestFactory
  Stream<DynamicTest> paddedSequencesAreTreatedAsEachWereAlone() {
    return Stream.of(
            rnn(3, 4).layers(2).bidirectional(),
            lstm(3, 4).layers(2).bidirectional(),
            gru(3, 4).layers(2).bidirectional())
        .map(layer ->
            DynamicTest.dynamicTest(
                layer.label(),
                () -> {
                  doubles(layer);
                  int[] lengths = {3, 0, 5, 1};
                  Variable x = Variable.leaf(draw(1, 5, 4, 3));
                  var result = layer.forward(x, layer.start(4), lengths);
                  for (int n = 0; n < 4; n++) {
                    Tensor outputs = result.outputs().value().select(1, n);
                    Tensor rest = outputs.narrow(0, lengths[n], 5 - lengths[n]);
                    assertEquals(0, rest.abs().sum().item());
                    Variable own =
                        Variable.constant(
                            x.value().narrow(1, n, 1).narrow(0, 0, lengths[n]).contiguous());
                    var alone = layer.forward(own, layer.start(1));
                    assertClose(
                        alone.outputs().value().select(1, 0),
                        outputs.narrow(0, 0, lengths[n]),
                        1e-14);
                    assertClose(
                        whole(alone.state()).value().select(1, 0),
                        whole(result.state()).value().select(1, n),
                        1e-14);
                  }
                  Tensor dx = result.outputs().square().sum().backward().get(x);
                  assertEquals(0, dx.select(1, 1).abs().sum().item());
                  assertEquals(0, dx.select(1, 0).narrow(0, 3, 2).abs().sum().item());
                  assertTrue(dx.select(1, 0).narrow(0, 0, 3).abs().sum().item() > 0);
                }));
  }

  @Test
  void theBackwardDirectionReadsTheFlippedSequence() {
    GRU both = doubles(gru(3, 4).bidirectional());
    Variable x = Variable.constant(draw(1, 5, 2, 3));
    GRU backward = new GRU(RecurrentStack.of(both.stack().cells().get(1)));
    assertClose(
        backward.forward(x.flip(0)).flip(0).value(),
        both.forward(x).narrow(-1, 4, 4).value(),
        1e-14);
  }

  @Test
  void aSequenceInPiecesGivesTheSameNumbersAndCutsTheirGradients() {
    LSTM layer = doubles(lstm(3, 4));
    Variable x = Variable.leaf(draw(1, 6, 2, 3));
    Variable whole = layer.forward(x);
    var joined = layer.forward(x.narrow(0, 0, 3), layer.start(2));
    var second = layer.forward(x.narrow(0, 3, 3), joined.state());
    assertClose(whole.value().narrow(0, 3, 3), second.outputs().value(), 1e-15);
    Tensor through = second.outputs().sum().backward().get(x);
    assertTrue(through.narrow(0, 0, 3).abs().sum().item() > 0, "the state leads back");

    Recurrent.State state = layer.start(2);
    try (var _ = Scope.open()) {
      state = layer.forward(x.narrow(0, 0, 3), state).state().detach().keep();
    }
    var cut = layer.forward(x.narrow(0, 3, 3), state);
    assertArrayEquals(second.outputs().value().toDoubles(), cut.outputs().value().toDoubles(), 0);
    Tensor stopped = cut.outputs().sum().backward().get(x);
    assertEquals(0, stopped.narrow(0, 0, 3).abs().sum().item());
    assertClose(through.narrow(0, 3, 3), stopped.narrow(0, 3, 3), 1e-15);
  }

  @Test
  void noStepsLeaveTheState() {
    LSTM layer = doubles(lstm(3, 4));
    var start =
        Recurrent.State.of(
            Variable.constant(draw(1, 1, 2, 4)), Variable.constant(draw(2, 1, 2, 4)));
    var result = layer.forward(Variable.constant(draw(1, 0, 2, 3)), start);
    assertEquals(Shape.of(0, 2, 4), result.outputs().shape());
    assertClose(start.memory().value(), result.state().memory().value(), 0);
  }

  @Test
  void dropoutActsBetweenLayersInTrainingOnly() {
    LSTM deep = doubles(lstm(3, 8).layers(2).dropout(0.5));
    Tensor x = draw(1, 5, 2, 3);
    double[] first = deep.forward(x).value().toDoubles();
    assertFalse(Arrays.equals(first, deep.forward(x).value().toDoubles()), "drawn anew");
    double[] used = Mode.inference(() -> deep.forward(x)).value().toDoubles();
    assertArrayEquals(used, Mode.inference(() -> deep.forward(x)).value().toDoubles());
    assertEquals(List.of("dropout.state"), List.copyOf(deep.namedBuffers().keySet()));
  }

  // ---- records with names -----------------------------------------------------------------------

  @Test
  void parametersHavePyTorchsNamesAndShapes() {
    LSTM layer = lstm(3, 4).layers(2).bidirectional();
    var named = layer.namedParameters();
    assertEquals(16, named.size());
    assertEquals(
        List.of(
            "weight_ih_l0",
            "weight_hh_l0",
            "bias_ih_l0",
            "bias_hh_l0",
            "weight_ih_l0_reverse",
            "weight_hh_l0_reverse"),
        List.copyOf(named.keySet()).subList(0, 6));
    assertEquals(Shape.of(16, 8), named.get("weight_ih_l1_reverse").shape());
    assertEquals("LSTM(3, 4, layers 2, bidirectional)", layer.label());
    assertEquals(
        "RNN(3, 4, relu, batch first, without bias)",
        rnn(3, 4).relu().withoutBias().batchFirst().label());
    assertEquals(
        List.of("weight_ih", "weight_hh", "bias_ih", "bias_hh"),
        List.copyOf(new GRUCell(2, 3).namedParameters().keySet()));
    assertSame(named.get("bias_hh_l1"), layer.batchFirst().namedParameters().get("bias_hh_l1"));
    LSTM copy = (LSTM) doubles(layer).copy();
    copy.parameters().getFirst().set(draw(1, 16, 3));
    assertFalse(
        Arrays.equals(
            copy.parameters().getFirst().value().toDoubles(),
            layer.parameters().getFirst().value().toDoubles()));
  }

  @Test
  void parametersBeginEvenlyWithinOneOverTheRootOfTheHiddenSize() {
    double bound = 1 / Math.sqrt(64);
    for (Recurrent<?> layer : List.of(rnn(100, 64), lstm(100, 64), gru(100, 64))) {
      layer.initialize(Seed.of(1));
      layer
          .namedParameters()
          .forEach((name, parameter) -> {
            double[] values = parameter.value().toDoubles();
            double n = values.length;
            assertTrue(Arrays.stream(values).allMatch(v -> Math.abs(v) <= bound), name);
            double square = Arrays.stream(values).map(v -> v * v).sum() / n;
            double deviation = bound * bound * Math.sqrt(4 / 45.0 / n);
            assertEquals(bound * bound / 3, square, 5 * deviation, name);
            assertEquals(0, Arrays.stream(values).sum() / n, 5 * bound / Math.sqrt(3 * n), name);
          });
    }
  }

  @Test
  void theForgetGateBeginsWithItsBias() {
    LSTM layer = lstm(3, 2).forgetBias(1.5);
    layer.initialize(Seed.of(1));
    float[] first = layer.namedParameters().get("bias_ih_l0").value().toFloats();
    float[] second = layer.namedParameters().get("bias_hh_l0").value().toFloats();
    assertArrayEquals(new float[] {1.5f, 1.5f}, Arrays.copyOfRange(first, 2, 4));
    assertArrayEquals(new float[] {0, 0}, Arrays.copyOfRange(second, 2, 4));
    assertTrue(first[0] != 0 && Math.abs(first[7]) <= 1 / Math.sqrt(2));
  }

  // ---- errors -----------------------------------------------------------------------------------

  private static void refused(String text, org.junit.jupiter.api.function.Executable executable) {
    assertEquals(text, assertThrows(RuntimeException.class, executable).getMessage());
  }

  @Test
  void whatDoesNotFitIsRefusedWithTheCure() {
    LSTM layer = lstm(3, 4).layers(2);
    refused(
        """
        LSTM: the input has 2 axes, expected 3
          input  (5, 3)   T N in
          help   one sequence alone is x.unsqueeze(1)\
        """,
        () -> layer.forward(draw(1, 5, 3)));
    refused(
        """
        LSTM: the input has 4 features, the weights expect 3
          input  (5, 2, 4)   N T in
          help   the layer was made for inputs of 3 features\
        """,
        () -> layer.batchFirst().forward(draw(1, 5, 2, 4)));
    Variable x = Variable.constant(Tensor.zeros(Shape.of(5, 2, 3), DType.F32));
    refused(
        """
        LSTM: the state is (2, 3, 4) and (2, 3, 4), expected (2, 2, 4)
          rule   a state is (layers·directions N H)\
        """,
        () -> layer.forward(x, layer.start(3)));
    refused(
        """
        LSTM: the state has no cell
          help   State.of(hidden, cell), or start(batch) for zeros\
        """,
        () -> layer.forward(x, gru(3, 4).layers(2).start(2)));
    refused(
        """
        GRU: the state has a cell, and needs none
          help   State.of(hidden), or start(batch) for zeros\
        """,
        () -> gru(3, 4).layers(2).forward(x, layer.start(2)));
    refused(
        """
        LSTM: 1 lengths for 2 sequences
          found  [5]\
        """,
        () -> layer.forward(x, layer.start(2), 5));
    refused(
        """
        LSTM: lengths must be between 0 and the 5 steps
          found  [5, 6]\
        """,
        () -> layer.forward(x, layer.start(2), 5, 6));
    refused(
        """
        GRUCell: the input is (2, 4), expected (N, in) with in = 3
          help   a whole sequence goes through a layer, such as lstm(in, hidden)\
        """,
        () -> new GRUCell(3, 4).forward(Variable.constant(draw(1, 2, 4)), gru(3, 4).start(2)));
  }

  @Test
  void badOptionsAreRefused() {
    refused(
        """
        LSTM: dropout acts between layers, and there is one
          help   layers(2).dropout(0.1)\
        """,
        () -> lstm(3, 4).dropout(0.1));
    refused(
        """
        RNN: needs at least one layer, found 0
          help   layers(1) is the default\
        """,
        () -> rnn(3, 4).layers(0));
    refused(
        """
        GRUCell: sizes must be positive, found 3 and 0
          rule   the sizes are (inputSize, hiddenSize)\
        """,
        () -> gru(3, 0));
  }
}
