package vectorgrad.numerics;

import java.util.IdentityHashMap;

/// A complex number, `re + im·i`, and the reading of formulas in complex numbers.
///
/// Formulas were written for real numbers. Functions that are analytic are continued: [#exp()],
/// [#log()] and roots to their principal values. Those that are not are read as near the real axis,
/// where the complex step ([FiniteDifference#complexStep]) needs them: comparisons compare real
/// parts, `|x|` is `x` or `−x`, `min` and `max` choose, whole parts are those of the real part.
///
/// @param re the real part
/// @param im the imaginary part
public record Complex(double re, double im) {
  private static final Complex ONE = real(1);
  private static final Complex I = new Complex(0, 1);

  /// So near the real axis, the first two terms of a series are all of it.
  private static final double NEAR = 1e-8;

  /// From here on, a continued fraction is better than a series.
  private static final double FAR = 4;

  /// A real number.
  public static Complex real(double re) {
    return new Complex(re, 0);
  }

  /// `z + b`
  public Complex plus(Complex b) {
    return new Complex(re + b.re, im + b.im);
  }

  /// `z − b`
  public Complex minus(Complex b) {
    return new Complex(re - b.re, im - b.im);
  }

  /// `−z`
  public Complex negate() {
    return new Complex(-re, -im);
  }

  /// `z·b`
  public Complex times(Complex b) {
    return new Complex(re * b.re - im * b.im, re * b.im + im * b.re);
  }

  /// `z·b`
  public Complex times(double b) {
    return new Complex(re * b, im * b);
  }

  /// `z / b`, by the larger part of `b`, so that nothing overflows on the way (Smith, 1962).
  public Complex over(Complex b) {
    if (Math.abs(b.re) >= Math.abs(b.im)) {
      double ratio = b.im / b.re;
      double divisor = b.re + b.im * ratio;
      return new Complex((re + im * ratio) / divisor, (im - re * ratio) / divisor);
    }
    double ratio = b.re / b.im;
    double divisor = b.re * ratio + b.im;
    return new Complex((re * ratio + im) / divisor, (im * ratio - re) / divisor);
  }

  /// `|z|`, the distance from 0.
  public double modulus() {
    return Math.hypot(re, im);
  }

  /// `eᶻ`
  public Complex exp() {
    double size = Math.exp(re);
    return new Complex(size * Math.cos(im), im == 0 ? im : size * Math.sin(im));
  }

  /// `ln z`, with the angle in [−π, π].
  public Complex log() {
    return new Complex(Math.log(modulus()), Math.atan2(im, re));
  }

  /// `√z`, whose real part is not negative.
  public Complex sqrt() {
    if (re == 0 && im == 0) {
      return this;
    }
    double half = Math.sqrt((modulus() + Math.abs(re)) / 2);
    return re >= 0
        ? new Complex(half, im / (2 * half))
        : new Complex(Math.abs(im) / (2 * half), Math.copySign(half, im));
  }

  /// `sin z`
  public Complex sin() {
    return new Complex(Math.sin(re) * Math.cosh(im), Math.cos(re) * Math.sinh(im));
  }

  /// `cos z`
  public Complex cos() {
    return new Complex(Math.cos(re) * Math.cosh(im), -Math.sin(re) * Math.sinh(im));
  }

  /// `zᵇ = e^(b·ln z)`, by multiplying where `b` is a small whole number.
  public Complex pow(Complex b) {
    if (b.im == 0 && b.re == Math.rint(b.re) && Math.abs(b.re) <= 64) {
      Complex power = ONE;
      for (int i = 0; i < Math.abs(b.re); i++) {
        power = power.times(this);
      }
      return b.re < 0 ? ONE.over(power) : power;
    }
    return re == 0 && im == 0 && b.re > 0 ? this : b.times(log()).exp();
  }

  static Complex evaluate(Formula formula, Complex... inputs) {
    Program program = Program.of(formula);
    var values = new IdentityHashMap<Formula, Complex>();
    for (Formula node : program.nodes()) {
      values.put(
          node,
          switch (node) {
            case Formula.Input i -> inputs[i.index()];
            case Formula.Constant c -> real(c.value());
            case Formula.Unary u -> values.get(u.x()).apply(u.function());
            case Formula.Binary b -> values.get(b.a()).apply(b.function(), values.get(b.b()));
            case Formula.Fma m ->
                values.get(m.a()).times(values.get(m.b())).plus(values.get(m.c()));
            case Formula.Select s ->
                values.get(values.get(s.condition()).re != 0 ? s.then() : s.otherwise());
          });
    }
    return values.get(program.outputs().get(0));
  }

  private Complex apply(UnaryFunction function) {
    return switch (function) {
      case NEGATE -> negate();
      case ABS -> re < 0 ? negate() : this;
      case SIGN, FLOOR, RINT, NOT -> real(function.apply(re));
      case SQRT -> sqrt();
      case EXP -> exp();
      case EXP2 -> times(Math.log(2)).exp();
      case EXPM1 -> near(Math.expm1(re), Math.exp(re), exp().minus(ONE));
      case LOG -> log();
      case LOG2 -> log().times(1 / Math.log(2));
      case LOG10 -> log().times(1 / Math.log(10));
      case LOG1P -> near(Math.log1p(re), 1 / (1 + re), plus(ONE).log());
      case SIN -> sin();
      case COS -> cos();
      case TAN -> sin().over(cos());
      case ASIN -> asin();
      case ACOS -> real(Math.PI / 2).minus(asin());
      case ATAN -> atan();
      case SINH -> turned(turned(this).sin()).negate();
      case COSH -> turned(this).cos();
      case TANH -> {
        Complex angle = turned(this);
        yield turned(angle.sin().over(angle.cos())).negate();
      }
      case ASINH -> over(ONE.plus(times(this)).sqrt()).atanh();
      case ACOSH -> plus(minus(ONE).sqrt().times(plus(ONE).sqrt())).log();
      case ATANH -> atanh();
      case CBRT -> {
        Complex size = re < 0 ? negate() : this;
        Complex root = size.pow(real(1.0 / 3));
        yield re < 0 ? root.negate() : root;
      }
      case ERF -> near(function.apply(re), bell(re), erf());
      case ERFC -> near(function.apply(re), -bell(re), ONE.minus(erf()));
      case POWER_OF_TWO, EXPONENT, SIGNIFICAND ->
          throw new IllegalArgumentException(
              "complex: "
                  + function
                  + " works on the bits of a real number\n"
                  + "  help   evaluate a formula before it is lowered");
    };
  }

  /// By the first two terms of the series around the real part, which do not cancel, or as given.
  private Complex near(double value, double slope, Complex elsewhere) {
    return Math.abs(im) <= NEAR ? new Complex(value, im * slope) : elsewhere;
  }

  /// `i·z`
  private static Complex turned(Complex z) {
    return z.times(I);
  }

  /// `atan(z / √(1 − z²))`
  private Complex asin() {
    return over(ONE.minus(this).sqrt().times(ONE.plus(this).sqrt())).atan();
  }

  /// `½·(arg(1 + i·z) − arg(1 − i·z))` and `¼·ln(|1 − i·z|²/|1 + i·z|²)`, by the difference of the
  /// two, so that a small imaginary part stays exact.
  private Complex atan() {
    double below = re * re + (im - 1) * (im - 1);
    return new Complex(
        Math.atan2(2 * re, 1 - re * re - im * im) / 2, Math.log1p(4 * im / below) / 4);
  }

  /// `−i·atan(i·z)`
  private Complex atanh() {
    return turned(turned(this).atan()).negate();
  }

  /// `2/√π·e^(−x²)`
  private static double bell(double x) {
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x);
  }

  /// `2/√π·e^(−z²)·(z + 2z³/3 + 4z⁵/15 + …)`; far out, 1 less a continued fraction.
  private Complex erf() {
    Complex square = times(this);
    Complex factor = square.negate().exp().times(2 / Math.sqrt(Math.PI));
    if (Math.abs(re) > FAR) {
      Complex z = re < 0 ? negate() : this;
      Complex fraction = z;
      for (int k = 100; k > 0; k--) {
        fraction = z.plus(real(k / 2.0).over(fraction));
      }
      Complex y = ONE.minus(factor.over(fraction).times(0.5));
      return re < 0 ? y.negate() : y;
    }
    Complex sum = this;
    Complex term = this;
    for (int k = 1; term.modulus() > sum.modulus() * 1e-18; k++) {
      term = term.times(square).times(2.0 / (2 * k + 1));
      sum = sum.plus(term);
    }
    return factor.times(sum);
  }

  private Complex apply(BinaryFunction function, Complex b) {
    return switch (function) {
      case ADD -> plus(b);
      case SUBTRACT -> minus(b);
      case MULTIPLY -> times(b);
      case DIVIDE -> over(b);
      case MIN -> b.re < re ? b : this;
      case MAX -> b.re > re ? b : this;
      case FMOD -> minus(b.times(Math.rint((re - re % b.re) / b.re)));
      case POW -> pow(b);
      case HYPOT -> times(this).plus(b.times(b)).sqrt();
      case ATAN2 -> {
        // the angle is turned by a multiple of π/2 to where the quotient is small
        boolean steep = Math.abs(re) > Math.abs(b.re);
        Complex angle = (steep ? b.over(this).negate() : over(b)).apply(UnaryFunction.ATAN);
        double turn = Math.atan2(re, b.re) - angle.re;
        yield new Complex(angle.re + turn, angle.im);
      }
      case LESS, LESS_EQUAL, EQUAL, AND, OR -> real(function.apply(re, b.re));
    };
  }
}
