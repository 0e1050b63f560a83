package vectorgrad.optim;

import static vectorgrad.numerics.Formula.input;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import vectorgrad.autograd.Parameter;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Cell;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// The average of parameters over the steps of a run. Steps jump about a good place; their mean
/// lies nearer to it than any of them, and often predicts better.
///
/// | | the average after a step with weights w | |
/// |---|---|---|
/// | [#exponential] | `a ← decay·a + (1 − decay)·w` | remembers about `1 / (1 − decay)` steps; Polyak and Juditsky 1992 |
/// | [#equal] | `a ← a + (w − a) / n` | of all `n` updates, say one at the end of each cycle: stochastic weight averaging, Izmailov et al. 2018 |
///
/// The first update takes the weights as they are.
///
/// ```java
/// var average = WeightAverage.exponential(model.parameters(), 0.999);
/// // after each optimizer.step(…):
/// average.update();
/// // now and then:
/// double accuracy = average.with(() -> evaluate(model));
/// ```
///
/// One pass over memory for each update, and memory for one copy of the parameters. Buffers are not
/// averaged: after [#apply], let batch norm see some batches in training mode again.
public final class WeightAverage {
  /// `a + rate·(w − a)`
  private static final Program BLEND =
      Program.of(input(0).plus(input(2).times(input(1).minus(input(0)))));

  private final List<Parameter> parameters;
  private final OptionalDouble decay;
  private final List<Cell> averages = new ArrayList<>();
  private long updates;

  private WeightAverage(List<Parameter> parameters, OptionalDouble decay) {
    this.parameters = List.copyOf(parameters);
    this.decay = decay;
    parameters.forEach(parameter -> averages.add(new Cell(parameter.value())));
  }

  /// An average that forgets: each update keeps `decay` of it, below 1, such as 0.999.
  ///
  /// @throws IllegalArgumentException if `decay` is not in [0, 1)
  public static WeightAverage exponential(List<Parameter> parameters, double decay) {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException(
          Message.of("WeightAverage", "decay is " + decay)
              .row("rule", "0 <= decay < 1: what is kept of the average at each update")
              .toString());
    }
    return new WeightAverage(parameters, OptionalDouble.of(decay));
  }

  /// The mean of all updates.
  public static WeightAverage equal(List<Parameter> parameters) {
    return new WeightAverage(parameters, OptionalDouble.empty());
  }

  /// Takes the present weights into the average.
  public void update() {
    updates++;
    double rate = updates == 1 ? 1 : 1 - decay.orElse(1 - 1.0 / updates);
    for (int i = 0; i < averages.size(); i++) {
      Tensor weights = parameters.get(i).value();
      Cell average = followed(i);
      if (rate == 1) {
        average.set(weights);
      } else {
        Tensor share = Tensor.full(rate, Shape.SCALAR, weights.dtype(), weights.device());
        Cell.update(BLEND, List.of(average), average.value(), weights, share);
      }
    }
  }

  /// An average where its parameter is, which may have moved or been converted.
  private Cell followed(int i) {
    Cell average = averages.get(i);
    Tensor weights = parameters.get(i).value();
    DType dtype = weights.dtype();
    if (average.value().dtype() != dtype || average.value().device() != weights.device()) {
      average.set(average.value().to(dtype).to(weights.device()));
    }
    return average;
  }

  /// How many updates there were.
  public long updates() {
    return updates;
  }

  /// Runs `work` with the averages as weights, and puts the weights back, to the bit, whatever
  /// happens.
  public <T> T with(Supplier<T> work) {
    List<Tensor> weights =
        Scope.outside(() -> parameters.stream().map(p -> p.value().copy()).toList());
    apply();
    try {
      return work.get();
    } finally {
      for (int i = 0; i < weights.size(); i++) {
        parameters.get(i).set(weights.get(i));
      }
    }
  }

  /// Makes the averages the weights, for good; before the first update nothing happens.
  public void apply() {
    for (int i = 0; updates > 0 && i < averages.size(); i++) {
      parameters.get(i).set(followed(i).value());
    }
  }

  /// `exponential(0.999)` or `equal`.
  @Override
  public String toString() {
    return decay.isPresent() ? "exponential(" + decay.getAsDouble() + ")" : "equal";
  }

  /// What to save of the averages, by `name.average`; parameters without a name are told by number.
  public Map<String, Cell> state() {
    Map<String, Cell> state = new LinkedHashMap<>();
    for (int i = 0; i < averages.size(); i++) {
      String name = parameters.get(i).name();
      state.put((name.isEmpty() ? Integer.toString(i) : name) + ".average", averages.get(i));
    }
    return state;
  }

  /// Goes on from what was saved.
  ///
  /// @throws IllegalArgumentException if names or shapes differ, with the table of differences, and
  ///   nothing is changed
  public void restore(Map<String, Tensor> saved, long updates) {
    Differences.refuse("WeightAverage", state(), saved);
    state().forEach((name, cell) -> cell.set(saved.get(name)));
    this.updates = updates;
  }
}
