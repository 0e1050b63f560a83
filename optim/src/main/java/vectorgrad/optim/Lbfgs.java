package vectorgrad.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import vectorgrad.autograd.GradientException;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Cell;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Newton's method with the inverse of the second derivatives guessed from the last few steps: `d =
/// −H·g`, where `H` fits how the gradient changed along each of them. For smooth losses over all
/// samples at once, where it needs tens of steps instead of thousands.
///
/// ```java
/// var lbfgs = new Lbfgs(model.parameters());
/// double before = lbfgs.step(() -> crossEntropy(model.forward(images), labels));
/// ```
///
/// One [#step(Supplier)] is up to 20 iterations, each a line search for the strong Wolfe
/// conditions, so the loss is computed several times and must be the same function each time: a
/// dropout or a new batch would be noise to it. [#step(Gradients)] is one iteration of the fixed
/// length that the rate says.
///
/// ```
/// q = −g;  newest to oldest:  αᵢ = sᵢ·q / yᵢ·sᵢ,  q ← q − αᵢ·yᵢ
/// d = (y·s / y·y)·q;  oldest to newest:  d ← d + (αᵢ − yᵢ·d / yᵢ·sᵢ)·sᵢ
/// ```
///
/// with `s` a step and `y` the change of the gradient over it. Cost: `4·history` products of
/// vectors an iteration beside the loss. State: `2·history + 2` copies of the parameters. Defaults:
/// rate 1, history 10, 20 iterations, 25 evaluations; as PyTorch's but for the history (there 100,
/// allocated as it grows; here a checkpoint has the same names from the start) and the line search
/// (there off: without it the first step of a valley like Rosenbrock's may lead anywhere). Liu and
/// Nocedal 1989.
public final class Lbfgs implements Optimizer {
  /// Pairs that curve less are not remembered.
  private static final double LEAST_CURVATURE = 1e-10;

  private static final int NUMBERS = 4; // before the curvatures

  private final Joined all;
  private Schedule schedule = Schedule.constant(1);
  private int history = 10;
  private int mostIterations = 20;
  private int mostEvaluations = 25;
  private double flat = 1e-7;
  private double still = 1e-9;
  private boolean searching = true;

  private final Map<String, Cell> cells = new LinkedHashMap<>();
  private long steps;
  private long iterations;
  private long pairs;
  private double length; // of the last step, in directions
  private double scale = 1; // of the first guess of H
  private double[] curvatures = new double[history];

  /// A place, and which way the loss falls there.
  private record Point(double loss, Tensor gradient) {}

  /// L-BFGS with a line search.
  ///
  /// @throws IllegalArgumentException if there are no parameters
  public Lbfgs(List<Parameter> parameters) {
    if (parameters.isEmpty()) {
      throw new IllegalArgumentException(
          Message.of("Lbfgs", "there are no parameters to optimize")
              .row("help", "pass model.parameters()")
              .toString());
    }
    this.all = new Joined(parameters);
  }

  /// The step that each line search tries first, in directions, and the length of steps without
  /// one. The very first step is `rate / Σ|g|`, if that is shorter.
  public Lbfgs learningRate(double rate) {
    return learningRate(Schedule.constant(Check.atLeast("Lbfgs", "the learning rate", rate, 0)));
  }

  /// The rate by step.
  public Lbfgs learningRate(Schedule rate) {
    schedule = rate;
    return this;
  }

  /// How many steps are remembered; to be set before the first one.
  public Lbfgs history(int history) {
    Check.atLeast("Lbfgs", "the history", history, 1);
    if (!cells.isEmpty()) {
      throw new IllegalArgumentException(
          Message.of("Lbfgs", "the history is set before the first step").toString());
    }
    this.history = history;
    this.curvatures = new double[history];
    return this;
  }

  /// How many iterations a [#step(Supplier)] makes at most, and a quarter more evaluations.
  public Lbfgs iterations(int most) {
    Check.atLeast("Lbfgs", "the iterations", most, 1);
    mostIterations = most;
    mostEvaluations = most * 5 / 4;
    return this;
  }

  /// After how many evaluations of the loss a [#step(Supplier)] begins no other iteration.
  public Lbfgs evaluations(int most) {
    Check.atLeast("Lbfgs", "the evaluations", most, 1);
    mostEvaluations = most;
    return this;
  }

  /// When a [#step(Supplier)] is done: no number of the gradient is larger than `gradient`, or
  /// neither a parameter nor the loss changes by more than `change`.
  public Lbfgs tolerances(double gradient, double change) {
    flat = Check.atLeast("Lbfgs", "the tolerance", gradient, 0);
    still = Check.atLeast("Lbfgs", "the tolerance", change, 0);
    return this;
  }

  /// Steps of the length that the rate says, without searching for a better one.
  public Lbfgs fixedStep() {
    searching = false;
    return this;
  }

  /// Descends along `loss`, which is computed anew at every place that is tried.
  ///
  /// @return the loss where the step began
  /// @throws GradientException if the loss depends on none of the parameters
  public double step(Supplier<Variable> loss) {
    Point here = evaluate(loss);
    double first = here.loss;
    steps++;
    int evaluations = 1;
    if (!(Joined.largest(here.gradient) > flat)) {
      return first;
    }
    for (int i = 1; i <= mostIterations; i++) {
      Tensor from = all.position();
      Tensor d = aim(here.gradient);
      double slope = Joined.dot(here.gradient, d);
      if (slope > -still) {
        break;
      }
      Point next = here;
      if (searching) {
        int[] count = {0};
        var start = new StrongWolfe.Place(0, here.loss, here.gradient, slope);
        StrongWolfe.Place found =
            new StrongWolfe(1e-4, 0.9, 25, still)
                .search(
                    start,
                    length,
                    Joined.largest(d),
                    t -> {
                      count[0]++;
                      all.move(from, d, t);
                      Point there = evaluate(loss);
                      return new StrongWolfe.Place(
                          t, there.loss, there.gradient, Joined.dot(there.gradient, d));
                    });
        length = found.t();
        all.move(from, d, length);
        next = new Point(found.loss(), found.gradient());
        evaluations += count[0];
      } else {
        all.move(from, d, length);
        if (i < mostIterations) {
          next = evaluate(loss);
          evaluations++;
        }
      }
      boolean arrived =
          !(Joined.largest(next.gradient) > flat)
              || Joined.largest(d) * Math.abs(length) <= still
              || Math.abs(next.loss - here.loss) < still;
      here = next;
      if (i == mostIterations || evaluations >= mostEvaluations || arrived) {
        break;
      }
    }
    remember();
    return first;
  }

  /// One iteration of fixed length.
  @Override
  public void step(Gradients gradients) {
    Check.masters("Lbfgs", parameters());
    Tensor gradient = all.gradient(gradients);
    Tensor d = aim(gradient);
    if (Joined.dot(gradient, d) <= -still) {
      all.move(all.position(), d, length);
    }
    steps++;
    remember();
  }

  /// Learns from the step before, and says where to go: sets `length` to the first one to try.
  private Tensor aim(Tensor gradient) {
    iterations++;
    Tensor d;
    if (iterations == 1) {
      d = gradient.neg();
      length = Math.min(1, 1 / gradient.abs().sum().item()) * learningRate();
    } else {
      Tensor y = gradient.sub(cell("gradient").value());
      Tensor s = cell("direction").value().mul(length);
      double curvature = Joined.dot(y, s);
      if (curvature > LEAST_CURVATURE) {
        int slot = (int) (pairs % history);
        cell("change." + slot).set(y);
        cell("step." + slot).set(s);
        curvatures[slot] = curvature;
        scale = curvature / Joined.dot(y, y);
        pairs++;
      }
      d = direction(gradient);
      length = learningRate();
    }
    cell("gradient").set(gradient);
    cell("direction").set(d);
    return d;
  }

  /// The two loops.
  private Tensor direction(Tensor gradient) {
    int kept = (int) Math.min(pairs, history);
    double[] alpha = new double[history];
    Tensor q = gradient.neg();
    for (long i = pairs - 1; i >= pairs - kept; i--) {
      int slot = (int) (i % history);
      alpha[slot] = Joined.dot(cell("step." + slot).value(), q) / curvatures[slot];
      q = Joined.plus(q, -alpha[slot], cell("change." + slot).value());
    }
    Tensor d = q.mul(scale);
    for (long i = pairs - kept; i < pairs; i++) {
      int slot = (int) (i % history);
      double beta = Joined.dot(cell("change." + slot).value(), d) / curvatures[slot];
      d = Joined.plus(d, alpha[slot] - beta, cell("step." + slot).value());
    }
    return d;
  }

  private Point evaluate(Supplier<Variable> loss) {
    try (var _ = Scope.open()) {
      Variable value = loss.get();
      return new Point(value.item(), all.gradient(value.backward()).keep());
    }
  }

  // ---- state ----------------------------------------------------------------------------------

  @Override
  public List<Parameter> parameters() {
    return all.parameters();
  }

  @Override
  public long steps() {
    return steps;
  }

  @Override
  public double learningRate() {
    return schedule.rate(steps);
  }

  /// As one vector for all parameters, under the first one's name: `0.weight.lbfgs.direction`.
  @Override
  public Map<String, Cell> state() {
    List<String> names = new ArrayList<>(List.of("direction", "gradient", "numbers"));
    for (int i = 0; i < history; i++) {
      names.add("step." + i);
      names.add("change." + i);
    }
    String given = parameters().getFirst().name();
    String first = given.isEmpty() ? "parameter" : given;
    Map<String, Cell> state = new LinkedHashMap<>();
    names.forEach(name -> state.put(first + ".lbfgs." + name, cell(name)));
    schedule.state().forEach((name, cell) -> state.put(first + ".schedule." + name, cell));
    return state;
  }

  @Override
  public void restore(Map<String, Tensor> saved, long steps) {
    Map<String, Cell> state = state();
    Differences.refuse("Lbfgs", state, saved);
    state.forEach((name, cell) -> cell.set(saved.get(name)));
    this.steps = steps;
    double[] numbers = cell("numbers").value().toDoubles();
    iterations = (long) numbers[0];
    pairs = (long) numbers[1];
    length = numbers[2];
    scale = numbers[3];
    System.arraycopy(numbers, NUMBERS, curvatures, 0, history);
  }

  @Override
  public String recipe() {
    return "Lbfgs, history %d, %d iterations, %d evaluations, tolerances %s and %s%s, learning rate %s"
        .formatted(
            history,
            mostIterations,
            mostEvaluations,
            flat,
            still,
            searching ? "" : ", fixed steps",
            schedule);
  }

  private void remember() {
    double[] numbers = new double[NUMBERS + history];
    numbers[0] = iterations;
    numbers[1] = pairs;
    numbers[2] = length;
    numbers[3] = scale;
    System.arraycopy(curvatures, 0, numbers, NUMBERS, history);
    cell("numbers").set(Tensor.of(numbers));
  }

  private Cell cell(String name) {
    return cells.computeIfAbsent(
        name,
        _ ->
            new Cell(
                name.equals("numbers")
                    ? Tensor.zeros(Shape.of(NUMBERS + history), DType.F64)
                    : all.zeros()));
  }

  /// The settings: `Lbfgs(8 parameters, learning rate 1.0)`.
  @Override
  public String toString() {
    int size = parameters().size();
    String count = size == 1 ? "1 parameter" : size + " parameters";
    return "Lbfgs(" + count + ", learning rate " + learningRate() + ")";
  }
}
