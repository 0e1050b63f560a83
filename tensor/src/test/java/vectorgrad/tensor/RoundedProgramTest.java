package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import vectorgrad.numerics.FloatFormat;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;

/// The emulation of small formats is a program like any other: compiled to kernels, at their speed.
class RoundedProgramTest {
  private static final Formula X = Formula.input(0);
  private static final Formula Y = Formula.input(1);
  private static final Program PROGRAM =
      Program.of(
          X.times(Y).plus(X),
          X.over(Y).min(Y),
          X.fma(Y, Y.negate()),
          X.abs().sqrt().minus(Y),
          X.lessThan(Y).then(X.square(), Y));

  @Property(tries = 60)
  void kernelsGiveTheBitsOfTheFormat(@ForAll long seed) {
    for (FloatFormat format :
        List.of(
            FloatFormat.FP16,
            FloatFormat.BF16,
            FloatFormat.E4M3,
            FloatFormat.E5M2,
            FloatFormat.E4M3.saturated())) {
      for (DType dtype : List.of(DType.F32, DType.F64)) {
        double spread = format.max() < 1000 ? 8 : 100;
        Tensor x = Tensor.normal(Seed.of(seed), 0, Shape.of(67), dtype).mul(spread);
        Tensor y = Tensor.normal(Seed.of(seed), 99, Shape.of(67), dtype);
        List<Tensor> found = Tensor.mapAll(PROGRAM.rounded(format), x, y);
        double[] a = x.toDoubles();
        double[] b = y.toDoubles();
        double[] expected = new double[PROGRAM.outputs().size()];
        for (int i = 0; i < a.length; i++) {
          PROGRAM.evaluate(format, new double[] {a[i], b[i]}, expected);
          for (int o = 0; o < expected.length; o++) {
            assertEquals(expected[o], found.get(o).toDoubles()[i], format + ", output " + o);
          }
        }
      }
    }
  }
}
