package vectorgrad.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import vectorgrad.numerics.Precision;
import vectorgrad.tensor.cpu.KernelReading.View;

class PackingTest {
  private static final int[] ROWS = {1, 2, 3, 4, 5, 8, 9, 16, 17, 18, 35};
  private static final int[] COLUMNS = {1, 2, 3, 4, 5, 6, 7, 8, 11, 13, 15, 16, 17, 31, 32, 33};
  private static final double GUARD = -7;

  @Test
  void aCopyFillsItsRowsAndTouchesNothingElse() {
    for (Precision precision : Precision.values()) {
      List<KernelReading> readings = KernelReading.all(precision).toList();
      for (int rows : ROWS) {
        for (int columns : COLUMNS) {
          for (int filler : new int[] {0, 3}) {
            for (View from : views(rows, columns)) {
              readings.forEach(reading -> assertCopies(reading, from, columns + filler));
            }
          }
        }
      }
    }
  }

  /// Row-major, column-major, with gaps, backwards; none with an element to spare at its end.
  private static List<View> views(int rows, int columns) {
    double[] data = new double[rows * columns];
    Arrays.setAll(data, i -> i + 1);
    double[] gaps = new double[2 * rows * columns];
    Arrays.setAll(gaps, i -> i + 1);
    return List.of(
        new View(data, 0, rows, columns, columns, 1),
        new View(data, 0, rows, columns, 1, rows),
        new View(data, (rows - 1) * columns, rows, columns, -columns, 1),
        new View(data, (columns - 1) * rows, rows, columns, 1, -rows),
        new View(gaps, 1, rows, columns, 2 * columns, 2));
  }

  private static void assertCopies(KernelReading reading, View from, int pitch) {
    int begin = 2;
    int end = begin + from.rows() * pitch;
    double[] to = new double[end + 2];
    Arrays.fill(to, GUARD);
    double[] packed = reading.pack(from, to, begin, pitch);
    for (int place : new int[] {0, 1, end, end + 1}) {
      assertEquals(GUARD, packed[place], "beside " + from + " at pitch " + pitch);
    }
    for (int i = 0; i < from.rows(); i++) {
      for (int j = 0; j < from.columns(); j++) {
        assertEquals(from.at(i, j), packed[begin + i * pitch + j], from + " at pitch " + pitch);
      }
    }
  }
}
