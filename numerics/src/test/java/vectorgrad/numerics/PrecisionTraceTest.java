package vectorgrad.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PrecisionTraceTest {
  private static final Formula X = Formula.input(0);
  private static final Formula Y = Formula.input(1);

  private static Fidelity only(Formula formula, FloatFormat format, double... in) {
    var operations = PrecisionTrace.of(Program.of(formula), format, in).operations();
    return operations.get(operations.size() - 1).fidelity();
  }

  @Test
  void theSquareOf300OverflowsInHalfAndNotInBrain() {
    assertEquals(new Fidelity(1, 1, 0, 0, 0, 11, 11), only(X.square(), FloatFormat.FP16, 300));
    Fidelity brain = only(X.square(), FloatFormat.BF16, 300);
    assertTrue(brain.isHarmless());
    assertEquals(0, brain.worst(), "rounded, and no more");
    assertEquals(1, only(X.square(), FloatFormat.E4M3, 32).overflows());
    assertEquals(0, only(X.square(), FloatFormat.E4M3.saturated(), 32).overflows());
  }

  @Test
  void smallProductsUnderflow() {
    assertEquals(1, only(X.times(Y), FloatFormat.FP16, 1e-5, 1e-4).underflows());
    assertEquals(11, only(X.times(Y), FloatFormat.FP16, 1e-5, 1e-4).worst());
    assertEquals(1, only(X.times(Y), FloatFormat.FP16, 1e-3, 1e-3).subnormals());
    assertTrue(only(X.times(Y), FloatFormat.BF16, 1e-5, 1e-4).isHarmless());
  }

  @Test
  void cancellationLosesAllBits() {
    Formula difference = X.plus(1).minus(1);
    assertEquals(11, only(difference, FloatFormat.FP16, 1e-4).worst());
    assertEquals(0, only(difference, FloatFormat.FP16, 0.5).worst());
    assertEquals(0, only(X.plus(0), FloatFormat.FP16, Double.NaN).nans(), "it came with the input");
  }

  @Test
  void notANumberIsCountedWhereItIsBorn() {
    Formula square = X.square();
    var operations =
        PrecisionTrace.of(
                Program.of(square.minus(square).exp()), FloatFormat.FP16, new double[] {300})
            .operations();
    assertEquals(1, operations.get(0).fidelity().overflows());
    assertEquals(1, operations.get(1).fidelity().nans());
    assertEquals(0, operations.get(2).fidelity().nans());
  }

  @Test
  void theTableShowsWhatHappened() {
    double[][] inputs = {{3}, {300}};
    assertEquals(
        """
        f16                       results overflow underflow subnormal  nan  lost worst
        x·x                             2        1         .         .    .   5.5  11.0
        x·x + 1                         2        .         .         .    .   5.5  11.0
        √(x·x + 1)                      2        .         .         .    .   5.5  11.0\
        """,
        PrecisionTrace.of(Program.of(X.square().plus(1).sqrt()), FloatFormat.FP16, inputs)
            .toString());
  }
}
