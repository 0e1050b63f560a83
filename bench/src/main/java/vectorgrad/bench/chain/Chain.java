package vectorgrad.bench.chain;

/// Ten elementwise operations, one after the other, and then a sum: what recording and the way back
/// cost when there is hardly anything to compute, and what memory costs when there is.
///
/// Each library writes them in its own words; here they stand in plain Java, value and derivative,
/// and before anything is timed every library's gradient is held to [#slope].
public enum Chain {
  /// Five times `x·1.01 + 0.1`: nothing but memory and bookkeeping.
  AFFINE {
    @Override
    double value(double x) {
      double y = x;
      for (int i = 0; i < TIMES; i++) {
        y = (y * FACTOR) + SHIFT;
      }
      return y;
    }

    @Override
    double slope(double x) {
      return Math.pow(FACTOR, TIMES);
    }
  },

  /// `1.01·sigmoid(exp(−√(tanh(x·1.01 + 0.1)² + 1)))`: cheap and dear ones, as a network mixes
  /// them.
  MIXED {
    @Override
    double value(double x) {
      double t = Math.tanh((x * FACTOR) + SHIFT);
      double e = Math.exp(-Math.sqrt((t * t) + 1));
      return FACTOR / (1 + Math.exp(-e));
    }

    @Override
    double slope(double x) {
      double t = Math.tanh((x * FACTOR) + SHIFT);
      double root = Math.sqrt((t * t) + 1);
      double e = Math.exp(-root);
      double s = 1 / (1 + Math.exp(-e));
      return FACTOR * s * (1 - s) * -e * (t / root) * (1 - (t * t)) * FACTOR;
    }
  };

  /// How often [#AFFINE] goes round.
  public static final int TIMES = 5;

  /// What is multiplied with.
  public static final double FACTOR = 1.01;

  /// What is added.
  public static final double SHIFT = 0.1;

  /// A gradient in f32, through ten operations of at most 4 ulp each.
  private static final double TOLERANCE = 10 * 4 * 0x1p-23;

  /// The value at one element.
  abstract double value(double x);

  /// The derivative at one element.
  abstract double slope(double x);

  /// Numbers from −1 to 1, evenly spaced.
  public static float[] input(int size) {
    var x = new float[size];
    for (int i = 0; i < size; i++) {
      x[i] = (float) ((2 * (i + 0.5) / size) - 1);
    }
    return x;
  }

  /// Refuses a gradient that is not the derivative at `x`: who computes something else is not
  /// measured.
  public void expect(float[] x, float[] gradient) {
    if (gradient.length != x.length) {
      throw new IllegalStateException(
          "%s: %d elements have %d gradients".formatted(this, x.length, gradient.length));
    }
    for (int i = 0; i < x.length; i++) {
      double right = slope(x[i]);
      // the largest slope, 1.05, stands for all: where tanh' and −t cancel to 0 no digit is left
      if (!(Math.abs(gradient[i] - right) <= TOLERANCE)) {
        throw new IllegalStateException(
            "%s: the gradient at %s is %s and should be %s"
                .formatted(this, x[i], gradient[i], right));
      }
    }
  }
}
