package vectorgrad.optim;

import java.util.Map;
import java.util.stream.LongStream;
import vectorgrad.tensor.Cell;

/// A learning rate as a function of the step. Schedules are put together:
///
/// ```java
/// Schedule rate = Schedule.warmup(500).then(Schedule.cosine(10_000)).times(1e-3);
/// ```
///
/// The parts go from 0 to 1 or from 1 down, and [#times] gives them their size. A part with a
/// [#length()] ends and hands over to the next; behind the last one the rate stays as it was at its
/// end.
///
/// Schedules made here are values: they are equal if they are made alike, and print as what
/// [#parse] reads, `(warmup(500) then cosine(10000)) times 0.001`. Any `step -> rate` is a schedule
/// too. At step 0 and on they have the values of PyTorch's schedulers at a rate of 1, except
/// [#warmup] and [#inverseSqrt], which PyTorch does not have.
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

  /// Reads a schedule:
  ///
  /// | text | |
  /// |---|---|
  /// | `cosine(10_000)`, `cosine(10000, 0.1)`, `cosine(10000, floor=0.1)` | one of the methods here, with its arguments in order or by name |
  /// | `warmup(500) then cosine(10000)` | [#then] |
  /// | `step(30) times 0.001`, `step(30) * 1e-3`, `1e-3 * step(30)` | [#times] |
  /// | `exponential(0.99) until 1000` | [#until] |
  /// | `0.01` | [#constant(double)] |
  /// | `(…)` | what belongs together: `times` and `until` bind closer than `then` |
  ///
  /// @throws IllegalArgumentException if it is not one, with the place and the cure
  static Schedule parse(String text) {
    return new Parser(text).parse();
  }

  /// Always the same rate, `rate`: PyTorch's `ConstantLR` without an end.
  static Schedule constant(double rate) {
    return new Curve.Constant(rate);
  }

  /// The same rate for `steps` steps.
  static Schedule constant(double rate, long steps) {
    return constant(rate).until(steps);
  }

  /// In a straight line from `from` at step 0 to `to` at step `steps`: `from + (to − from)·step /
  /// steps`. PyTorch's `LinearLR`.
  static Schedule linear(double from, double to, long steps) {
    return new Curve.Linear(from, to, steps);
  }

  /// Up in a straight line: `(step + 1) / steps`, so that the very first step moves already and the
  /// last one has the full rate. Goyal et al. 2017.
  static Schedule warmup(long steps) {
    return new Curve.Warmup(steps);
  }

  /// Down along half a cosine, `½·(1 + cos(π·step / steps))`: from 1 at step 0 to 0 at step
  /// `steps`. Loshchilov and Hutter 2017.
  static Schedule cosine(long steps) {
    return cosine(steps, 0);
  }

  /// Down along half a cosine, from 1 at step 0 to `floor` at step `steps`.
  static Schedule cosine(long steps, double floor) {
    return new Curve.Cosine(steps, floor);
  }

  /// Down from 1 to `floor` at step `steps`, as `floor + (1 − floor)·(1 − step / steps)ᵖᵒʷᵉʳ`.
  /// PyTorch's `PolynomialLR`, with a floor.
  static Schedule polynomial(long steps, double power, double floor) {
    return new Curve.Polynomial(steps, power, floor);
  }

  /// Down in steps: `factor` to the number of times that `every` steps have gone by, `factor^⌊step
  /// / every⌋`. PyTorch's `StepLR`.
  static Schedule step(long every, double factor) {
    return new Curve.Step(every, factor);
  }

  /// Down in steps: `factor` to the number of `milestones` that are reached, which rise. PyTorch's
  /// `MultiStepLR`.
  static Schedule multiStep(double factor, long... milestones) {
    return new Curve.MultiStep(factor, LongStream.of(milestones).boxed().toList());
  }

  /// Down at a steady ratio: `factorˢᵗᵉᵖ`. PyTorch's `ExponentialLR`.
  static Schedule exponential(double factor) {
    return new Curve.Exponential(factor);
  }

  /// Down as `1 / (1 + decay·step)`. Robbins and Monro 1951 prove convergence for it.
  static Schedule inverse(double decay) {
    return new Curve.Inverse(decay);
  }

  /// Up to 1 in a straight line over `warmup` steps, then down as one over the square root: with `t
  /// = step + 1`, the smaller of `t / warmup` and `√(warmup / t)`. Times `1 / √(d·warmup)` it is
  /// the rate of a transformer of width `d`, `d^-½·min(t^-½, t·warmup^-3/2)`. Vaswani et al. 2017,
  /// equation 3.
  static Schedule inverseSqrt(long warmup) {
    return new Curve.InverseSqrt(warmup);
  }

  /// Down along half a cosine to `floor` over `first` steps, then from 1 again over `multiply`
  /// times as many, and so on without end. Loshchilov and Hutter 2017, SGDR.
  static Schedule warmRestarts(long first, long multiply, double floor) {
    return new Cycle.WarmRestarts(first, multiply, floor);
  }

  /// Up from `floor` to 1 over `up` steps and down again over `down`, without end. Smith 2017.
  static Schedule triangular(long up, long down, double floor) {
    return new Cycle.Triangular(up, down, floor);
  }

  /// As [#triangular], but each triangle is half as high above `floor` as the one before. Smith
  /// 2017, triangular2.
  static Schedule triangular2(long up, long down, double floor) {
    return new Cycle.Triangular2(up, down, floor);
  }

  /// As [#triangular], with the height above `floor` times `gammaˢᵗᵉᵖ`. Smith 2017, exp_range.
  static Schedule expRange(long up, long down, double floor, double gamma) {
    return new Cycle.ExpRange(up, down, floor, gamma);
  }

  /// Up and far down, once: from 1/25 to 1 over the first 30 % of the steps, then to 1/250 000,
  /// both along half a cosine. The record has settings for all of that: `oneCycle(1000).rise(0.2)`.
  /// Smith and Topin 2018.
  static OneCycle oneCycle(long steps) {
    return new OneCycle(steps, 0.3, 25, 1e4, false, false);
  }

  /// This schedule with every rate times `factor`.
  default Schedule times(double factor) {
    return new Composed.Times(this, factor);
  }

  /// The first `steps` steps of this schedule.
  default Schedule until(long steps) {
    return new Composed.Until(this, steps);
  }

  /// This schedule and, when it has ended, `next`, which counts from 0 again.
  ///
  /// @throws IllegalArgumentException if this schedule does not end
  default Schedule then(Schedule next) {
    return Composed.Then.of(this, next);
  }
}
