package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import vectorgrad.tensor.Conv1dGeometry;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.Conv3dGeometry;
import vectorgrad.tensor.ConvGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// The same thing computed in several ways has the same value and the same gradients.
class ConvolutionIdentitiesTest {
  /// Sums of some hundred products of numbers about 1, in another order.
  private static final double ACCUMULATED = 1e-11;

  private static Variable normal(long seed, Shape shape) {
    return Variable.leaf(Tensor.normal(Seed.of(seed), 0, shape, DType.F64));
  }

  private static Variable inner(Variable a, Variable b) {
    assertEquals(a.shape(), b.shape());
    return a.mul(b).sum();
  }

  /// Two numbers have the same value and the same gradients, of which the sums of squares have the
  /// same gradients too. Uses both graphs up.
  private static void assertSame(Variable expected, Variable actual, Variable... leaves) {
    assertEquals(expected.item(), actual.item(), ACCUMULATED * (1 + Math.abs(expected.item())));
    Gradients theirs = expected.backwardWithGraph();
    Gradients ours = actual.backwardWithGraph();
    for (Variable leaf : leaves) {
      assertClose(theirs.get(leaf), ours.get(leaf));
    }
    Gradients theirSecond = length(theirs, leaves).backward();
    Gradients ourSecond = length(ours, leaves).backward();
    for (Variable leaf : leaves) {
      assertClose(theirSecond.get(leaf), ourSecond.get(leaf));
    }
  }

  private static Variable length(Gradients gradients, Variable... leaves) {
    Variable sum = Variable.constant(Tensor.scalar(0.0));
    for (Variable leaf : leaves) {
      sum = sum.add(gradients.variable(leaf).square().sum());
    }
    return sum;
  }

  private static void assertClose(Tensor expected, Tensor actual) {
    assertEquals(expected.shape(), actual.shape());
    if (expected.size() > 0) {
      double largest = expected.abs().max().item();
      double difference = expected.sub(actual).abs().max().item();
      assertTrue(difference <= ACCUMULATED * (1 + largest), () -> "differ by " + difference);
    }
  }

  /// A convolution, its two gradients, and the same of the transposed one are six ways to compute
  /// one number `⟨x ⋆ w, y⟩`.
  @Property(tries = 60)
  void theSixOperationsOfAConvolutionAreDerivativesOfOneNumber(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 3) int axes) {
    Draw draw = new Draw(seed, axes);
    Variable x = normal(seed, draw.input);
    Variable w = normal(seed + 1, draw.weight);
    Variable y = normal(seed + 2, draw.geometry.output(draw.input, draw.weight));
    List<Variable> partners = List.of(y, x, w, x, y, w);
    for (int way = 1; way < partners.size(); way++) {
      List<Variable> results = ways(draw.geometry, x, w, y);
      Variable number = inner(results.getFirst(), y);
      assertSame(number, inner(results.get(way), partners.get(way)), x, w, y);
    }
  }

  private static List<Variable> ways(ConvGeometry geometry, Variable x, Variable w, Variable y) {
    Shape xs = x.shape();
    Shape ws = w.shape();
    Shape ys = y.shape();
    int[] added = new int[geometry.axes()];
    for (int axis = 0; axis < added.length; axis++) {
      int least = geometry.along(axis).inputSize(ys.get(axis + 2), ws.get(axis + 2));
      added[axis] = xs.get(axis + 2) - least;
    }
    return switch (geometry) {
      case Conv1dGeometry g ->
          List.of(
              x.conv1d(w, g),
              y.conv1dInputGradient(w, xs, g),
              y.conv1dWeightGradient(x, ws, g),
              y.convTranspose1d(w, g, added[0]),
              x.convTranspose1dInputGradient(w, ys, g),
              x.convTranspose1dWeightGradient(y, ws, g));
      case Conv2dGeometry g ->
          List.of(
              x.conv2d(w, g),
              y.conv2dInputGradient(w, xs, g),
              y.conv2dWeightGradient(x, ws, g),
              y.convTranspose2d(w, g, added[0], added[1]),
              x.convTranspose2dInputGradient(w, ys, g),
              x.convTranspose2dWeightGradient(y, ws, g));
      case Conv3dGeometry g ->
          List.of(
              x.conv3d(w, g),
              y.conv3dInputGradient(w, xs, g),
              y.conv3dWeightGradient(x, ws, g),
              y.convTranspose3d(w, g, added[0], added[1], added[2]),
              x.convTranspose3dInputGradient(w, ys, g),
              x.convTranspose3dWeightGradient(y, ws, g));
    };
  }

  /// Of every group of channels, the product of its filters, as rows, with its patches.
  @Property(tries = 30)
  void aConvolutionIsAProductWithPatches(@ForAll long seed) {
    Draw draw = new Draw(seed, 2);
    Conv2dGeometry geometry = (Conv2dGeometry) draw.geometry;
    Variable x = normal(seed, draw.input);
    Variable w = normal(seed + 1, draw.weight);
    Shape output = geometry.output(draw.input, draw.weight);
    Variable y = normal(seed + 2, output);
    int groups = geometry.groups();
    int filters = w.size(0) / groups;
    int channels = w.size(1);
    Variable[] parts = new Variable[groups];
    for (int i = 0; i < groups; i++) {
      Variable patches =
          x.slice(1, i * channels, (i + 1) * channels)
              .unfold(w.size(2), w.size(3), geometry.groups(1));
      Variable rows = w.slice(0, i * filters, (i + 1) * filters).flatten(1);
      parts[i] = rows.matmul(patches);
    }
    Variable product = Variable.concat(1, parts).reshape(output);
    assertSame(inner(x.conv2d(w, geometry), y), inner(product, y), x, w, y);
  }

  /// And the sum of the weights 1 that fall into the picture is what `countIncludePad = false`
  /// divides by.
  @Property(tries = 60)
  void aMeanOverWindowsIsAConvolutionWithAConstantFilter(
      @ForAll long seed, @ForAll boolean countIncludePad) {
    Random r = new Random(seed);
    int kernelH = 1 + r.nextInt(3);
    int kernelW = 1 + r.nextInt(3);
    var pool =
        new PoolGeometry(
            kernelH,
            kernelW,
            1 + r.nextInt(3),
            1 + r.nextInt(3),
            r.nextInt(kernelH / 2 + 1),
            r.nextInt(kernelW / 2 + 1));
    var conv =
        new Conv2dGeometry(
            pool.strideH(), pool.strideW(), pool.paddingH(), pool.paddingW(), 1, 1, 1);
    Shape shape = Shape.of(2, 1, kernelH + r.nextInt(4), kernelW + r.nextInt(4));
    Variable x = normal(seed, shape);
    Tensor ones = Tensor.ones(Shape.of(1, 1, kernelH, kernelW), DType.F64);
    Tensor count =
        countIncludePad
            ? Tensor.scalar(1.0 * kernelH * kernelW)
            : Tensor.ones(shape, DType.F64).conv2d(ones, conv);
    Variable mean = x.conv2d(Variable.constant(ones), conv).div(Variable.constant(count));
    Variable y = normal(seed + 1, mean.shape());
    assertSame(inner(mean, y), inner(x.avgPool2d(pool, countIncludePad), y), x, y);
  }

  /// The numbers are all different; the windows are not padded, as patches are padded with 0.
  @Property(tries = 60)
  void aMaximumOverWindowsIsTheMaximumOfEachPatch(@ForAll long seed) {
    Random r = new Random(seed);
    int kernelH = 1 + r.nextInt(3);
    int kernelW = 1 + r.nextInt(3);
    int dilation = 1 + r.nextInt(2);
    int stride = 1 + r.nextInt(3);
    var pool = new PoolGeometry(kernelH, kernelW, stride, stride, 0, 0, dilation, dilation, false);
    var conv = Conv2dGeometry.DEFAULT.stride(stride).dilation(dilation);
    Shape shape =
        Shape.of(
            2,
            2,
            dilation * (kernelH - 1) + 1 + r.nextInt(3),
            dilation * (kernelW - 1) + 1 + r.nextInt(3));
    Variable x = normal(seed, shape);
    Variable values = x.maxPool2d(pool);
    Variable patches = x.unfold(kernelH, kernelW, conv);
    Variable largest = patches.reshape(2, 2, kernelH * kernelW, patches.size(2)).max(2);
    Variable y = normal(seed + 1, values.shape());
    assertSame(inner(largest.reshape(values.shape()), y), inner(values, y), x, y);
  }

  @Property(tries = 20)
  void poolingToOneRegionIsAReductionOverAllPlaces(@ForAll long seed) {
    Variable x = normal(seed, Shape.of(2, 3, 2, 3, 2));
    Variable y = normal(seed + 1, Shape.of(2, 3));
    assertSame(
        inner(x.mean(2, 3, 4), y), inner(x.adaptiveAvgPool3d(1, 1, 1).reshape(2, 3), y), x, y);
    assertSame(
        inner(x.max(2, 3, 4), y), inner(x.adaptiveMaxPool3d(1, 1, 1).reshape(2, 3), y), x, y);
  }

  /// Overlapping windows choose an element more than once; it is put back once.
  @Property(tries = 30)
  void poolingAndBackKeepsWhatWasTheLargest(@ForAll long seed) {
    Variable x = normal(seed, Shape.of(2, 2, 5, 4));
    Picked pool = x.maxPool2dWithIndices(PoolGeometry.square(3).stride(1 + (int) (seed & 1)));
    Variable back = pool.values().maxUnpool(pool.indices(), x.shape());
    Tensor chosen =
        Tensor.ones(pool.indices().shape(), DType.F64).maxUnpool(pool.indices(), x.shape());
    Variable y = normal(seed + 1, x.shape());
    assertSame(inner(x.mul(Variable.constant(chosen)), y), inner(back, y), x, y);
  }

  /// A convolution, of which the shapes and moves are drawn: strides beyond the kernel, dilated and
  /// 1×1 filters, groups, now and then no picture at all.
  private static final class Draw {
    final ConvGeometry geometry;
    final Shape input;
    final Shape weight;

    Draw(long seed, int axes) {
      Random r = new Random(seed);
      int groups = 1 + r.nextInt(3);
      List<Integer> xs = new ArrayList<>(List.of(r.nextInt(10) == 0 ? 0 : 1 + r.nextInt(2)));
      List<Integer> ws = new ArrayList<>(List.of(groups * (1 + r.nextInt(2)), 1 + r.nextInt(2)));
      xs.add(groups * ws.get(1));
      int[][] moves = new int[3][3];
      for (int axis = 0; axis < axes; axis++) {
        int size = 1 + r.nextInt(axes == 3 ? 3 : 5);
        int stride = 1 + r.nextInt(3);
        int padding = r.nextInt(3);
        int dilation = 1 + r.nextInt(3);
        moves[axis] = new int[] {stride, padding, dilation};
        xs.add(size);
        ws.add(1 + r.nextInt(Math.min(3, (size + 2 * padding - 1) / dilation + 1)));
      }
      input = shape(xs);
      weight = shape(ws);
      geometry = geometry(axes, moves, groups);
    }

    private static Shape shape(List<Integer> sizes) {
      return Shape.of(sizes.stream().mapToInt(Integer::intValue).toArray());
    }

    private static ConvGeometry geometry(int axes, int[][] m, int groups) {
      int[] a = m[0];
      int[] b = m[1];
      int[] c = m[2];
      return switch (axes) {
        case 1 -> new Conv1dGeometry(a[0], a[1], a[2], groups);
        case 2 -> new Conv2dGeometry(a[0], b[0], a[1], b[1], a[2], b[2], groups);
        default -> new Conv3dGeometry(a[0], b[0], c[0], a[1], b[1], c[1], a[2], b[2], c[2], groups);
      };
    }
  }
}
