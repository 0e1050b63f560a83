package vectorgrad.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;

/// One step of a recurrent network: from the input of this step and the state before it to the
/// state after it. [Recurrent] layers are loops over such cells, with the same parameters.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x | (N, in) | the input of one step |
/// | state.hidden | (N, H) | what the cell knows; it is its output too |
/// | state.cell | (N, H) | the memory of an [LSTMCell]; others have none |
/// | weight_ih | (G·H, in) | for the input, the G gates one below the other |
/// | weight_hh | (G·H, H) | for the hidden state |
/// | bias_ih, bias_hh | (G·H) | both, as PyTorch has them; their sum is what counts, but in a [GRUCell] |
///
/// All parameters begin as U(±1/√H). Names, layouts and distribution are PyTorch's, so that its
/// checkpoints fit.
///
/// Cost: 2·G·H·(in + H) flops an example, in two products however many gates there are.
public sealed interface RecurrentCell extends Parameterized permits RNNCell, LSTMCell, GRUCell {
  /// The weight of the input.
  Parameter weightIh();

  /// The weight of the hidden state.
  Parameter weightHh();

  /// The bias beside the input, or empty.
  Optional<Parameter> biasIh();

  /// The bias beside the hidden state, or empty.
  Optional<Parameter> biasHh();

  /// The step written gate by gate, as in books, each with products of its own: the definition that
  /// [#forward] is tested against.
  ///
  /// @param x (N, in)
  /// @param state before the step
  Recurrent.State naive(Variable x, Recurrent.State state);

  /// The step after all products with inputs: so a layer can make these of all steps in one.
  ///
  /// @param projected what [#project] gave, (N, G·H)
  /// @param state before the step
  Recurrent.State step(Variable projected, Recurrent.State state);

  /// What the input contributes to every gate: `x·W_ihᵀ` and the biases that can be added at once.
  ///
  /// @param x (…, in)
  Variable project(Variable x);

  /// A cell of the same kind with parameters of its own.
  RecurrentCell fresh(int inputSize, boolean biased);

  /// The state after the step.
  ///
  /// @param x (N, in)
  /// @param state before the step
  /// @throws ShapeException if the features of the input or the sizes of the state do not fit
  default Recurrent.State forward(Variable x, Recurrent.State state) {
    expectFeatures(this, x.shape());
    state.expect(this, Shape.of(x.size(0), hiddenSize()), "N H");
    return step(project(x), state.to(weightHh().dtype()));
  }

  /// How many features an input has.
  default int inputSize() {
    return weightIh().shape().get(1);
  }

  /// How many features a state has.
  default int hiddenSize() {
    return weightHh().shape().get(1);
  }

  @Override
  default Map<String, Object> components() {
    Map<String, Object> named = new LinkedHashMap<>();
    named.put("weight_ih", weightIh());
    named.put("weight_hh", weightHh());
    named.put("bias_ih", biasIh());
    named.put("bias_hh", biasHh());
    return named;
  }

  @Override
  default Initializer initializer(String component) {
    double bound = 1 / Math.sqrt(hiddenSize());
    return Initializer.uniform(-bound, bound);
  }

  @Override
  default String label() {
    return getClass().getSimpleName() + "(" + inputSize() + ", " + hiddenSize() + ")";
  }

  /// Refuses inputs of other features or axes.
  private static void expectFeatures(RecurrentCell cell, Shape shape) {
    if (shape.rank() != 2 || shape.get(-1) != cell.inputSize()) {
      throw new ShapeException(
          Location.message(
                  cell,
                  cell.getClass().getSimpleName(),
                  "the input is " + shape + ", expected (N, in) with in = " + cell.inputSize())
              .row("help", "a whole sequence goes through a layer, such as lstm(in, hidden)"),
          shape);
    }
  }
}
