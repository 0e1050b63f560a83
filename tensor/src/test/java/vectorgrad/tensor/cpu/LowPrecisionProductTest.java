package vectorgrad.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import vectorgrad.numerics.BFloat16;
import vectorgrad.numerics.Half;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Epilogue;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.cpu.LowPrecisionProducts.View;

class LowPrecisionProductTest {
  private static final int[] SIZES = {1, 2, 3, 7, 8, 15, 16, 31, 32, 33, 63, 64, 65, 127, 130, 200};
  private static final int[] DEPTHS = {1, 2, 5, 31, 32, 63, 64, 65, 128, 191, 4095, 4096, 4200};

  private static int pick(Random r, int[] sizes) {
    return sizes[r.nextInt(sizes.length)];
  }

  private static short bits(boolean brain, float x) {
    return brain ? BFloat16.floatToBits(x) : Half.floatToBits(x);
  }

  private static View view(Random r, int rows, int columns) {
    boolean brain = r.nextBoolean();
    boolean byRows = r.nextBoolean();
    int gap = r.nextInt(3);
    int offset = r.nextInt(4);
    int pitch = (byRows ? columns : rows) + gap;
    short[] data = new short[offset + pitch * (byRows ? rows : columns)];
    for (int i = 0; i < data.length; i++) {
      // numbers of all sizes, a few of them subnormal in f16
      data[i] = bits(brain, (float) (r.nextGaussian() * Math.scalb(1.0, -r.nextInt(25))));
    }
    return new View(data, brain, offset, rows, columns, byRows ? pitch : 1, byRows ? 1 : pitch);
  }

  private static float[] vector(Random r, int size) {
    float[] x = new float[size];
    for (int k = 0; k < size; k++) {
      x[k] = (float) r.nextGaussian();
    }
    return x;
  }

  @Property(tries = 100)
  void atEveryWidthTheBitsAreThoseOfTheWidenedMatrix(@ForAll long seed) {
    var r = new Random(seed);
    View a = view(r, pick(r, SIZES), pick(r, DEPTHS));
    float[] x = vector(r, a.columns());
    float[] expected = LowPrecisionReading.of(0).product(true, a, x);
    KernelReading.widths()
        .forEach(width -> {
          LowPrecisionProducts reading = LowPrecisionReading.of(width);
          assertArrayEquals(expected, reading.product(false, a, x), width + " bits");
          assertArrayEquals(expected, reading.product(true, a, x), width + " bits, naive");
        });
  }

  @Test
  void everyNumberOfSixteenBitsIsReadAsItIs() {
    short[] all = new short[1 << 16];
    for (int i = 0; i < all.length; i++) {
      all[i] = (short) i;
    }
    float[] one = {1};
    KernelReading.widths()
        .forEach(width -> {
          for (boolean brain : new boolean[] {true, false}) {
            // one column, and rows of a single element behind 63 zeros
            View column = new View(all, brain, 0, all.length, 1, 1, all.length);
            float[] read = LowPrecisionReading.of(width).product(false, column, one);
            float[] inRows = readInRows(width, all, brain);
            for (int i = 0; i < all.length; i++) {
              float right = brain ? BFloat16.bitsToFloat(all[i]) : Half.bitsToFloat(all[i]);
              assertEquals(0 + right, read[i], width + " bits, number " + i);
              assertEquals(0 + right, inRows[i], width + " bits, number " + i);
            }
          }
        });
  }

  private static float[] readInRows(int width, short[] all, boolean brain) {
    short[] data = new short[64 * all.length];
    float[] ones = new float[64];
    Arrays.fill(ones, 1);
    for (int i = 0; i < all.length; i++) {
      data[64 * i + i % 64] = all[i];
    }
    View rows = new View(data, brain, 0, all.length, 64, 64, 1);
    return LowPrecisionReading.of(width).product(false, rows, ones);
  }

  @Property(tries = 8)
  void threadsDoNotShowInTheBits(@ForAll long seed) {
    var r = new Random(seed);
    View a = view(r, 300 + r.nextInt(100), 500 + r.nextInt(100));
    float[] x = vector(r, a.columns());
    LowPrecisionProducts reading = LowPrecisionReading.of(Lanes.bits());
    int before = Workers.threads();
    try {
      Workers.threads(1);
      float[] alone = reading.product(false, a, x);
      for (int threads : new int[] {2, 7}) {
        Workers.threads(threads);
        assertArrayEquals(alone, reading.product(false, a, x));
      }
    } finally {
      Workers.threads(before);
    }
  }

  // ---- products of matrices -------------------------------------------------------------------

  /// Few rows or columns, which are streamed, and more, which are packed; whole blocks of k.
  private static View matrix(Random r, int rows, int columns) {
    View a = view(r, rows, columns);
    int kind = r.nextInt(5);
    if (kind == 0) { // every second row and column
      View twice = view(r, 2 * rows, 2 * columns);
      return new View(
          twice.data(),
          twice.brain(),
          twice.offset(),
          rows,
          columns,
          2 * twice.rowStride(),
          2 * twice.columnStride());
    }
    if (kind == 1) { // from the last row to the first
      int last = a.offset() + (rows - 1) * a.rowStride();
      return new View(a.data(), a.brain(), last, rows, columns, -a.rowStride(), a.columnStride());
    }
    return a;
  }

  @Property(tries = 60)
  void matricesAreMultipliedAsIfTheyWereWidenedBefore(@ForAll long seed) {
    var r = new Random(seed);
    int[] few = {1, 2, 4, 7, 12, 13};
    int m = pick(r, r.nextBoolean() ? few : SIZES);
    int n = pick(r, r.nextBoolean() ? few : SIZES);
    int k = pick(r, DEPTHS);
    View a = matrix(r, m, k);
    View b = matrix(r, k, n);
    boolean wideA = r.nextInt(3) == 0;
    boolean wideB = !wideA && r.nextInt(3) == 0;
    float[] expected = LowPrecisionReading.of(0).product(a, b, true, true);
    KernelReading.widths()
        .forEach(width -> {
          LowPrecisionProducts reading = LowPrecisionReading.of(width);
          assertArrayEquals(expected, reading.product(a, b, wideA, wideB), width + " bits");
        });
  }

  /// Rows, columns, and neither; with room behind the end, and without.
  @Test
  void everyNumberOfSixteenBitsIsWidenedAsItIs() {
    short[] all = new short[1 << 16];
    for (int i = 0; i < all.length; i++) {
      all[i] = (short) i;
    }
    KernelReading.widths()
        .forEach(width -> {
          for (boolean brain : new boolean[] {true, false}) {
            assertWidened(width, new View(all, brain, 0, 256, 256, 256, 1));
            assertWidened(width, new View(all, brain, 0, 256, 256, 1, 256));
            assertWidened(width, new View(all, brain, 5, 250, 250, 257, 1));
            assertWidened(width, new View(all, brain, 1, 128, 255, 2, 257));
            assertWidened(width, new View(all, brain, (1 << 16) - 3, 1, 3, 3, 1));
          }
        });
  }

  private static void assertWidened(int width, View a) {
    float[] near = LowPrecisionReading.of(width).near(a);
    for (int i = 0; i < a.rows(); i++) {
      for (int j = 0; j < a.columns(); j++) {
        assertEquals(a.at(i, j), near[i * a.columns() + j], width + " bits");
      }
    }
  }

  /// Large enough to be shared out, with an epilogue that is told of parts.
  @Test
  void threadsAndEpiloguesDoNotShowInTheBits() {
    Tensor a = Tensor.normal(Seed.of(1), 0, Shape.of(301, 700), DType.F32).to(DType.BF16);
    Tensor b = Tensor.normal(Seed.of(2), 0, Shape.of(333, 700), DType.F32).to(DType.F16);
    Tensor bias = Tensor.normal(Seed.of(3), 0, Shape.of(333), DType.F32);
    double[] wide = a.to(DType.F32).matmul(b.to(DType.F32).transpose()).add(bias).toDoubles();
    int before = Workers.threads();
    try {
      for (int threads : new int[] {1, 2, 7}) {
        Workers.threads(threads);
        Tensor product = a.matmulThen(b.transpose(), Epilogue.sum(bias));
        assertArrayEquals(wide, product.toDoubles(), threads + " threads");
      }
    } finally {
      Workers.threads(before);
    }
  }

  /// Random shapes, layouts and dtypes: of either operand.
  @Property(tries = 100)
  void tensorsGiveTheProductOfTheWidenedOnes(@ForAll long seed) {
    var r = new Random(seed);
    int m = r.nextBoolean() ? 1 : pick(r, SIZES);
    int n = m > 1 || r.nextBoolean() ? 1 : pick(r, SIZES);
    int k = pick(r, SIZES);
    int batches = 1 + r.nextInt(3);
    Tensor a = operand(r, batches, m, k);
    Tensor b = operand(r, batches, k, n);
    Tensor product = a.matmul(b);
    DType dtype = a.dtype().promote(b.dtype());
    assertEquals(dtype, product.dtype());
    double[] expected = a.to(DType.F64).matmul(b.to(DType.F64)).toDoubles();
    double[] magnitude = a.to(DType.F64).abs().matmul(b.to(DType.F64).abs()).toDoubles();
    double[] actual = product.toDoubles();
    // one rounding for each step of the sum in f32, and one into the dtype of the result
    double last = dtype == DType.BF16 ? 0x1p-8 : dtype == DType.F16 ? 0x1p-11 : 0;
    for (int i = 0; i < expected.length; i++) {
      double tolerance = (k + 2) * Math.ulp(1f) * magnitude[i] + last * Math.abs(expected[i]);
      assertEquals(expected[i], actual[i], 1.01 * tolerance);
    }
  }

  private static Tensor operand(Random r, int batches, int rows, int columns) {
    DType dtype = new DType[] {DType.BF16, DType.BF16, DType.F16, DType.F32}[r.nextInt(4)];
    boolean transposed = r.nextBoolean();
    boolean shared = r.nextInt(4) == 0;
    Shape shape =
        Shape.of(shared ? 1 : batches, transposed ? columns : rows, transposed ? rows : columns);
    Tensor drawn = Tensor.normal(Seed.of(r.nextLong()), 0, shape, DType.F32).to(dtype);
    Tensor matrix = transposed ? drawn.transpose() : drawn;
    return shared ? matrix.expand(Shape.of(batches, rows, columns)) : matrix;
  }
}
