package vectorgrad.nn;

import static vectorgrad.numerics.Formula.input;

import java.util.List;
import java.util.Optional;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.numerics.Formula;
import vectorgrad.tensor.Shape;

/// One step of a gated recurrent unit, with the gates in PyTorch's order r, z, n:
///
/// ```
/// r = σ(x·W_irᵀ + b_ir + h·W_hrᵀ + b_hr)          what of the past the news may see
/// z = σ(x·W_izᵀ + b_iz + h·W_hzᵀ + b_hz)          what to keep
/// n = tanh(x·W_inᵀ + b_in + r·(h·W_hnᵀ + b_hn))   the news
/// h′ = (1 − z)·n + z·h
/// ```
///
/// Shapes, names and initial values are those of every [RecurrentCell], with G = 3. As in PyTorch
/// and cuDNN, r is applied behind the product with `W_hn`; in the paper before it. So all three
/// gates of the hidden state are one product, and both biases of n count.
///
/// Cho et al. 2014, *Learning phrase representations*; this form: Chung et al. 2014 and version 1
/// of the former.
///
/// @param weightIh the weight of the input
/// @param weightHh the weight of the hidden state
/// @param biasIh the bias beside the input, or empty
/// @param biasHh the bias beside the hidden state, or empty
public record GRUCell(
    Parameter weightIh, Parameter weightHh, Optional<Parameter> biasIh, Optional<Parameter> biasHh)
    implements RecurrentCell {
  private static final Gated GATES = gates();

  private static Gated gates() {
    Formula reset = input(0).plus(input(3)).sigmoid();
    Formula keep = input(1).plus(input(4)).sigmoid();
    Formula news = input(2).plus(reset.times(input(5))).tanh();
    return Gated.of(List.of(3, 3, 1), news.plus(keep.times(input(6).minus(news))));
  }

  /// A cell with biases, all zeros until it is initialised.
  ///
  /// @throws IllegalArgumentException if a size is not positive
  public GRUCell(int inputSize, int hiddenSize) {
    this(inputSize, hiddenSize, true);
  }

  private GRUCell(int inputSize, int hiddenSize, boolean biased) {
    Sizes.expect("GRUCell", "(inputSize, hiddenSize)", inputSize, hiddenSize);
    Shape bias = Shape.of(3 * hiddenSize);
    this(
        Parameter.of(Shape.of(3 * hiddenSize, inputSize)),
        Parameter.of(Shape.of(3 * hiddenSize, hiddenSize)),
        biased ? Optional.of(Parameter.of(bias)) : Optional.empty(),
        biased ? Optional.of(Parameter.of(bias)) : Optional.empty());
  }

  @Override
  public Recurrent.State naive(Variable x, Recurrent.State state) {
    Variable h = state.hidden();
    Variable r = Gates.one(this, x, h, 0).sigmoid();
    Variable z = Gates.one(this, x, h, 1).sigmoid();
    Variable past = Gates.ofHidden(this, h, 2);
    Variable n = Gates.ofInput(this, x, 2).add(r.mul(past)).tanh();
    return Recurrent.State.of(z.neg().add(1).mul(n).add(z.mul(h)));
  }

  @Override
  public Variable project(Variable x) {
    return new Linear(weightIh, biasIh).forward(x);
  }

  @Override
  public Recurrent.State step(Variable projected, Recurrent.State state) {
    Variable past = new Linear(weightHh, biasHh).forward(state.hidden());
    return Recurrent.State.of(Variable.apply(GATES, projected, past, state.hidden()));
  }

  @Override
  public GRUCell fresh(int inputSize, boolean biased) {
    return new GRUCell(inputSize, hiddenSize(), biased);
  }
}
