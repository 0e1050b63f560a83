package vectorgrad.tensor.cpu;

import java.util.Arrays;
import vectorgrad.tensor.spi.Reduction;

/// Joins the elements of a contiguous row to one, by a tree that is fixed by the row's length
/// alone, so that scalar code and vectors of every width give the same bits:
///
/// - 64 *lanes*: lane `l` joins the elements `l`, `l + 64`, `l + 128`, …, in that order;
/// - then halves are joined, lane `l` with lane `l + 32`, then with `l + 16`, `8`, `4`, `2`, `1`.
///
/// Vectors of 16 lanes hold the 64 in four registers, those of 4 lanes in sixteen, scalar code in
/// an array. Lanes without an element hold the identity, which changes nothing, so short rows skip
/// them. A sum of n numbers is off by some n / 64 + 6 roundings at most instead of n.
///
/// Emitted by [FoldCompiler]; [Naive] is the same tree in plain Java.
abstract class Fold {
  /// The number of lanes.
  static final int LANES = 64;

  /// Joins `n` elements, at least one, of a `float[]` or `double[]`.
  ///
  /// @param scratch an array of the same type for at least [#LANES] elements
  abstract double row(Object array, int offset, int n, Object scratch);

  /// The value that changes no other, not even −0: for sums that is −0 itself.
  static double identity(Reduction reduction) {
    return reduction == Reduction.SUM ? -0.0 : reduction.identity();
  }

  /// The definition: naive above fast. For tests; in float64, or rounding to float32 after each
  /// step.
  static final class Naive extends Fold {
    private final Reduction reduction;

    Naive(Reduction reduction) {
      this.reduction = reduction;
    }

    @Override
    double row(Object array, int offset, int n, Object scratch) {
      double[] lanes = new double[LANES];
      Arrays.fill(lanes, identity(reduction));
      for (int i = 0; i < n; i++) {
        double element =
            array instanceof float[] f ? f[offset + i] : ((double[]) array)[offset + i];
        lanes[i % LANES] = join(array, lanes[i % LANES], element);
      }
      for (int half = LANES / 2; half > 0; half /= 2) {
        for (int lane = 0; lane < half; lane++) {
          lanes[lane] = join(array, lanes[lane], lanes[lane + half]);
        }
      }
      return lanes[0];
    }

    /// Sums and products of two floats in double, rounded to float, are those in float.
    private double join(Object array, double a, double b) {
      double joined = reduction.join(a, b);
      return array instanceof float[] ? (float) joined : joined;
    }
  }
}
