package vectorgrad.optim;

import java.util.Map;
import vectorgrad.tensor.Cell;
import vectorgrad.tensor.Message;

/// A learning rate as a function of the step. Schedules are put together:
///
/// ```java
/// Schedule rate = Schedule.warmup(500).then(Schedule.cosine(10_000)).times(1e-3);
/// ```
///
/// The parts go from 0 to 1 or from 1 down, and [#times] gives them their size. A part with a
/// [#length()] ends and hands over to the next; behind the last one the rate stays as it was at its
/// end.
@FunctionalInterface
public interface Schedule {
  /// The length of a schedule that does not end.
  long ENDLESS = Long.MAX_VALUE;

  /// The rate at `step`, counted from 0.
  double rate(long step);

  /// After how many steps the next part begins, [#ENDLESS] by default.
  default long length() {
    return ENDLESS;
  }

  /// What a schedule remembers, where it depends on more than the step, as [Plateau] does. An
  /// optimizer makes it part of its own state, so checkpoints carry it. By default nothing.
  default Map<String, Cell> state() {
    return Map.of();
  }

  /// Always the same rate.
  static Schedule constant(double rate) {
    return step -> rate;
  }

  /// The same rate for `steps` steps.
  static Schedule constant(double rate, long steps) {
    return new Part(steps, step -> rate);
  }

  /// In a straight line from `from` at step 0 to `to` at step `steps`.
  static Schedule linear(double from, double to, long steps) {
    return new Part(steps, step -> from + (to - from) * step / steps);
  }

  /// Up in a straight line: `(step + 1) / steps`, so that the very first step moves already and the
  /// last one has the full rate. Goyal et al. 2017.
  static Schedule warmup(long steps) {
    return new Part(steps, step -> Math.min(1, (step + 1.0) / steps));
  }

  /// Down along half a cosine, `½·(1 + cos(π·step / steps))`: from 1 at step 0 to 0 at step
  /// `steps`. Loshchilov and Hutter 2017.
  static Schedule cosine(long steps) {
    return cosine(steps, 0);
  }

  /// Down along half a cosine, from 1 at step 0 to `floor` at step `steps`.
  static Schedule cosine(long steps, double floor) {
    return new Part(
        steps, step -> floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * step / steps)));
  }

  /// Down in steps: `factor` to the number of times that `every` steps have gone by.
  static Schedule step(long every, double factor) {
    Part.positive(every);
    return step -> Math.pow(factor, (double) Math.floorDiv(step, every));
  }

  /// Down at a steady ratio: `factorˢᵗᵉᵖ`.
  static Schedule exponential(double factor) {
    return step -> Math.pow(factor, (double) step);
  }

  /// Down as `1 / (1 + decay·step)`.
  static Schedule inverse(double decay) {
    return step -> 1 / (1 + decay * step);
  }

  /// This schedule with every rate times `factor`.
  default Schedule times(double factor) {
    return length() == ENDLESS
        ? step -> factor * rate(step)
        : new Part(length(), step -> factor * rate(step));
  }

  /// The first `steps` steps of this schedule.
  default Schedule until(long steps) {
    return new Part(steps, this);
  }

  /// This schedule and, when it has ended, `next`, which counts from 0 again.
  ///
  /// @throws IllegalArgumentException if this schedule does not end
  default Schedule then(Schedule next) {
    long first = length();
    if (first == ENDLESS) {
      throw new IllegalArgumentException(
          Message.of("Schedule", "nothing comes after a schedule that does not end")
              .row("help", "give it a length: exponential(0.99).until(1000).then(…)")
              .toString());
    }
    Schedule joined = step -> step < first ? rate(step) : next.rate(step - first);
    return next.length() == ENDLESS ? joined : new Part(first + next.length(), joined);
  }
}
