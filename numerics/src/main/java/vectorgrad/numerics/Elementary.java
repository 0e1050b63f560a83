package vectorgrad.numerics;

import static vectorgrad.numerics.Formula.*;
import static vectorgrad.numerics.UnaryFunction.*;

/// Elementary functions as formulas of primitives, so that every backend computes the same bits.
@SuppressWarnings("FloatingPointLiteralPrecision") // coefficients stand as their sources print them
final class Elementary {
  private Elementary() {}

  static Formula lower(Unary u, Precision p) {
    return switch (u.function()) {
      case EXP -> exp(u.x(), p);
      case LOG -> log(u.x(), p);
      case TANH -> tanh(u.x(), p);
      case SIN -> sine(u.x(), p, 0);
      case COS -> sine(u.x(), p, 1);
      case SIGN -> u.x().lessThan(ZERO).then(constant(-1), ZERO.lessThan(u.x()).then(ONE, u.x()));
      default -> u;
    };
  }

  private static Formula horner(Formula x, double... c) {
    Formula p = constant(c[0]);
    for (int i = 1; i < c.length; i++) p = p.fma(x, constant(c[i]));
    return p;
  }

  private static Formula u(UnaryFunction f, Formula x) {
    return new Unary(f, x);
  }

  static Formula exp(Formula x, Precision p) {
    boolean s = p == Precision.SINGLE;
    double hi = s ? 89 : 710, lo = s ? -104 : -746;
    Formula c = x.greaterThan(constant(hi)).then(constant(hi), x);
    c = c.lessThan(constant(lo)).then(constant(lo), c);
    Formula n = c.times(1.4426950408889634).rint();
    Formula r = n.fma(constant(s ? -0.693359375 : -0x1.62e42fee00000p-1), c);
    r = n.fma(constant(s ? 2.12194440e-4 : -0x1.a39ef35793c76p-33), r);
    Formula e =
        s
            ? horner(
                r,
                1.9875691500E-4,
                1.3981999507E-3,
                8.3334519073E-3,
                4.1665795894E-2,
                1.6666665459E-1,
                5.0000001201E-1)
            : horner(
                r,
                1 / 6227020800.,
                1 / 479001600.,
                1 / 39916800.,
                1 / 3628800.,
                1 / 362880.,
                1 / 40320.,
                1 / 5040.,
                1 / 720.,
                1 / 120.,
                1 / 24.,
                1 / 6.,
                .5);
    e = e.fma(r.square(), r).plus(ONE);
    Formula h = n.times(HALF).floor();
    return e.times(u(POWER_OF_TWO, h)).times(u(POWER_OF_TWO, n.minus(h)));
  }

  static Formula log(Formula x, Precision p) {
    boolean s = p == Precision.SINGLE;
    Formula tiny = x.lessThan(constant(s ? Float.MIN_NORMAL : Double.MIN_NORMAL));
    Formula v = tiny.then(x.times(s ? 0x1p24 : 0x1p54), x);
    Formula m = u(SIGNIFICAND, v);
    Formula k = u(EXPONENT, v).minus(tiny.then(constant(s ? 24 : 54), ZERO));
    Formula big = m.greaterThan(constant(Math.sqrt(2)));
    m = big.then(m.times(HALF), m);
    k = k.plus(big.then(ONE, ZERO));
    Formula f = m.minus(ONE), t = f.over(f.plus(TWO)), z = t.square();
    Formula r =
        s
            ? horner(z, 0.24279078841, 0.28498786688, 0.40000972152, 0.66666662693)
            : horner(
                z,
                1.479819860511658591e-01,
                1.531383769920937332e-01,
                1.818357216161805012e-01,
                2.222219843214978396e-01,
                2.857142874366239149e-01,
                3.999999999940941908e-01,
                6.666666666666735130e-01);
    r = z.times(r);
    Formula half = f.square().times(HALF);
    Formula y =
        k.fma(
            constant(s ? 0.69313812256 : 6.93147180369123816490e-01),
            k.fma(
                    constant(s ? 9.0580006145e-06 : 1.90821492927058770002e-10),
                    t.times(half.plus(r)))
                .minus(half)
                .plus(f));
    y = x.equalTo(constant(Double.POSITIVE_INFINITY)).then(x, y);
    y = x.equalTo(ZERO).then(constant(Double.NEGATIVE_INFINITY), y);
    return x.lessThan(ZERO).or(x.equalTo(x).not()).then(constant(Double.NaN), y);
  }

  static Formula tanh(Formula x, Precision p) {
    boolean s = p == Precision.SINGLE;
    Formula a = x.abs(), z = x.square();
    Formula small =
        s
            ? horner(
                    z,
                    -5.70498872745E-3,
                    2.06390887954E-2,
                    -5.37397155531E-2,
                    1.33314422036E-1,
                    -3.33332819422E-1)
                .times(z)
                .fma(x, x)
            : z.times(
                    horner(
                        z,
                        -9.64399179425052238628E-1,
                        -9.92877231001918586564E1,
                        -1.61468768441708447952E3))
                .over(
                    horner(
                        z,
                        1,
                        1.12811678491632931402E2,
                        2.23548839060100448583E3,
                        4.84406305325125486048E3))
                .fma(x, x);
    Formula large = ONE.minus(TWO.over(exp(a.plus(a), p).plus(ONE)));
    return a.lessThan(constant(.625)).then(small, x.lessThan(ZERO).then(large.negate(), large));
  }

  static Formula sine(Formula x, Precision p, int quarter) {
    boolean s = p == Precision.SINGLE;
    Formula q = x.times(2 / Math.PI).rint();
    Formula r =
        s
            ? q.fma(constant(-7.54978942e-08f), q.fma(constant(-1.57079625f), x))
            : q.fma(constant(-0x1.1a62633145c07p-54), q.fma(constant(-0x1.921fb54442d18p0), x));
    if (s) r = q.fma(constant(-5.39030253e-15f), r);
    Formula k = q.plus(constant(quarter));
    k = k.minus(k.times(.25).floor().times(4));
    Formula z = r.square();
    Formula sin =
        s
            ? horner(z, -1.9515295891E-4, 8.3321608736E-3, -1.6666654611E-1).times(z).fma(r, r)
            : horner(
                    z,
                    1.58962301576546568060E-10,
                    -2.50507477628578072866E-8,
                    2.75573136213857245213E-6,
                    -1.98412698295895385996E-4,
                    8.33333333332211858878E-3,
                    -1.66666666666666307295E-1)
                .times(z)
                .fma(r, r);
    Formula cos =
        s
            ? horner(z, 2.443315711809948E-5, -1.388731625493765E-3, 4.166664568298827E-2)
                .fma(z.square(), z.fma(constant(-.5), ONE))
            : horner(
                    z,
                    -1.13585365213876817300E-11,
                    2.08757008419747316778E-9,
                    -2.75573141792967388112E-7,
                    2.48015872888517045348E-5,
                    -1.38888888888730564116E-3,
                    4.16666666666665929218E-2)
                .fma(z.square(), z.fma(constant(-.5), ONE));
    Formula odd = k.equalTo(ONE).or(k.equalTo(constant(3)));
    Formula y = odd.then(cos, sin);
    return k.greaterThan(constant(1.5)).then(y.negate(), y);
  }
}
