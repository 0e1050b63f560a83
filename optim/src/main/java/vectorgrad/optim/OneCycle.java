package vectorgrad.optim;

import vectorgrad.tensor.Message;

/// Up and far down, once: from `1 / divide` to 1 over the first part of the steps, then down to `1
/// / (divide·finalDivide)`. Large rates in the middle both hurry and regularise.
///
/// With [#threePhase()] the way down takes as many steps as the way up and ends where that began;
/// the rest of the steps goes on to the last rate. PyTorch's scheduler turns the momentum the other
/// way at the same time; a schedule here is of the rate alone.
///
/// Defaults: rise 0.3, divide 25, finalDivide 10 000, along half a cosine, two phases; as
/// PyTorch's. Smith and Topin 2018.
///
/// @param steps all of them; the last one has the last rate
/// @param rise the share of the steps that goes up
/// @param divide how many times smaller than 1 the first rate is
/// @param finalDivide how many times smaller than the first rate the last one is
/// @param linear whether the ways are straight lines
/// @param threePhase whether the way down is as long as the way up
public record OneCycle(
    long steps, double rise, double divide, double finalDivide, boolean linear, boolean threePhase)
    implements Schedule {

  /// Checks the settings against each other.
  ///
  /// @throws IllegalArgumentException if a part has no room in the steps
  public OneCycle {
    Curve.positive(steps);
    Check.atLeast("oneCycle", "divide", divide, 0x1p-1022);
    Check.atLeast("oneCycle", "finalDivide", finalDivide, 0x1p-1022);
    double parts = threePhase ? 2 * rise : rise;
    if (!(rise * steps > 1) || !(parts * steps - (threePhase ? 2 : 1) < steps - 1)) {
      throw new IllegalArgumentException(
          Message.of("oneCycle", "a rise of " + rise + " leaves a part without steps")
              .row("steps", steps)
              .row(
                  "rule",
                  threePhase
                      ? "1 < rise·steps, and twice the rise is below 1"
                      : "1 < rise·steps, and the rise is below 1")
              .toString());
    }
  }

  /// With another share of the steps that goes up.
  public OneCycle rise(double share) {
    return new OneCycle(steps, share, divide, finalDivide, linear, threePhase);
  }

  /// With a first rate of `1 / divide`.
  public OneCycle divide(double divide) {
    return new OneCycle(steps, rise, divide, finalDivide, linear, threePhase);
  }

  /// With a last rate that is `finalDivide` times smaller than the first.
  public OneCycle finalDivide(double finalDivide) {
    return new OneCycle(steps, rise, divide, finalDivide, linear, threePhase);
  }

  /// Along straight lines instead of half cosines.
  public OneCycle straight() {
    return new OneCycle(steps, rise, divide, finalDivide, true, threePhase);
  }

  /// Down as long as up, and then to the last rate.
  public OneCycle threePhases() {
    return new OneCycle(steps, rise, divide, finalDivide, linear, true);
  }

  @Override
  public double rate(long step) {
    double t = Math.min(step, steps - 1);
    double first = 1 / divide;
    double last = first / finalDivide;
    double top = rise * steps - 1;
    if (t <= top) {
      return way(first, 1, t / top);
    }
    if (!threePhase) {
      return way(1, last, (t - top) / (steps - 1 - top));
    }
    double back = 2 * rise * steps - 2;
    return t <= back
        ? way(1, first, (t - top) / (back - top))
        : way(first, last, (t - back) / (steps - 1 - back));
  }

  private double way(double from, double to, double share) {
    return linear ? from + (to - from) * share : Cycle.cosine(from, to, share);
  }

  @Override
  public long length() {
    return steps;
  }

  @Override
  public String toString() {
    return Notation.text(
        "oneCycle", steps, rise, divide, finalDivide, linear ? 1 : 0, threePhase ? 1 : 0);
  }
}
