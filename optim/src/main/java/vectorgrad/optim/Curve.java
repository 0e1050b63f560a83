package vectorgrad.optim;

import java.util.ArrayList;
import java.util.List;

/// The schedules that go one way. [Schedule] has their formulas.
sealed interface Curve extends Schedule {

  /// Refuses parts without a step.
  ///
  /// @throws IllegalArgumentException if there is not one at least
  static void positive(long steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("Schedule: it needs at least one step, found " + steps);
    }
  }

  /// One that has an end.
  sealed interface Ending extends Curve {
    /// How many steps it takes.
    long steps();

    /// The rate at a step up to the end.
    double before(long step);

    @Override
    default double rate(long step) {
      return before(Math.min(step, steps()));
    }

    @Override
    default long length() {
      return steps();
    }
  }

  /// Always one rate.
  ///
  /// @param rate the rate
  record Constant(double rate) implements Curve {
    @Override
    public double rate(long step) {
      return rate;
    }

    @Override
    public String toString() {
      return Notation.text("constant", rate);
    }
  }

  /// A straight line.
  ///
  /// @param from the first rate
  /// @param to the last rate
  /// @param steps how many steps are between
  record Linear(double from, double to, long steps) implements Ending {
    /// Checks the settings.
    public Linear {
      positive(steps);
    }

    @Override
    public double before(long step) {
      return from + (to - from) * step / steps;
    }

    @Override
    public String toString() {
      return Notation.text("linear", from, to, steps);
    }
  }

  /// Up in a straight line, from the first step on.
  ///
  /// @param steps the steps to the full rate
  record Warmup(long steps) implements Ending {
    /// Checks the settings.
    public Warmup {
      positive(steps);
    }

    @Override
    public double before(long step) {
      return Math.min(1, (step + 1.0) / steps);
    }

    @Override
    public String toString() {
      return Notation.text("warmup", steps);
    }
  }

  /// Half a cosine down.
  ///
  /// @param steps the steps down
  /// @param floor the last rate
  record Cosine(long steps, double floor) implements Ending {
    /// Checks the settings.
    public Cosine {
      positive(steps);
      Check.atLeast("cosine", "the floor", floor, 0);
    }

    @Override
    public double before(long step) {
      return floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * step / steps));
    }

    @Override
    public String toString() {
      return Notation.text("cosine", steps, floor);
    }
  }

  /// Down as a power of what is left.
  ///
  /// @param steps the steps down
  /// @param power how much it bends
  /// @param floor the last rate
  record Polynomial(long steps, double power, double floor) implements Ending {
    /// Checks the settings.
    public Polynomial {
      positive(steps);
      Check.atLeast("polynomial", "the power", power, 0);
      Check.atLeast("polynomial", "the floor", floor, 0);
    }

    @Override
    public double before(long step) {
      return floor + (1 - floor) * Math.pow(1 - (double) step / steps, power);
    }

    @Override
    public String toString() {
      return Notation.text("polynomial", steps, power, floor);
    }
  }

  /// Stairs of one length.
  ///
  /// @param every the steps of a stair
  /// @param factor what each stair multiplies with
  record Step(long every, double factor) implements Curve {
    /// Checks the settings.
    public Step {
      positive(every);
      Check.atLeast("step", "the factor", factor, 0);
    }

    @Override
    public double rate(long step) {
      return Math.pow(factor, (double) Math.floorDiv(step, every));
    }

    @Override
    public String toString() {
      return Notation.text("step", every, factor);
    }
  }

  /// Stairs that end where they are told to.
  ///
  /// @param factor what each milestone multiplies with
  /// @param milestones steps, rising
  record MultiStep(double factor, List<Long> milestones) implements Curve {
    /// Checks the settings.
    public MultiStep {
      milestones = List.copyOf(milestones);
      Check.atLeast("multiStep", "the factor", factor, 0);
      for (int i = 0; i < milestones.size(); i++) {
        if (milestones.get(i) <= (i == 0 ? -1 : milestones.get(i - 1))) {
          throw new IllegalArgumentException(
              "multiStep: the milestones must rise, found " + milestones);
        }
      }
    }

    @Override
    public double rate(long step) {
      return Math.pow(factor, (double) milestones.stream().filter(m -> m <= step).count());
    }

    @Override
    public String toString() {
      List<Number> values = new ArrayList<>(List.of(factor));
      values.addAll(milestones);
      return Notation.text("multiStep", values.toArray(Number[]::new));
    }
  }

  /// Down at a steady ratio.
  ///
  /// @param factor what each step multiplies with
  record Exponential(double factor) implements Curve {
    /// Checks the settings.
    public Exponential {
      Check.atLeast("exponential", "the factor", factor, 0);
    }

    @Override
    public double rate(long step) {
      return Math.pow(factor, (double) step);
    }

    @Override
    public String toString() {
      return Notation.text("exponential", factor);
    }
  }

  /// Down as one over the step.
  ///
  /// @param decay how fast it falls
  record Inverse(double decay) implements Curve {
    /// Checks the settings.
    public Inverse {
      Check.atLeast("inverse", "the decay", decay, 0);
    }

    @Override
    public double rate(long step) {
      return 1 / (1 + decay * step);
    }

    @Override
    public String toString() {
      return Notation.text("inverse", decay);
    }
  }

  /// Up, then down as one over the square root.
  ///
  /// @param warmup the steps up
  record InverseSqrt(long warmup) implements Curve {
    /// Checks the settings.
    public InverseSqrt {
      positive(warmup);
    }

    @Override
    public double rate(long step) {
      double t = step + 1.0;
      return Math.min(t / warmup, Math.sqrt(warmup / t));
    }

    @Override
    public String toString() {
      return Notation.text("inverseSqrt", warmup);
    }
  }
}
