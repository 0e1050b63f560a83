package vectorgrad.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.optim.FormulaOptimizer;
import vectorgrad.optim.Lbfgs;
import vectorgrad.optim.Optimizer;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Tensor;
import vectorgrad.train.Valley.Place;

/// Optimizers going down one valley from one place, each at the constant rate that suits it best.
///
/// **Fairness.** All settings but the rate are defaults, momentum 0.9. Every rate of [#RATES] is
/// tried, and the best one races: the one that arrives after the fewest steps; if none arrives, the
/// one that ends lowest; of equals the smaller. *Arrived* is who is within [#NEAR] of the minimum
/// and stays there until the race is over, so that flying past does not count. Who leaves the
/// valley's [Valley#window()] is out. Time is counted in gradients: an optimizer that needs several
/// for a step, such as [Lbfgs] with its line search, stands still meanwhile.
///
/// @param valley where it takes place
/// @param steps how many gradients each may take
/// @param runs who took part, the best first
public record Race(Valley valley, int steps, List<Run> runs) {
  /// The rates that are tried.
  public static final List<Double> RATES =
      List.of(
          1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0);

  /// How much larger than at the minimum the value may be of who has arrived.
  public static final double NEAR = 1e-3;

  /// How one of them went.
  ///
  /// @param optimizer who
  /// @param rate at which learning rate
  /// @param path where it was after 0, 1, … steps
  /// @param values the valley's values there
  public record Run(OptimizerFamily optimizer, double rate, List<Place> path, List<Double> values) {

    /// The first step after which it was near the minimum for good.
    public OptionalInt arrival() {
      int step = values.size();
      while (step > 0 && values.get(step - 1) <= NEAR) {
        step--;
      }
      return step < values.size() ? OptionalInt.of(step) : OptionalInt.empty();
    }

    /// The value where it ended.
    public double last() {
      return values.getLast();
    }
  }

  /// The better run first.
  private static final Comparator<Run> ORDER =
      Comparator.<Run>comparingInt(run -> run.arrival().orElse(Integer.MAX_VALUE))
          .thenComparingDouble(run -> run.arrival().isPresent() ? 0 : run.last());

  /// Lets them race.
  ///
  /// @param steps how many gradients each may take, at least 1
  public static Race of(Valley valley, List<OptimizerFamily> optimizers, int steps) {
    List<Run> runs = new ArrayList<>();
    for (OptimizerFamily optimizer : optimizers) {
      runs.add(
          RATES.stream()
              .map(rate -> run(valley, optimizer, rate, steps))
              .min(ORDER) // the first of equals
              .orElseThrow());
    }
    runs.sort(ORDER);
    return new Race(valley, steps, List.copyOf(runs));
  }

  /// One descent. Who leaves the window stays where it was last, at an infinite value.
  static Run run(Valley valley, OptimizerFamily member, double rate, int steps) {
    Parameter place = Parameter.of(Tensor.of(valley.start().x(), valley.start().y()));
    Optimizer optimizer = member.over(List.of(place));
    switch (optimizer) {
      case FormulaOptimizer formula -> formula.learningRate(rate);
      case Lbfgs lbfgs -> lbfgs.learningRate(rate);
      default -> throw new IllegalStateException(member + " has no rate");
    }
    List<Place> path = new ArrayList<>(List.of(valley.start()));
    List<Double> values = new ArrayList<>(List.of(valley.at(valley.start())));
    while (path.size() <= steps) {
      int gradients = 1;
      try (Scope _ = Scope.open()) {
        gradients = step(optimizer, valley, place);
      }
      double[] p = place.value().toDoubles();
      Place now = new Place(p[0], p[1]);
      double value = valley.at(now);
      if (!valley.window().contains(now)) { // not a number is nowhere
        path.addAll(Collections.nCopies(steps + 1 - path.size(), path.getLast()));
        values.addAll(Collections.nCopies(path.size() - values.size(), Double.POSITIVE_INFINITY));
        break;
      }
      while (--gradients > 0 && path.size() < steps) { // it looks around before it goes
        path.add(path.getLast());
        values.add(values.getLast());
      }
      path.add(now);
      values.add(value);
    }
    return new Run(member, rate, List.copyOf(path), List.copyOf(values));
  }

  /// Makes a step.
  ///
  /// @return how many gradients it took
  private static int step(Optimizer optimizer, Valley valley, Parameter place) {
    if (optimizer instanceof Lbfgs lbfgs) {
      int[] gradients = {0};
      lbfgs.step(() -> {
        gradients[0]++;
        return valley.at(place);
      });
      return gradients[0];
    }
    Variable loss = valley.at(place);
    optimizer.step(loss.backward());
    return 1;
  }
}
