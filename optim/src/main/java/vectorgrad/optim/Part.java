package vectorgrad.optim;

/// A schedule with an end; behind it the rate stays as at the end.
///
/// @param length how many steps it takes
/// @param schedule the rates up to there
record Part(long length, Schedule schedule) implements Schedule {
  Part {
    positive(length);
  }

  static void positive(long steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("Schedule: it needs at least one step, found " + steps);
    }
  }

  @Override
  public double rate(long step) {
    return schedule.rate(Math.min(step, length));
  }
}
