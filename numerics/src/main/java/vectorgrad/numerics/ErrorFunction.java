package vectorgrad.numerics;

import static vectorgrad.numerics.Elementary.polynomial;
import static vectorgrad.numerics.Formula.HALF;
import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.TWO;
import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.constant;

/// The error function `erf x = 2/√π·∫₀ˣ e^(−t²) dt` and what it leaves of 1, `erfc x`.
///
/// Up to ½ `erf` is an odd polynomial. Beyond, `erfc x = e^(−x²)·F / (1 + 2x)`, where `F` hardly
/// changes over all of the axis and is a polynomial in `t = (x − 3)/(x + 3)` (M. M. Shepherd and J.
/// G. Laframboise, *Chebyshev approximation of (1 + 2x)exp(x²)erfc x in 0 ≤ x < ∞*, 1981).
final class ErrorFunction {
  private ErrorFunction() {}

  static Formula erf(Formula x, boolean single) {
    Formula size = x.abs();
    Formula large = ONE.minus(tail(size, single));
    Formula signed = x.lessThan(ZERO).then(large.negate(), large);
    return size.lessThan(HALF).then(near(x, single), signed);
  }

  static Formula erfc(Formula x, boolean single) {
    Formula size = x.abs();
    Formula tail = tail(size, single);
    Formula far = x.lessThan(ZERO).then(TWO.minus(tail), tail);
    return size.lessThan(HALF).then(ONE.minus(near(x, single)), far);
  }

  private static Formula near(Formula x, boolean single) {
    Formula z = x.square();
    Formula series =
        single
            ? polynomial(
                z,
                0.004719082731753588,
                -0.026757732033729553,
                0.1128283143043518,
                -0.37612608075141907,
                0.12837916612625122)
            : polynomial(
                z,
                1.4725865480556744e-06,
                -1.4845849259707869e-05,
                0.00012053335124353741,
                -0.0008548297753674966,
                0.00522397737302147,
                -0.026866170632887928,
                0.11283791670925353,
                -0.37612638903183476,
                0.12837916709551256);
    return x.fma(series, x);
  }

  /// `erfc x` for `x ≥ ½`
  private static Formula tail(Formula x, boolean single) {
    Formula far = constant(single ? 10.5 : 28); // 0 from there on
    Formula cut = x.greaterThan(far).then(far, x);
    Formula t = cut.minus(constant(3)).over(cut.plus(constant(3)));
    Formula series =
        single
            ? polynomial(
                t,
                -0.00018536527932155877,
                -0.0006907236529514194,
                0.001955572282895446,
                0.0025054316502064466,
                -0.023789770901203156,
                0.06831087172031403,
                -0.11927139759063721,
                0.12964501976966858,
                -0.047562386840581894,
                -0.1356211006641388)
            : polynomial(
                t,
                -1.541055292474667e-08,
                2.292393009921899e-08,
                1.1177528463195771e-07,
                -1.2169240627639653e-07,
                -6.299129103282541e-07,
                3.4482536968247793e-07,
                3.481686983452046e-06,
                -7.270603109882931e-07,
                -2.0104454851557477e-05,
                4.9484535339192485e-06,
                0.00012510037313823361,
                -0.0001051596522473519,
                -0.0007798324398793133,
                0.0018886903466049378,
                0.002529391832675186,
                -0.023770514918036445,
                0.06830802734307077,
                -0.11927366341532432,
                0.1296451587027835,
                -0.04756229435345058,
                -0.13562110612458134);
    DoubleWord start =
        single
            ? new DoubleWord(constant(1.2530080080032349), constant(5.088333665526079e-08))
            : new DoubleWord(constant(1.2530080582697296), constant(4.401852592018287e-17));
    DoubleWord factor = DoubleWord.orderedSum(start.high(), series.times(t)).plusSmall(start.low());
    DoubleWord square = DoubleWord.product(cut, cut);
    Exponentials e =
        Exponentials.of(new DoubleWord(square.high().negate(), square.low().negate()), single);
    DoubleWord divisor = DoubleWord.orderedSum(cut.times(TWO), ONE);
    DoubleWord y = DoubleWord.quotient(e.power().normalized().times(factor), divisor);
    return Exponentials.scaled(y.rounded(), e.n(), single);
  }
}
