package vectorgrad.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static vectorgrad.numerics.Formula.input;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.RowProgram;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Reductions too large for one task, against sums in float64 by plain loops. Small ones with nasty
/// shapes are in the contract of backends.
class ReduceTest {
  private static final Program PRODUCT = Program.of(input(0).times(input(1)));
  private static final RowProgram SHARE =
      RowProgram.of(1, input(0).over(input(1)), Program.of(input(0)));
  private static final RowProgram WITH_COLUMNS =
      RowProgram.of(2, input(0).minus(input(2)), Program.of(input(0).times(input(1))))
          .columns(input(0).times(input(2)), input(1));
  private static final Program LONG = Program.of(input(0).times(input(1)).tanh());

  private static Tensor random(long seed, int... sizes) {
    Shape shape = Shape.of(sizes);
    Random random = new Random(seed);
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, shape);
  }

  /// The sums over one axis of the product with `y`, elements and their magnitudes in float64.
  private static void assertSums(Tensor found, Tensor x, Tensor y, int axis) {
    double[] a = x.to(DType.F64).contiguous().toDoubles();
    double[] b = y.expand(x.shape()).to(DType.F64).contiguous().toDoubles();
    int inner = 1;
    for (int i = axis + 1; i < x.rank(); i++) {
      inner *= x.size(i);
    }
    int n = x.size(axis);
    double[] sums = found.toDoubles();
    for (int i = 0; i < sums.length; i++) {
      double sum = 0;
      double size = 0;
      for (int j = 0; j < n; j++) {
        int place = (i / inner * n + j) * inner + i % inner;
        sum += a[place] * b[place];
        size += Math.abs(a[place] * b[place]);
      }
      assertEquals(sum, sums[i], 1e-6 * (1 + size), "sum " + i + " of " + x.shape());
    }
  }

  @Property(tries = 30)
  void sumsAlongAnyAxisAreThoseOfFloat64(@ForAll long seed) {
    Random random = new Random(seed);
    int[][] shapes = {
      {70_001},
      {3, 70_001},
      {70_001, 3},
      {300, 300},
      {2100, 5},
      {5, 2100},
      {129, 2, 400},
      {40, 50, 60}
    };
    Tensor x = random(seed, shapes[random.nextInt(shapes.length)]);
    if (random.nextBoolean()) {
      int[] order = new int[x.rank()];
      for (int i = 0; i < order.length; i++) {
        order[i] = order.length - 1 - i;
      }
      x = x.permute(order);
    }
    if (random.nextBoolean()) {
      x = x.flip(random.nextInt(x.rank()));
    }
    int axis = random.nextInt(x.rank());
    Tensor one = Tensor.ones(Shape.SCALAR, DType.F32);
    assertSums(x.sum(axis), x, one, axis);
    Tensor y = random(seed + 1, x.size(-1));
    assertSums(Tensor.sumOf(PRODUCT, false, new int[] {axis}, x, y), x, y, axis);
    Tensor wide = x.to(DType.F64);
    assertSums(wide.sum(axis), wide, one, axis);
  }

  @Test
  void everyReductionHasTheSameBitsForAnyNumberOfThreads() {
    int before = Workers.threads();
    try {
      Tensor x = random(1, 300, 7, 130);
      Tensor y = random(2, 130);
      Tensor ofWholeLanes = random(3, 300, 896);
      float[][] first = null;
      for (int threads : new int[] {1, 2, 7}) {
        Workers.threads(threads);
        float[][] results = {
          x.sum().toFloats(),
          x.sum(0).toFloats(),
          x.sum(1).toFloats(),
          x.sum(2).toFloats(),
          x.sum(0, 2).toFloats(),
          x.sum(1, 2).toFloats(),
          x.transpose().sum(0, 1).toFloats(),
          x.prod(0, 1).toFloats(),
          x.max(0).toFloats(),
          x.min().toFloats(),
          Tensor.sumOf(LONG, false, new int[] {0, 2}, x, y).toFloats(),
          Tensor.sumOf(LONG, false, new int[] {0}, x, y).toFloats(),
          x.softmax(-1).sum(0).toFloats(),
          Tensor.mapRows(SHARE, new int[] {0, 2}, x).getFirst().toFloats(),
          Tensor.mapRows(SHARE, new int[] {2}, x).getFirst().toFloats(),
          Tensor.mapRows(
                  WITH_COLUMNS, new int[] {1}, x.reshape(300, 910), x.reshape(300, 910).exp())
              .get(2)
              .toFloats(),
          Tensor.mapRows(WITH_COLUMNS, new int[] {1}, ofWholeLanes, ofWholeLanes.exp())
              .get(2)
              .toFloats(),
          x.softmax(0).toFloats(),
          ofWholeLanes.softmax(1).toFloats(),
          x.exp().toFloats(),
        };
        first = first == null ? results : first;
        for (int i = 0; i < results.length; i++) {
          assertArrayEquals(first[i], results[i], "result " + i + " on " + threads + " threads");
        }
      }
    } finally {
      Workers.threads(before);
    }
  }

  @Test
  void sumsOfRowProgramsHaveTheBitsOfReductions() {
    Formula x = input(0);
    Formula y = input(1);
    Program first = Program.of(x.negate(), x.times(y));
    Program second = Program.of(x.minus(input(2)).square(), x.greaterThan(y), Formula.ONE);
    Program map = Program.of(x.times(input(3)).minus(y.over(input(4)).plus(input(5))));
    int[] axes = {1};
    for (int length : new int[] {256, 300, 320, 768, 2048, 2112}) {
      for (DType dtype : new DType[] {DType.F32, DType.F64}) {
        Tensor a = random(length, 50, length).to(dtype);
        Tensor b = random(length + 1, length).to(dtype);
        var program = RowProgram.of(2, map.outputs().getFirst(), first, second);
        var found = Tensor.mapRows(program, axes, a, b);
        Tensor[] all = {a, b, found.get(1), found.get(2), found.get(3), found.get(4)};
        Tensor[] sums = {
          Tensor.map(map, all),
          a.neg().sum(true, 1),
          Tensor.sumOf(PRODUCT, true, axes, a, b),
          Tensor.sumOf(Program.of(second.outputs().get(0)), true, axes, a, b, found.get(1)),
          Tensor.sumOf(Program.of(second.outputs().get(1)), true, axes, a, b),
          Tensor.full(length, Shape.of(50, 1), dtype)
        };
        for (int i = 0; i < sums.length; i++) {
          assertArrayEquals(
              sums[i].toDoubles(), found.get(i).toDoubles(), i + " of rows of " + length);
        }
      }
    }
  }

  @Test
  void aMillionTenthsAddUpToWithinOneRounding() {
    int n = 1 << 20;
    Tensor tenths = Tensor.full(0.1, Shape.of(n), DType.F32, Device.CPU);
    double exact = n * (double) 0.1f;
    assertEquals(exact, tenths.sum().item(), 4 * Math.ulp((float) exact));
    assertEquals(
        exact / 4, tenths.reshape(-1, 4).sum(0).toFloats()[3], 4 * Math.ulp((float) exact));
  }

  @Test
  void formulasThatSimplifyAreJoinedAllTheSame() {
    Tensor x = random(4, 3, 128);
    Program negative = Program.of(input(0).negate());
    assertArrayEquals(
        x.sum(1).neg().toFloats(), Tensor.sumOf(negative, false, new int[] {1}, x).toFloats());
    Program one = Program.of(Formula.ONE);
    assertEquals(384, Tensor.sumOf(one, false, new int[0], x).item());
    assertEquals(128, Tensor.sumOf(one, false, new int[] {1}, x).toFloats()[2]);
  }

  @Test
  void wholeNumbersAreSummedExactlyAndCounted() {
    int[] values = new int[100_000];
    java.util.Arrays.fill(values, 20_001);
    assertEquals(2_000_100_000.0, Tensor.of(values).sum().item());
    assertEquals(40_002L, Tensor.of(values).reshape(2, -1).sum(0).toLongs()[77]);
    Tensor x = random(3, 100_000);
    Program positive = Program.of(input(0).greaterThan(Formula.ZERO));
    int count = 0;
    for (float v : x.toFloats()) {
      count += v > 0 ? 1 : 0;
    }
    assertEquals(count, Tensor.sumOf(positive, false, new int[0], x).item());
    assertEquals(
        count, Tensor.sumOf(positive, false, new int[] {0}, x.reshape(1000, 100)).sum().item());
  }
}
