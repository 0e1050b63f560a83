package vectorgrad.optim;

/// The schedules that go up again and again, without end. [Schedule] has their formulas.
sealed interface Cycle extends Schedule {

  /// Half a cosine from `from` to `to`, at `share` of the way.
  static double cosine(double from, double to, double share) {
    return to + (from - to) * 0.5 * (1 + Math.cos(Math.PI * share));
  }

  /// How high a triangle is at `step`, from 0 to 1.
  static double triangle(long step, long up, long down) {
    long place = step % (up + down);
    return place <= up ? (double) place / up : (double) (up + down - place) / down;
  }

  /// What triangles have in common.
  private static void check(long up, long down, double floor) {
    Curve.positive(up);
    Curve.positive(down);
    Check.atLeast("triangular", "the floor", floor, 0);
  }

  /// Half cosines down, again and again.
  ///
  /// @param first the steps of the first way down
  /// @param multiply how many times longer each is than the one before
  /// @param floor the rate before a restart
  record WarmRestarts(long first, long multiply, double floor) implements Cycle {
    /// Checks the settings.
    public WarmRestarts {
      Curve.positive(first);
      Check.atLeast("warmRestarts", "multiply", (double) multiply, 1);
      Check.atLeast("warmRestarts", "the floor", floor, 0);
    }

    @Override
    public double rate(long step) {
      long place = multiply == 1 ? step % first : step;
      long length = first;
      while (place >= length) {
        place -= length;
        length = length > ENDLESS / multiply ? ENDLESS : length * multiply;
      }
      return cosine(1, floor, (double) place / length);
    }

    @Override
    public String toString() {
      return Notation.text("warmRestarts", first, multiply, floor);
    }
  }

  /// Triangles of one height.
  ///
  /// @param up the steps up
  /// @param down the steps down
  /// @param floor the lowest rate
  record Triangular(long up, long down, double floor) implements Cycle {
    /// Checks the settings.
    public Triangular {
      check(up, down, floor);
    }

    @Override
    public double rate(long step) {
      return floor + (1 - floor) * triangle(step, up, down);
    }

    @Override
    public String toString() {
      return Notation.text("triangular", up, down, floor);
    }
  }

  /// Triangles of half the height each time.
  ///
  /// @param up the steps up
  /// @param down the steps down
  /// @param floor the lowest rate
  record Triangular2(long up, long down, double floor) implements Cycle {
    /// Checks the settings.
    public Triangular2 {
      check(up, down, floor);
    }

    @Override
    public double rate(long step) {
      double height = Math.pow(0.5, (double) Math.floorDiv(step, up + down));
      return floor + (1 - floor) * triangle(step, up, down) * height;
    }

    @Override
    public String toString() {
      return Notation.text("triangular2", up, down, floor);
    }
  }

  /// Triangles whose height falls step by step.
  ///
  /// @param up the steps up
  /// @param down the steps down
  /// @param floor the lowest rate
  /// @param gamma what the height is multiplied with each step
  record ExpRange(long up, long down, double floor, double gamma) implements Cycle {
    /// Checks the settings.
    public ExpRange {
      check(up, down, floor);
      Check.atLeast("expRange", "gamma", gamma, 0);
    }

    @Override
    public double rate(long step) {
      return floor + (1 - floor) * triangle(step, up, down) * Math.pow(gamma, (double) step);
    }

    @Override
    public String toString() {
      return Notation.text("expRange", up, down, floor, gamma);
    }
  }
}
