package vectorgrad.nn;

import java.util.Map;
import java.util.Optional;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// A recurrent network: a [RecurrentCell] for every layer, and twice that if it reads in both
/// directions, in a loop over the steps of sequences.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x | (T, N, in) | T steps of N sequences; (N, T, in) if [#batchFirst()] |
/// | outputs | (T, N, D·H) | the hidden states of the last layer, D = 2 if [#bidirectional()]: forward, then backward |
/// | state.hidden | (L·D, N, H) | of every layer and direction, at the end of its reading |
/// | state.cell | (L·D, N, H) | of an [LSTM] |
/// | weight_ih_l0, weight_hh_l0_reverse, … | | those of the cells, named by layer and direction; begin as U(±1/√H) |
///
/// Layer l > 0 reads the outputs of layer l − 1, of D·H features. Options are copies: `lstm(10,
/// 20).layers(2).bidirectional().batchFirst().dropout(0.1)`. Those that change the number of
/// parameters (`layers`, `bidirectional`, `withoutBias`) make new ones, to be initialised.
///
/// **Sequences of different lengths** are padded to T steps, with any numbers. Behind the end of a
/// sequence its outputs are 0 and its state stays; the backward direction begins at its end. What
/// is padded has a gradient of 0. This gives PyTorch's results for packed sequences, in any order,
/// by masks: the padded steps are computed, and dropped.
///
/// **Long sequences** are cut: `state.detach().keep()` carries the state over to the next piece,
/// but no gradient back (truncated back-propagation through time, Williams and Peng 1990).
///
/// Cost: 2·G·H·(in + H) flops a step, sequence, layer and direction. The products with inputs are
/// one for all T steps; those with hidden states wait for each other. Backward keeps all states and
/// gates. An [LSTM] on sequences of one length is one operation, whose weights' gradient is one
/// product too (`Unrolled`).
///
/// @param <R> the layer itself
public sealed interface Recurrent<R extends Recurrent<R>> extends Layer permits RNN, LSTM, GRU {
  /// Cells and options.
  RecurrentStack stack();

  /// A layer of this kind with other cells and options.
  R with(RecurrentStack stack);

  /// The outputs and the last state, from the state `initial` on.
  ///
  /// @throws ShapeException if the input or the state does not fit
  default Result forward(Variable x, State initial) {
    return stack().run(this, x, Optional.of(initial), Optional.empty());
  }

  /// The outputs and the last state of sequences of different `lengths`, one of 0 to T for each.
  ///
  /// @throws ShapeException if the input or the state does not fit
  /// @throws IllegalArgumentException if there is not one length for each sequence, or one is not
  ///   between 0 and T
  default Result forward(Variable x, State initial, int... lengths) {
    return stack().run(this, x, Optional.of(initial), Optional.of(lengths.clone()));
  }

  /// The outputs alone, from a state of zeros on.
  @Override
  default Variable forward(Variable x) {
    return stack().run(this, x, Optional.empty(), Optional.empty()).outputs();
  }

  /// The state to begin with: zeros for `batch` sequences.
  default State start(int batch) {
    return stack().start(batch);
  }

  /// With so many layers, whose parameters are new.
  ///
  /// @throws IllegalArgumentException if there is none
  default R layers(int layers) {
    return with(stack().layers(layers));
  }

  /// Reading every sequence forward and backward, with new parameters. Schuster and Paliwal 1997.
  default R bidirectional() {
    return with(stack().rebuilt(stack().layers(), true, stack().biased()));
  }

  /// Without biases, with new weights.
  default R withoutBias() {
    return with(stack().rebuilt(stack().layers(), stack().bidirectional(), false));
  }

  /// With the batch as the first axis of inputs and outputs; states have it second all the same.
  default R batchFirst() {
    return with(stack().batchFirst(true));
  }

  /// With dropout on the outputs of every layer but the last.
  ///
  /// @throws IllegalArgumentException if there is only one layer
  default R dropout(double probability) {
    return with(stack().dropout(probability));
  }

  @Override
  default Map<String, Object> components() {
    return stack().components();
  }

  @Override
  default Initializer initializer(String component) {
    return stack().initializer(component);
  }

  @Override
  default String label() {
    return stack().label(getClass().getSimpleName());
  }

  /// What a recurrent layer gives.
  ///
  /// @param outputs the hidden states of the last layer at every step
  /// @param state of every layer at the end
  record Result(Variable outputs, State state) {}

  /// What a recurrent network knows of the past.
  ///
  /// @param hidden the hidden state
  /// @param cell the memory of an LSTM; others have none
  record State(Variable hidden, Optional<Variable> cell) {
    /// A state without memory.
    public static State of(Variable hidden) {
      return new State(hidden, Optional.empty());
    }

    /// The state of an LSTM.
    public static State of(Variable hidden, Variable cell) {
      return new State(hidden, Optional.of(cell));
    }

    /// The same numbers without history: gradients stop here.
    public State detach() {
      return new State(hidden.detach(), cell.map(Variable::detach));
    }

    /// Lets the numbers outlive the scope they were made in.
    public State keep() {
      return new State(hidden.keep(), cell.map(Variable::keep));
    }

    State to(DType dtype) {
      return new State(hidden.to(dtype), cell.map(c -> c.to(dtype)));
    }

    Variable memory() {
      return cell.orElseThrow();
    }

    /// Of one layer and direction.
    State select(int place) {
      return new State(hidden.select(0, place), cell.map(c -> c.select(0, place)));
    }

    /// This state where `going` (N, 1), the state `before` elsewhere.
    State where(Tensor going, State before) {
      return new State(
          Variable.where(going, hidden, before.hidden),
          cell.map(c -> Variable.where(going, c, before.memory())));
    }

    /// Refuses a state of other sizes, or of another kind of cell.
    void expect(Parameterized owner, Shape shape, String axes) {
      String operation = owner.getClass().getSimpleName();
      boolean remembers = owner instanceof LSTM || owner instanceof LSTMCell;
      if (remembers != cell.isPresent()) {
        throw new IllegalArgumentException(
            Location.message(
                    owner,
                    operation,
                    remembers ? "the state has no cell" : "the state has a cell, and needs none")
                .row(
                    "help",
                    remembers
                        ? "State.of(hidden, cell), or start(batch) for zeros"
                        : "State.of(hidden), or start(batch) for zeros")
                .toString());
      }
      if (!hidden.shape().equals(shape) || !cell.map(Variable::shape).orElse(shape).equals(shape)) {
        throw new ShapeException(
            Location.message(
                    owner,
                    operation,
                    "the state is "
                        + hidden.shape()
                        + cell.map(c -> " and " + c.shape()).orElse("")
                        + ", expected "
                        + shape)
                .row("rule", "a state is (" + axes + ")"),
            hidden.shape(),
            shape);
      }
    }
  }
}
