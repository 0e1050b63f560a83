package vectorgrad.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Softmax of rows of every kind of length: shorter than the lanes, a whole number of them, and
/// neither. What it is, is in the contract of backends.
class SoftmaxRowsTest {
  private static final int[] LENGTHS = {1, 10, 63, 64, 65, 100, 128, 192, 1000, 1024};

  private static double[] softmax(double[] row) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double x : row) {
      largest = Math.max(largest, x);
    }
    double sum = 0;
    for (double x : row) {
      sum += Math.exp(x - largest);
    }
    double[] shares = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      shares[i] = Math.exp(row[i] - largest) / sum;
    }
    return shares;
  }

  @Test
  void eachRowIsTheDefinition() {
    for (int n : LENGTHS) {
      for (int rows : new int[] {1, 2, 40}) {
        // not from the beginning of the array
        Tensor x = Tensor.normal(Seed.of(n), 0, Shape.of(rows + 1, n), DType.F32).mul(9);
        Tensor some = x.slice(0, 1, rows + 1);
        float[] found = some.softmax(1).toFloats();
        float[] logarithms = some.logSoftmax(1).toFloats();
        for (int r = 0; r < rows; r++) {
          double[] expected = softmax(some.select(0, r).toDoubles());
          for (int i = 0; i < n; i++) {
            String place = rows + " rows of " + n + ", at " + r + ", " + i;
            // what x is less than the maximum is rounded before it is an exponent
            double off = 0x1p-23 * (4 - Math.log(expected[i]));
            double normal = Math.max(expected[i], Float.MIN_NORMAL);
            assertEquals(expected[i], found[r * n + i], normal * off, place);
            assertEquals(Math.log(expected[i]), logarithms[r * n + i], 1e-5, place);
          }
        }
      }
    }
  }

  @Test
  void whatIsMinusInfinityHasNoShare() {
    for (int n : LENGTHS) {
      Tensor x = Tensor.normal(Seed.of(n), 0, Shape.of(3, n), DType.F32);
      Tensor alone = Tensor.full(Double.NEGATIVE_INFINITY, Shape.of(3, n), DType.F32);
      Tensor both = Tensor.concat(1, x, alone);
      assertArrayEquals(
          new float[3 * n], both.softmax(1).slice(1, n, 2 * n).toFloats(), "rows of " + 2 * n);
    }
  }

  @Test
  void aRowThatHasNoSoftmaxSpoilsNoOther() {
    double[] spoilers = {
      Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY,
    };
    for (int n : LENGTHS) {
      Tensor x = Tensor.normal(Seed.of(n), 0, Shape.of(1, n), DType.F32);
      float[] expected = x.softmax(1).toFloats();
      for (double spoiler : spoilers) {
        Tensor spoiled = Tensor.full(spoiler, Shape.of(1, n), DType.F32);
        Tensor found = Tensor.concat(0, x, spoiled, x, spoiled).softmax(1);
        assertArrayEquals(expected, found.select(0, 0).toFloats(), "before " + spoiler);
        assertArrayEquals(expected, found.select(0, 2).toFloats(), "behind " + spoiler);
        for (float value : found.select(0, 3).toFloats()) {
          assertTrue(Float.isNaN(value), spoiler + " in rows of " + n);
        }
      }
    }
  }
}
