package vectorgrad.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Tensors too large for one task, or whose rows are walked in another order than they lie. Small
/// ones are in the contract of backends.
class RowsTest {

  private static Tensor numbered(int... sizes) {
    Shape shape = Shape.of(sizes);
    return Tensor.arange(shape.size(), DType.F32).reshape(sizes);
  }

  private static float[] transposed(int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < columns; i++) {
      for (int j = 0; j < rows; j++) {
        values[i * rows + j] = j * columns + i;
      }
    }
    return values;
  }

  @Test
  void largeMatricesAreTransposedInBlocks() {
    int[][] sizes = {{300, 301}, {64, 1000}, {1000, 64}, {33, 65}, {3, 5000}, {5000, 3}};
    for (int[] size : sizes) {
      float[] found = numbered(size).transpose().contiguous().toFloats();
      assertArrayEquals(transposed(size[0], size[1]), found);
    }
  }

  @Test
  void rowsOfAFewElementsAreExchangedForLongOnes() {
    int n = 20_000;
    Tensor x = numbered(n, 3);
    float[] found = x.add(Tensor.of(1f, 2f, 3f)).toFloats();
    float[] expected = new float[3 * n];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = i + 1 + i % 3;
    }
    assertArrayEquals(expected, found);
  }

  @Test
  void longRowsAreCutIntoTasks() {
    int n = 100_003;
    Tensor x = numbered(2, 2 * n).slice(1, 1, 2 * n, 2);
    float[] found = x.add(numbered(n)).toFloats();
    float[] expected = new float[2 * n];
    for (int i = 0; i < n; i++) {
      expected[i] = 2 * i + 1 + i;
      expected[n + i] = (float) (2 * n + 2 * i + 1) + i;
    }
    assertArrayEquals(expected, found);
  }

  @Test
  void rowsChosenWholeAreCopiedAndAddedWhole() {
    Random random = new Random(1);
    Tensor table = numbered(50, 40);
    int[] chosen = random.ints(3000, 0, 50).toArray();
    Tensor rows = table.indexSelect(0, Tensor.of(chosen));
    float[] found = rows.toFloats();
    float[] counts = new float[50 * 40];
    for (int i = 0; i < chosen.length; i++) {
      for (int j = 0; j < 40; j++) {
        assertArrayEquals(
            new float[] {chosen[i] * 40 + j}, new float[] {found[i * 40 + j]}, "row " + i);
        counts[chosen[i] * 40 + j] += chosen[i] * 40 + j;
      }
    }
    Tensor index = Tensor.of(chosen).reshape(-1, 1).expand(Shape.of(3000, 40));
    assertArrayEquals(counts, rows.scatterAdd(0, index, 50).toFloats());
    // the same place many times along a row
    Tensor one = Tensor.of(7).reshape(1, 1).expand(Shape.of(2, 100));
    float[] sums = Tensor.ones(Shape.of(2, 100), DType.F32).scatterAdd(1, one, 10).toFloats();
    float[] expected = new float[20];
    expected[7] = expected[17] = 100;
    assertArrayEquals(expected, sums);
  }
}
