package vectorgrad.optim;

import java.util.Map;
import vectorgrad.tensor.Cell;
import vectorgrad.tensor.Tensor;

/// A schedule that is lowered when a metric gets no better: after more than `patience` observations
/// in a row without a new best, every rate is multiplied by one more `factor`.
///
/// ```java
/// var plateau = new Plateau(Schedule.constant(1e-3)).patience(3);
/// adam.learningRate(plateau);
/// double loss = validate(model);
/// plateau.observe(loss);
/// ```
///
/// It is told once an epoch, or however often the metric is measured; the step alone does not
/// change it. What it has seen is part of the optimizer's state, so checkpoints carry it: tell it
/// before one is written.
///
/// A new best is lower than the best so far by a share of 10⁻⁴ of it. A metric that is not a number
/// is none. Defaults: factor 0.1, patience 10, no cooldown, no floor; as PyTorch's
/// `ReduceLROnPlateau`, but without its refusal to lower a rate by less than 10⁻⁸.
public final class Plateau implements Schedule {
  private final Schedule rate;
  private double factor = 0.1;
  private int patience = 10;
  private double threshold = 1e-4;
  private boolean absolute;
  private int cooldown;
  private double floor;
  private boolean rising;

  /// Best metric, observations since it, observations of rest to come, factor so far.
  private final Cell seen = new Cell(Tensor.of(Double.NaN, 0, 0, 1));

  /// Lowers the rates of another schedule.
  public Plateau(Schedule rate) {
    this.rate = rate;
  }

  /// What the rates are multiplied with each time, below 1.
  public Plateau factor(double factor) {
    Check.between("Plateau", "the factor", factor, 0, 1);
    this.factor = factor;
    return this;
  }

  /// How many observations without a new best are endured.
  public Plateau patience(int patience) {
    Check.atLeast("Plateau", "the patience", patience, 0);
    this.patience = patience;
    return this;
  }

  /// By which share of the best so far a new best must be better.
  public Plateau threshold(double share) {
    threshold = Check.atLeast("Plateau", "the threshold", share, 0);
    absolute = false;
    return this;
  }

  /// By how much a new best must be better.
  public Plateau absoluteThreshold(double amount) {
    threshold = Check.atLeast("Plateau", "the threshold", amount, 0);
    absolute = true;
    return this;
  }

  /// How many observations after a lowering do not count.
  public Plateau cooldown(int observations) {
    Check.atLeast("Plateau", "the cooldown", observations, 0);
    cooldown = observations;
    return this;
  }

  /// The smallest factor in all.
  public Plateau floor(double floor) {
    this.floor = Check.atLeast("Plateau", "the floor", floor, 0);
    return this;
  }

  /// For a metric that should rise, as accuracy does.
  public Plateau rising() {
    rising = true;
    return this;
  }

  /// Tells the metric.
  public void observe(double metric) {
    double[] now = seen.value().toDoubles();
    if (better(metric, now[0])) {
      now[0] = metric;
      now[1] = 0;
    } else {
      now[1]++;
    }
    if (now[2] > 0) {
      now[2]--;
      now[1] = 0;
    }
    if (now[1] > patience) {
      now[3] = Math.max(now[3] * factor, floor);
      now[2] = cooldown;
      now[1] = 0;
    }
    seen.set(Tensor.of(now));
  }

  private boolean better(double metric, double best) {
    if (Double.isNaN(best)) {
      return !Double.isNaN(metric);
    }
    double margin = absolute ? threshold : threshold * best;
    return rising ? metric > best + margin : metric < best - margin;
  }

  @Override
  public double rate(long step) {
    return rate.rate(step) * seen.value().toDoubles()[3];
  }

  @Override
  public long length() {
    return rate.length();
  }

  @Override
  public Map<String, Cell> state() {
    return Map.of("plateau", seen);
  }

  /// What it lowers, and when: `plateau of constant(0.001), factor 0.1, patience 10`, followed by
  /// the settings that are not the default.
  @Override
  public String toString() {
    return "plateau of "
        + rate
        + ", factor "
        + Notation.number(factor)
        + ", patience "
        + patience
        + (threshold == 1e-4 && !absolute
            ? ""
            : ", threshold " + Notation.number(threshold) + (absolute ? " absolute" : ""))
        + (cooldown == 0 ? "" : ", cooldown " + cooldown)
        + (floor == 0 ? "" : ", floor " + Notation.number(floor))
        + (rising ? ", rising" : "");
  }
}
