package vectorgrad.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vectorgrad.numerics.Precision;
import vectorgrad.tensor.cpu.KernelReading.View;

class MatMulTest {
  private static final int[] SIZES = {
    0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 14, 15, 16, 17, 25, 27, 31, 32, 33, 63, 64, 65, 131, 169
  };
  private static final int[] DEPTHS = {0, 1, 2, 3, 5, 17, 63, 64, 65, 130, 700, 2049};

  /// The versions whose sums are all made in the same order.
  private static final List<String> SAME_BITS = List.of("blocked", "tiled", "emitted", "threads");

  /// A product to compute: operands of random sizes behind random strides.
  private record Product(View a, View b, View c, boolean add) {
    static Product random(Random r) {
      int m = pick(r, SIZES);
      int n = pick(r, SIZES);
      int k = pick(r, DEPTHS);
      int gap = r.nextInt(3) == 0 ? 5 : 0;
      View c = new View(numbers(r, 3 + m * (n + gap)), 3, m, n, n + gap, 1);
      return new Product(view(r, m, k), view(r, k, n), c, r.nextBoolean());
    }

    double[] by(KernelReading reading, String name) {
      return reading.product(name, a, b, c, add);
    }

    @Override
    public String toString() {
      return "%s · %s into %s, add %s".formatted(a, b, c, add);
    }
  }

  private static int pick(Random r, int[] sizes) {
    return sizes[r.nextInt(sizes.length)];
  }

  /// Floats, so that both precisions compute with the same numbers.
  private static double[] numbers(Random r, int count) {
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) r.nextGaussian();
    }
    return numbers;
  }

  /// Plain, transposed, sliced, flipped or broadcast.
  private static View view(Random r, int rows, int columns) {
    int offset = r.nextInt(4);
    double[] data = numbers(r, 4 + 2 * rows * columns + 2 * rows + 2 * columns);
    return switch (r.nextInt(8)) {
      case 0 -> new View(data, offset, rows, columns, 1, Math.max(1, rows));
      case 1 ->
          new View(
              data, offset, rows, columns, columns + 3 > 2 * columns ? columns : columns + 1, 1);
      case 2 -> new View(data, offset, rows, columns, 2 * columns, 2);
      case 3 ->
          new View(data, offset + Math.max(0, rows - 1) * columns, rows, columns, -columns, 1);
      case 4 -> new View(data, offset + Math.max(0, columns - 1), rows, columns, columns, -1);
      case 5 -> new View(data, offset, rows, columns, 0, 1);
      case 6 -> new View(data, offset, rows, columns, 1, 0);
      default -> new View(data, offset, rows, columns, columns, 1);
    };
  }

  @Property(tries = 60)
  void everyVersionComputesTheDefinition(@ForAll long seed) {
    Product p = Product.random(new Random(seed));
    for (Precision precision : Precision.values()) {
      KernelReading.all(precision)
          .forEach(reading -> {
            for (String name : reading.products()) {
              assertCloseTo(p, p.by(reading, name), accumulated(precision, p), name);
            }
          });
    }
  }

  /// One rounding for each step of the sum, on the sum of the magnitudes, and one for the last
  /// addition.
  private static double accumulated(Precision precision, Product p) {
    double ulp = precision == Precision.SINGLE ? Math.ulp(1f) : Math.ulp(1.0);
    return (p.a.columns() + 2) * ulp;
  }

  private static void assertCloseTo(Product p, double[] actual, double tolerance, String name) {
    View c = p.c;
    boolean[] inside = new boolean[actual.length];
    for (int i = 0; i < c.rows(); i++) {
      for (int j = 0; j < c.columns(); j++) {
        double sum = p.add ? c.at(i, j) : 0;
        double magnitude = Math.abs(sum);
        for (int k = 0; k < p.a.columns(); k++) {
          double term = p.a.at(i, k) * p.b.at(k, j);
          sum += term;
          magnitude += Math.abs(term);
        }
        int place = c.offset() + i * c.rowStride() + j;
        inside[place] = true;
        String where = name + " at (" + i + ", " + j + ") of " + p;
        assertEquals(sum, actual[place], tolerance * magnitude, where);
      }
    }
    for (int place = 0; place < actual.length; place++) {
      assertTrue(
          inside[place] || actual[place] == c.data()[place],
          name + " wrote beside the result of " + p);
    }
  }

  @Property(tries = 60)
  void lanesAndVersionsDoNotShowInTheBits(@ForAll long seed) {
    Product p = Product.random(new Random(seed));
    for (Precision precision : Precision.values()) {
      double[] expected = p.by(KernelReading.of(precision, 0), "blocked");
      double[] chosen = p.by(KernelReading.of(precision, 0), "multiply");
      KernelReading.all(precision)
          .forEach(reading -> {
            for (String name : SAME_BITS) {
              assertArrayEquals(expected, p.by(reading, name), name + " of " + p);
            }
            assertArrayEquals(chosen, p.by(reading, "multiply"), "multiply of " + p);
          });
    }
  }

  @Property(tries = 8)
  void threadsDoNotShowInTheBits(@ForAll long seed) {
    var r = new Random(seed);
    int m = 200 + r.nextInt(150);
    int n = 200 + r.nextInt(150);
    int k = 300 + r.nextInt(200);
    View c = new View(new double[m * n], 0, m, n, n, 1);
    Product square = new Product(view(r, m, k), view(r, k, n), c, false);
    View y = new View(new double[m], 0, m, 1, 1, 1);
    Product vector = new Product(square.a, view(r, k, 1), y, false);
    int few = 2 + r.nextInt(10);
    View rows = new View(new double[few * n], 0, few, n, n, 1);
    Product thin = new Product(view(r, few, k), square.b, rows, false);
    KernelReading reading = KernelReading.of(Precision.SINGLE, Lanes.bits());
    int before = Workers.threads();
    try {
      Workers.threads(1);
      double[] alone = square.by(reading, "multiply");
      double[] vectorAlone = vector.by(reading, "multiply");
      double[] thinAlone = thin.by(reading, "multiply");
      for (int threads : new int[] {2, 7}) {
        Workers.threads(threads);
        assertArrayEquals(alone, square.by(reading, "multiply"));
        assertArrayEquals(vectorAlone, vector.by(reading, "multiply"));
        assertArrayEquals(thinAlone, thin.by(reading, "multiply"));
      }
    } finally {
      Workers.threads(before);
    }
  }

  @Test
  void panelsAtTheEndOfAnArrayAreNotReadBeyondIt() {
    for (int n = 1; n < 100; n++) {
      View a = new View(numbers(new Random(n), 20 * 9), 0, 20, 9, 9, 1);
      View b = new View(numbers(new Random(-n), 9 * n), 0, 9, n, n, 1);
      View c = new View(new double[20 * n], 0, 20, n, n, 1);
      double[] expected = KernelReading.of(Precision.SINGLE, 0).product("blocked", a, b, c, false);
      KernelReading.all(Precision.SINGLE)
          .forEach(reading ->
              assertArrayEquals(expected, reading.product("threads", a, b, c, false), b::toString));
    }
  }

  /// With more rows than a task has, B that stays near, and several blocks of k: those that stay
  /// near together and those that do not, written straight and transposed on the way out.
  @Test
  void tilesThatMeetAllOfBHaveTheBitsOfTheDefinition() {
    for (int n : new int[] {70, 250}) {
      for (int k : new int[] {40, 2100, 4100}) {
        int m = 203;
        double[] left = numbers(new Random(n + k), m * k);
        double[] right = numbers(new Random(n - k), k * n);
        double[] sums = numbers(new Random(k), m * n);
        View a = new View(left, 0, m, k, k, 1);
        View across = new View(left, 0, m, k, 1, m);
        View b = new View(right, 0, k, n, n, 1);
        View c = new View(sums, 0, m, n, n, 1);
        View narrow = new View(right, 0, n, k, k, 1); // times a transposed: swapped
        View turned = new View(sums, 0, n, m, m, 1);
        List<Product> products =
            List.of(
                new Product(a, b, c, false),
                new Product(a, b, c, true),
                new Product(across, b, c, false),
                new Product(narrow, new View(left, 0, k, m, 1, k), turned, false));
        for (Product p : products) {
          double[] expected = p.by(KernelReading.of(Precision.SINGLE, 0), "blocked");
          KernelReading.all(Precision.SINGLE)
              .forEach(
                  reading -> assertArrayEquals(expected, p.by(reading, "threads"), p::toString));
        }
      }
    }
  }

  /// More of B than stays near: two groups of columns, and two blocks of k, of which one is held.
  @Test
  void aWideAndDeepProductHasTheBitsOfTheDefinition() {
    int m = 170;
    int k = 2100;
    int n = 1050;
    View a = new View(numbers(new Random(1), m * k), 0, m, k, k, 1);
    View b = new View(numbers(new Random(2), k * n), 0, k, n, n, 1);
    View c = new View(numbers(new Random(3), m * n), 0, m, n, n, 1);
    Product p = new Product(a, b, c, true);
    KernelReading reading = KernelReading.of(Precision.SINGLE, Lanes.bits());
    assertArrayEquals(p.by(reading, "blocked"), p.by(reading, "threads"), p::toString);
  }

  /// With few columns, deep sums are cut into shorter blocks: on both sides of where columns are
  /// few and sums are deep, each row has the bits it has in a product of more rows.
  @Test
  void shortBlocksOfDeepSumsDoNotDependOnTheRows() {
    int most = 250; // more than a task has
    int few = 20;
    KernelReading reading = KernelReading.of(Precision.SINGLE, Lanes.bits());
    for (int n : new int[] {1024, 1025}) {
      for (int k : new int[] {2048, 2049}) {
        View a = new View(numbers(new Random(n), most * k), 0, most, k, k, 1);
        View some = new View(a.data(), 0, few, k, k, 1);
        double[] right = numbers(new Random(k), k * n);
        double[] blocks = null;
        for (View b :
            List.of(new View(right, 0, k, n, n, 1), new View(turned(right, n), 0, k, n, 1, k))) {
          View all = new View(new double[most * n], 0, most, n, n, 1);
          View part = new View(new double[few * n], 0, few, n, n, 1);
          double[] result = Arrays.copyOf(reading.product("multiply", a, b, all, false), few * n);
          if (blocks == null) {
            blocks = reading.product("blocked", some, b, part, false);
          }
          assertArrayEquals(blocks, result, "many rows of " + b);
          assertArrayEquals(
              blocks, reading.product("multiply", some, b, part, false), "few of " + b);
        }
      }
    }
  }

  /// The same matrix of `columns` columns, column after column.
  private static double[] turned(double[] rows, int columns) {
    int depth = rows.length / columns;
    double[] turned = new double[rows.length];
    for (int place = 0; place < rows.length; place++) {
      turned[place % columns * depth + place / columns] = rows[place];
    }
    return turned;
  }

  /// More rows than packed tiles are kept of: each has the bits it has alone.
  @Test
  void rowsOfATallProductDoNotDependOnTheOthers() {
    int m = 2050;
    int k = 1050;
    int n = 1010;
    int few = 5;
    double[] left = numbers(new Random(1), m * k);
    View b = new View(numbers(new Random(2), k * n), 0, k, n, n, 1);
    KernelReading reading = KernelReading.of(Precision.SINGLE, Lanes.bits());
    View all = new View(left, 0, m, k, k, 1);
    View last = new View(left, (m - few) * k, few, k, k, 1);
    double[] result =
        reading.product("threads", all, b, new View(new double[m * n], 0, m, n, n, 1), false);
    double[] expected =
        reading.product("blocked", last, b, new View(new double[few * n], 0, few, n, n, 1), false);
    assertArrayEquals(expected, Arrays.copyOfRange(result, (m - few) * n, m * n));
  }

  /// Up to twelve rows of A are multiplied with a B that is read once, in rows or in columns, at
  /// the end of its array or before it, in one block of k or two.
  @Test
  void theBitsOfFewRowsDoNotDependOnTheOthers() {
    for (int k : new int[] {301, 700, 2100}) {
      int n = 250;
      View across = new View(numbers(new Random(k), n * k), 0, k, n, 1, k);
      View plain = new View(numbers(new Random(-k), n * k + 9), 9, k, n, n, 1);
      for (View b : List.of(across, plain)) {
        for (int m : new int[] {2, 3, 4, 5, 8, 12}) {
          View a = new View(numbers(new Random(m), m * k), 0, m, k, k, 1);
          View c = new View(numbers(new Random(n), m * n), 0, m, n, n, 1);
          KernelReading.all(Precision.SINGLE)
              .forEach(reading -> {
                double[] together = reading.product("multiply", a, b, c, false);
                for (int i = 0; i < m; i++) {
                  View twice = new View(a.data(), i * k, 2, k, 0, 1);
                  View rows = new View(c.data(), i * n, 2, n, 0, 1);
                  double[] expected = reading.product("multiply", twice, b, rows, false);
                  assertArrayEquals(
                      Arrays.copyOfRange(expected, i * n, (i + 1) * n),
                      Arrays.copyOfRange(together, i * n, (i + 1) * n),
                      "row " + i + " of " + a + " · " + b);
                }
              });
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"29, 70, 37", "4, 300, 37", "4, 2000, 37", "5, 301, 250"})
  void infinitiesAndNaNsStayInTheirRowsAndColumns(int m, int k, int n) {
    double[] left = numbers(new Random(1), m * k);
    double[] right = numbers(new Random(2), k * n);
    left[3 * k + 5] = Double.NaN;
    right[6 * n + 36] = Double.POSITIVE_INFINITY;
    View a = new View(left, 0, m, k, k, 1);
    View b = new View(right, 0, k, n, n, 1);
    View c = new View(new double[m * n], 0, m, n, n, 1);
    assertTheirRowsAndColumns(a, b, c);
    assertTheirRowsAndColumns(a, new View(turned(right, n), 0, k, n, 1, k), c);
  }

  private static void assertTheirRowsAndColumns(View a, View b, View c) {
    int m = c.rows();
    int n = c.columns();
    KernelReading.all(Precision.SINGLE)
        .forEach(reading -> {
          for (String name : reading.products()) {
            double[] result = reading.product(name, a, b, c, false);
            for (int i = 0; i < m; i++) {
              for (int j = 0; j < n; j++) {
                double value = result[i * n + j];
                assertEquals(i == 3, Double.isNaN(value), name);
                assertEquals(i != 3 && j == 36, Double.isInfinite(value), name);
              }
            }
          }
        });
  }

  @Test
  void doublesAreNotRoundedToFloats() {
    double tiny = 1 + Math.scalb(1.0, -40);
    View a = new View(new double[] {tiny}, 0, 1, 1, 1, 1);
    View c = new View(new double[1], 0, 1, 1, 1, 1);
    KernelReading.all(Precision.DOUBLE)
        .forEach(reading -> {
          for (String name : reading.products()) {
            assertEquals(tiny * tiny, reading.product(name, a, a, c, false)[0], name);
          }
        });
  }
}
