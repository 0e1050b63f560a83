package vectorgrad.nn;

import static vectorgrad.nn.Composition.draw;
import static vectorgrad.nn.Layers.*;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.FractionalRegions;
import vectorgrad.tensor.PadMode;
import vectorgrad.tensor.Pool1dGeometry;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Convolutions, pools and layers that lay out places anew, beside their composition from products
/// with matrices of zeros and ones ([Windows]): value and gradients, in f64.
class WindowCompositionsTest {
  private static Composition<?> conv(Convolution<?> layer, int... shape) {
    return Composition.of(layer, Windows::convolved, shape);
  }

  /// Where the regions of a drawn pool end along an axis: of places that rise there, the largest.
  private static int[] ends(FractionalMaxPool layer, int axis, Shape shape) {
    int[] sizes = new int[shape.rank()];
    Arrays.fill(sizes, 1);
    sizes[axis] = shape.get(axis);
    Tensor places = Tensor.arange(shape.get(axis), DType.F64).reshape(sizes).expand(shape);
    Tensor y = ((FractionalMaxPool) layer.copy()).forward(places).value();
    return y.movedim(axis, 0).flatten(1).select(1, 0).to(DType.I32).toInts();
  }

  private static Variable regions(FractionalMaxPool layer, Variable x) {
    Variable y = x;
    for (int axis = 2; axis < x.rank(); axis++) {
      int[] ends = ends(layer, axis, x.shape());
      Variable[] parts = new Variable[ends.length];
      for (int i = 0; i < ends.length; i++) {
        int from = i == 0 ? 0 : ends[i - 1] + (layer.regions().overlapping() ? 0 : 1);
        parts[i] = Windows.largest(y, axis, from, ends[i] + 1);
      }
      y = Variable.concat(axis, parts);
    }
    return y;
  }

  /// Pixel (h·r + a, w·r + b) of channel c is place (h, w) of channel c·r² + a·r + b.
  private static Variable shuffled(Variable x, int r) {
    int channels = x.size(1) / (r * r);
    int height = x.size(2);
    int width = x.size(3);
    Tensor m =
        Windows.reading(
            x.size() / x.size(0),
            x.size() / x.size(0),
            pixel -> {
              int column = pixel % (width * r);
              int row = pixel / (width * r) % (height * r);
              int channel = pixel / (width * r * height * r);
              int from = channel * r * r + row % r * r + column % r;
              return (from * height + row / r) * width + column / r;
            });
    return Windows.along(x.reshape(x.size(0), -1), 1, m)
        .reshape(x.size(0), channels, height * r, width * r);
  }

  /// Row (c, u, v) of the patches is what tap (u, v) reads of channel c, at each place.
  private static Variable patches(Variable x, int kernel, int stride) {
    int out = (x.size(2) - kernel) / stride + 1;
    Variable[] rows = new Variable[x.size(1) * kernel * kernel];
    for (int c = 0; c < x.size(1); c++) {
      for (int[] tap : Windows.taps(kernel, kernel)) {
        Variable seen = x.narrow(1, c, 1);
        for (int axis = 0; axis < 2; axis++) {
          int u = tap[axis];
          Tensor m = Windows.reading(out, x.size(axis + 2), i -> i * stride + u);
          seen = Windows.along(seen, axis + 2, m);
        }
        rows[(c * kernel + tap[0]) * kernel + tap[1]] = seen.flatten(2);
      }
    }
    return Variable.concat(1, rows);
  }

  /// Patches side by side do not overlap: every pixel is one element of them.
  private static Variable laidOut(Variable x, int channels, int kernel, int size) {
    int across = size / kernel;
    return x.reshape(x.size(0), channels, kernel, kernel, across, across)
        .permute(0, 1, 4, 2, 5, 3)
        .reshape(x.size(0), channels, size, size);
  }

  static Stream<Composition<?>> all() {
    return Stream.of(
        conv(conv1d(4, 6, 3).stride(2).padding(2).dilation(2).groups(2), 2, 4, 9),
        conv(conv1d(2, 3, 3).padding(2).padMode(PadMode.CIRCULAR), 2, 2, 5),
        conv(conv2d(2, 3, 3), 2, 2, 5, 4),
        conv(conv2d(2, 4, 3, 2).stride(2, 1).padding(1, 2).groups(2).withoutBias(), 2, 2, 6, 5),
        conv(conv2d(1, 2, 3).padding(2).padMode(PadMode.REFLECT), 1, 1, 4, 5),
        conv(conv2d(4, 4, 3).groups(4).dilation(2).padding(2), 1, 4, 5, 5),
        conv(conv3d(2, 2, 2).stride(1, 2, 1).padding(1).padMode(PadMode.REPLICATE), 1, 2, 2, 3, 3),
        conv(convTranspose1d(2, 3, 3).stride(2).padding(1).outputPadding(1).dilation(2), 2, 2, 4),
        conv(convTranspose2d(4, 2, 3).stride(2, 3).outputPadding(1, 2).groups(2), 1, 4, 3, 2),
        conv(convTranspose3d(1, 2, 2).stride(2).padding(1).withoutBias(), 1, 1, 2, 2, 3),
        Composition.of(
            maxPool1d(3).stride(2).padding(1).dilation(2).ceilMode(true),
            Windows::largest,
            2,
            2,
            8),
        Composition.of(maxPool2d(3).stride(2).padding(1), Windows::largest, 1, 2, 6, 5),
        Composition.of(maxPool3d(2).stride(1), Windows::largest, 1, 1, 2, 3, 3),
        Composition.of(avgPool1d(3).stride(2).padding(1).ceilMode(true), Windows::means, 2, 2, 8),
        Composition.of(
            avgPool2d(3).stride(2).padding(1).countIncludePad(false), Windows::means, 1, 2, 6, 5),
        Composition.of(avgPool3d(2).stride(1), Windows::means, 1, 1, 2, 3, 3),
        Composition.of(adaptiveAvgPool(3, 2), Windows::regions, 1, 2, 5, 4),
        Composition.of(adaptiveMaxPool(3), Windows::regions, 2, 2, 7),
        Composition.of(adaptiveMaxPool(2, 1, 3), Windows::regions, 1, 2, 3, 2, 4),
        Composition.of(fractionalMaxPool(0.6), WindowCompositionsTest::regions, 1, 2, 7, 8),
        Composition.of(
            fractionalMaxPool(0.5).regions(FractionalRegions.RANDOM_DISJOINT),
            WindowCompositionsTest::regions,
            1,
            2,
            4,
            5,
            4),
        Composition.of(upsampleNearest(1.5), Windows::resampled, 1, 2, 3, 4),
        Composition.of(upsampleLinear(1.6), Windows::resampled, 1, 2, 3, 4),
        Composition.of(
            new Upsample(2, Upsample.Way.LINEAR_ALIGNED), Windows::resampled, 1, 1, 2, 2, 3),
        Composition.of(pixelShuffle(2), (l, x) -> shuffled(x, 2), 2, 8, 2, 3),
        Composition.of(
            unfold(2, 2, Conv2dGeometry.DEFAULT.stride(1)), (l, x) -> patches(x, 2, 1), 2, 3, 4, 4),
        Composition.of(
            fold(4, 4, 2, 2, Conv2dGeometry.DEFAULT.stride(2)),
            (l, x) -> laidOut(x, 3, 2, 4),
            2,
            12,
            4),
        Composition.of(globalAvgPool(), draw(1, 2, 3, 4, 2), (l, x) -> x.flatten(2).sum(2).div(8)));
  }

  /// The geometry of a pool with different windows along its axes.
  @TestFactory
  Stream<DynamicTest> layersOfWindowsAreSumsAndMaximaOverTheirTaps() {
    var uneven =
        new MaxPool(
            List.of(Pool1dGeometry.of(3).stride(2).padding(1), Pool1dGeometry.of(2).stride(1)));
    return Composition.tests(
        Stream.concat(all(), Stream.of(Composition.of(uneven, Windows::largest, 1, 2, 5, 4))));
  }
}
