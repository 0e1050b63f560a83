package vectorgrad.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// The cells and options of a [Recurrent] layer, and the loop over layers, directions and steps.
///
/// @param cells of layer 0 forward, backward if bidirectional, of layer 1 …
/// @param bidirectional whether every layer reads backward too
/// @param batchFirst whether the batch is the first axis of inputs and outputs
/// @param dropout between layers, or empty
public record RecurrentStack(
    List<RecurrentCell> cells, boolean bidirectional, boolean batchFirst, Optional<Dropout> dropout)
    implements Parameterized {

  /// Takes a copy of the list.
  public RecurrentStack {
    cells = List.copyOf(cells);
  }

  static RecurrentStack of(RecurrentCell cell) {
    return new RecurrentStack(List.of(cell), false, false, Optional.empty());
  }

  private int directions() {
    return bidirectional ? 2 : 1;
  }

  int layers() {
    return cells.size() / directions();
  }

  boolean biased() {
    return cells.getFirst().biasIh().isPresent();
  }

  // ---- options --------------------------------------------------------------------------------

  RecurrentStack layers(int layers) {
    if (layers <= 0) {
      throw refused("needs at least one layer, found " + layers, "layers(1) is the default");
    }
    return rebuilt(layers, bidirectional, biased());
  }

  RecurrentStack rebuilt(int layers, boolean both, boolean biased) {
    RecurrentCell like = cells.getFirst();
    List<RecurrentCell> made = new ArrayList<>();
    int width = like.inputSize();
    for (int layer = 0; layer < layers; layer++) {
      for (int direction = 0; direction < (both ? 2 : 1); direction++) {
        made.add(like.fresh(width, biased));
      }
      width = like.hiddenSize() * (both ? 2 : 1);
    }
    return new RecurrentStack(made, both, batchFirst, dropout);
  }

  RecurrentStack map(UnaryOperator<RecurrentCell> change) {
    return new RecurrentStack(
        cells.stream().map(change).toList(), bidirectional, batchFirst, dropout);
  }

  RecurrentStack batchFirst(boolean first) {
    return new RecurrentStack(cells, bidirectional, first, dropout);
  }

  RecurrentStack dropout(double probability) {
    if (layers() == 1) {
      throw refused("dropout acts between layers, and there is one", "layers(2).dropout(0.1)");
    }
    return new RecurrentStack(
        cells, bidirectional, batchFirst, Optional.of(new Dropout(probability)));
  }

  private IllegalArgumentException refused(String problem, String help) {
    return new IllegalArgumentException(Message.of(kind(), problem).row("help", help).toString());
  }

  private String kind() {
    return cells.getFirst().getClass().getSimpleName().replace("Cell", "");
  }

  // ---- the loop -------------------------------------------------------------------------------

  Recurrent.State start(int batch) {
    RecurrentCell cell = cells.getFirst();
    Variable zeros =
        Variable.constant(
            Tensor.zeros(stateShape(batch), cell.weightHh().dtype(), cell.weightHh().device()));
    return new Recurrent.State(
        zeros, cell instanceof LSTMCell ? Optional.of(zeros) : Optional.empty());
  }

  private Shape stateShape(int batch) {
    return Shape.of(cells.size(), batch, cells.getFirst().hiddenSize());
  }

  Recurrent.Result run(
      Recurrent<?> owner, Variable x, Optional<Recurrent.State> initial, Optional<int[]> lengths) {
    expectInput(owner, x.shape());
    Variable y = batchFirst ? x.swapaxes(0, 1) : x;
    int batch = y.size(1);
    Recurrent.State begin = initial.orElseGet(() -> start(batch));
    begin.expect(owner, stateShape(batch), "layers·directions N H");
    lengths.ifPresent(some -> expectLengths(some, y.size(0), batch));
    Recurrent.State state = begin.to(cells.getFirst().weightHh().dtype());
    List<Recurrent.State> ends = new ArrayList<>();
    Variable read = y;
    for (int layer = 0; layer < layers(); layer++) {
      if (layer > 0 && dropout.isPresent()) {
        read = Location.step(owner, "dropout", dropout.get(), read);
      }
      Variable[] outputs = new Variable[directions()];
      for (int direction = 0; direction < directions(); direction++) {
        int place = layer * directions() + direction;
        var one = loop(cells.get(place), read, state.select(place), direction == 1, lengths);
        outputs[direction] = one.outputs();
        ends.add(one.state());
      }
      read = outputs.length == 1 ? outputs[0] : Variable.concat(-1, outputs);
    }
    return new Recurrent.Result(batchFirst ? read.swapaxes(0, 1) : read, stacked(ends));
  }

  /// One layer in one direction, over (T, N, in).
  private static Recurrent.Result loop(
      RecurrentCell cell,
      Variable x,
      Recurrent.State initial,
      boolean backward,
      Optional<int[]> lengths) {
    int steps = x.size(0);
    if (steps == 0) {
      Shape none = Shape.of(0, x.size(1), cell.hiddenSize());
      return new Recurrent.Result(
          Variable.constant(Tensor.zeros(none, x.dtype(), x.device())), initial);
    }
    Variable contribution = cell.project(x); // all steps in one product
    if (lengths.isEmpty() && Unrolled.suits(cell, contribution, initial)) {
      Variable read = backward ? contribution.flip(0) : contribution;
      var all = Unrolled.run(cell, read, initial);
      return backward ? new Recurrent.Result(all.outputs().flip(0), all.state()) : all;
    }
    List<Variable> projected = contribution.unbind(0);
    Optional<Tensor> ends =
        lengths.map(all -> Tensor.of(all).reshape(all.length, 1).to(x.device()));
    int shortest =
        lengths.flatMap(all -> Arrays.stream(all).boxed().min(Integer::compare)).orElse(steps);
    Variable[] outputs = new Variable[steps];
    Recurrent.State state = initial;
    for (int i = 0; i < steps; i++) {
      int t = backward ? steps - 1 - i : i;
      Recurrent.State next = cell.step(projected.get(t), state);
      state = t < shortest ? next : next.where(ends.orElseThrow().gt(t), state);
      outputs[t] = state.hidden();
    }
    Variable all = Variable.stack(0, outputs);
    if (shortest < steps) {
      Tensor step = Tensor.arange(steps, DType.I32).to(x.device()).reshape(steps, 1, 1);
      all = all.maskedFill(step.ge(ends.orElseThrow()), 0);
    }
    return new Recurrent.Result(all, state);
  }

  private static Recurrent.State stacked(List<Recurrent.State> states) {
    Variable hidden =
        Variable.stack(0, states.stream().map(Recurrent.State::hidden).toArray(Variable[]::new));
    return states.getFirst().cell().isEmpty()
        ? Recurrent.State.of(hidden)
        : Recurrent.State.of(
            hidden,
            Variable.stack(
                0, states.stream().map(Recurrent.State::memory).toArray(Variable[]::new)));
  }

  private void expectInput(Recurrent<?> owner, Shape shape) {
    int in = cells.getFirst().inputSize();
    if (shape.rank() != 3 || shape.get(2) != in) {
      throw new ShapeException(
          Location.message(
                  owner,
                  kind(),
                  shape.rank() != 3
                      ? "the input has " + shape.rank() + " axes, expected 3"
                      : "the input has " + shape.get(2) + " features, the weights expect " + in)
              .row("input", shape + (batchFirst ? "   N T in" : "   T N in"))
              .row(
                  "help",
                  shape.rank() == 2
                      ? "one sequence alone is x.unsqueeze(" + (batchFirst ? 0 : 1) + ")"
                      : "the layer was made for inputs of " + in + " features"),
          shape);
    }
  }

  private void expectLengths(int[] lengths, int steps, int batch) {
    boolean outside = Arrays.stream(lengths).anyMatch(length -> length < 0 || length > steps);
    if (lengths.length != batch || outside) {
      throw new IllegalArgumentException(
          Message.of(
                  kind(),
                  outside
                      ? "lengths must be between 0 and the " + steps + " steps"
                      : lengths.length + " lengths for " + batch + " sequences")
              .row("found", Arrays.toString(lengths))
              .toString());
    }
  }

  // ---- names ----------------------------------------------------------------------------------

  /// The cells' parameters under PyTorch's names: `weight_ih_l0`, `bias_hh_l1_reverse`.
  @Override
  public Map<String, Object> components() {
    Map<String, Object> named = new LinkedHashMap<>();
    for (int i = 0; i < cells.size(); i++) {
      String place = "_l" + i / directions() + (i % directions() == 1 ? "_reverse" : "");
      cells.get(i).components().forEach((name, value) -> named.put(name + place, value));
    }
    dropout.ifPresent(layer -> named.put("dropout", layer));
    return named;
  }

  @Override
  public Initializer initializer(String component) {
    return cells.getFirst().initializer(component);
  }

  String label(String name) {
    RecurrentCell cell = cells.getFirst();
    StringBuilder text = new StringBuilder(name).append('(');
    text.append(cell.inputSize()).append(", ").append(cell.hiddenSize());
    if (layers() > 1) {
      text.append(", layers ").append(layers());
    }
    text.append(cell instanceof RNNCell rnn && rnn.relu() ? ", relu" : "");
    text.append(bidirectional ? ", bidirectional" : "");
    text.append(batchFirst ? ", batch first" : "");
    return text.append(biased() ? ")" : ", without bias)").toString();
  }
}
