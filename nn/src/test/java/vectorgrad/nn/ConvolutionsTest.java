package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.nn.Layers.*;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.PadMode;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

class ConvolutionsTest {
  private static Tensor draw(int... sizes) {
    return Tensor.normal(Seed.of(31), 0, Shape.of(sizes), DType.F64);
  }

  private static <L extends Layer> L doubles(L layer) {
    layer.initialize(Seed.of(2)).to(DType.F64);
    return layer;
  }

  /// The transposed convolution as its definition says: every input place adds its filter.
  private static double[] scattered(double[] x, double[] w, int stride, int length) {
    double[] y = new double[length];
    for (int i = 0; i < x.length; i++) {
      for (int u = 0; u < w.length; u++) {
        y[(i * stride) + u] += x[i] * w[u];
      }
    }
    return y;
  }

  @Test
  void aTransposedConvolutionAddsAFilterForEveryPlace() {
    ConvTranspose layer = doubles(convTranspose1d(1, 1, 3).stride(2).withoutBias());
    Tensor x = draw(1, 1, 4);
    double[] expected = scattered(x.toDoubles(), layer.weight().value().toDoubles(), 2, 9);
    assertArrayEquals(expected, layer.forward(x).value().toDoubles(), 1e-12);
  }

  @Test
  void aConvolutionInOnePlaneIsThatOfPictures() {
    Conv3d deep = doubles(new Conv3d(2, 3, 1, 3, 3).padding(0, 1, 1));
    Conv2d flat =
        new Conv2d(2, 3, 3)
            .with(
                Parameter.of(deep.weight().value().reshape(3, 2, 3, 3)),
                deep.bias(),
                Conv2dGeometry.DEFAULT)
            .padding(1);
    Tensor x = draw(2, 2, 4, 5);
    assertArrayEquals(
        flat.forward(x).value().toDoubles(),
        deep.forward(x.reshape(2, 2, 1, 4, 5)).value().toDoubles(),
        1e-10);
    Conv1d line = doubles(conv1d(2, 3, 1));
    Linear linear = new Linear(Parameter.of(line.weight().value().reshape(3, 2)), line.bias());
    Tensor signals = draw(4, 2, 5);
    assertArrayEquals(
        linear.forward(signals.permute(0, 2, 1)).value().permute(0, 2, 1).contiguous().toDoubles(),
        line.forward(signals).value().toDoubles(),
        1e-10);
  }

  @Test
  void paddingShowsWhatItsModeSays() {
    Conv1d layer = doubles(conv1d(1, 1, 2).withoutBias()).padding(1);
    double[] w = layer.weight().value().toDoubles();
    Tensor x = Tensor.of(new double[] {1, 10, 100}, Shape.of(1, 1, 3));
    var before =
        Map.of(
            PadMode.CONSTANT, 0,
            PadMode.REFLECT, 10,
            PadMode.REPLICATE, 1,
            PadMode.CIRCULAR, 100);
    for (PadMode mode : PadMode.values()) {
      double first = layer.padMode(mode).forward(x).value().toDoubles()[0];
      assertEquals((before.get(mode) * w[0]) + w[1], first, 1e-12, mode::toString);
    }
  }

  @Test
  void theyBeginAsInPyTorch() {
    assertSpread(conv1d(16, 64, 25), 400);
    assertSpread(conv3d(16, 64, 5), 2000);
    assertSpread(convTranspose2d(64, 16, 5), 400); // fanIn is that of weight (in, out, 5, 5)
  }

  private static void assertSpread(Convolution<?> layer, int fanIn) {
    layer.initialize(Seed.of(3));
    double bound = 1 / Math.sqrt(fanIn);
    double[] w = layer.weight().value().toDoubles();
    double square = Arrays.stream(w).map(v -> v * v).average().orElseThrow();
    double mean = Arrays.stream(w).average().orElseThrow();
    assertTrue(Arrays.stream(w).allMatch(v -> Math.abs(v) <= bound));
    assertEquals(0, mean, 5 * bound / Math.sqrt(3.0 * w.length));
    assertEquals(bound * bound / 3, square, 5 * bound * bound * Math.sqrt(4 / 45.0 / w.length));
    double[] bias = layer.bias().orElseThrow().value().toDoubles();
    double largest = Arrays.stream(bias).map(Math::abs).max().orElseThrow();
    assertTrue(largest <= bound && largest > bound / 2);
  }

  @Test
  void settingsAreChangedOnCopiesThatShareTheParameters() {
    Conv3d layer = conv3d(2, 4, 3);
    Conv3d copy = layer.stride(2).padding(1, 0, 2).dilation(2).padMode(PadMode.CIRCULAR);
    assertSame(layer.weight(), copy.weight());
    assertEquals(PadMode.CIRCULAR, copy.withoutBias().padMode());
    Conv3d split = copy.groups(2);
    assertNotSame(layer.weight(), split.weight());
    assertEquals(Shape.of(4, 1, 3, 3, 3), split.weight().shape());
    assertEquals(Shape.of(4, 1, 2, 2), convTranspose2d(4, 2, 2).groups(2).weight().shape());
    assertEquals(Optional.empty(), convTranspose2d(4, 2, 2).withoutBias().bias());
  }

  @Test
  void theyPrintTheirSettings() {
    assertEquals(
        "Conv3d(2, 4, 3×3×3, stride 2, padding 1×0×2, dilation 2, groups 2, CIRCULAR, without bias)",
        conv3d(2, 4, 3)
            .stride(2)
            .padding(1, 0, 2)
            .dilation(2)
            .padMode(PadMode.CIRCULAR)
            .groups(2)
            .withoutBias()
            .label());
    assertEquals("Conv1d(2, 4, 5)", conv1d(2, 4, 5).label());
    assertEquals(
        "ConvTranspose2d(4, 2, 3×3, stride 2, groups 2, output padding 1)",
        convTranspose2d(4, 2, 3).stride(2).groups(2).outputPadding(1).label());
    assertEquals(
        "MaxPool1d(3, stride 2, padding 1, dilation 2, ceil)",
        maxPool1d(3).stride(2).padding(1).dilation(2).ceilMode(true).label());
    assertEquals(
        "AvgPool2d(2×2, padding 1×1, without padding in the mean)",
        avgPool2d(2).padding(1).countIncludePad(false).label());
    assertEquals("AdaptiveMaxPool3d(1×2×3)", adaptiveMaxPool(1, 2, 3).label());
    assertEquals(
        "FractionalMaxPool(0.7, PSEUDORANDOM_OVERLAPPING)", fractionalMaxPool(0.7).label());
    assertEquals(
        "Upsample(2.0, linear aligned)", new Upsample(2, Upsample.Way.LINEAR_ALIGNED).label());
    assertEquals("Lambda(unflatten 1 to 2×3)", sequential(unflatten(1, 2, 3)).get(0).label());
  }

  @Test
  void layersOfShapesAreTheirOperations() {
    Tensor x = draw(2, 6, 4);
    assertEquals(Shape.of(2, 2, 3, 4), unflatten(1, 2, -1).forward(x).shape());
    assertArrayEquals(x.mean(2).toDoubles(), globalAvgPool().forward(x).value().toDoubles(), 1e-12);
    assertArrayEquals(
        x.softmax(1).log().toDoubles(), logSoftmax(1).forward(x).value().toDoubles(), 1e-12);
    assertArrayEquals(x.softmax(2).toDoubles(), softmax(2).forward(x).value().toDoubles(), 0);
  }

  // ---- fractional pooling -----------------------------------------------------------------------

  @Test
  void fractionalPoolingSeesAnotherGridEachTrainingPassAndTheSameInUse() {
    FractionalMaxPool layer = fractionalMaxPool(0.7);
    layer.initialize(Seed.of(1));
    Variable x = Variable.constant(draw(1, 2, 20, 20));
    double[] first = layer.forward(x).value().toDoubles();
    assertEquals(Shape.of(1, 2, 14, 14), layer.forward(x).shape());
    double[] third = layer.forward(x).value().toDoubles();
    assertTrue(!Arrays.equals(first, third));
    double[] used = Mode.inference(() -> layer.forward(x)).value().toDoubles();
    assertArrayEquals(used, Mode.inference(() -> layer.forward(x)).value().toDoubles());
    FractionalMaxPool again = fractionalMaxPool(0.7);
    again.initialize(Seed.of(1));
    assertArrayEquals(first, again.forward(x).value().toDoubles(), "a function of the seed");
    assertEquals(List.of("state"), List.copyOf(layer.namedBuffers().keySet()));
  }

  // ---- errors -----------------------------------------------------------------------------------

  @Test
  void inputsThatDoNotFitAreRefused() {
    assertEquals(
        """
        Conv1d: the input has 3 channels, the filters expect 4
          input  (2, 3, 9)   N C L
          weight (6, 2, 3)   out in/groups k\
        """,
        assertThrows(ShapeException.class, () -> conv1d(4, 6, 3).groups(2).forward(draw(2, 3, 9)))
            .getMessage());
    assertEquals(
        """
        ConvTranspose3d: the input has 4 axes instead of 5
          input  (2, 3, 9, 9)      N C D H W
          weight (3, 2, 2, 2, 2)   in out kD kH kW\
        """,
        assertThrows(ShapeException.class, () -> convTranspose3d(3, 2, 2).forward(draw(2, 3, 9, 9)))
            .getMessage());
    assertEquals(
        """
        MaxPool1d: the input has 2 axes instead of 3
          input  (2, 3)
          rule   signals are N C L\
        """,
        assertThrows(ShapeException.class, () -> maxPool1d(2).forward(draw(2, 3))).getMessage());
    assertEquals(
        """
        FractionalMaxPool: the input has 3 axes instead of 4 or 5
          input  (2, 3, 4)
          rule   pictures are N C H W, volumes N C D H W\
        """,
        assertThrows(ShapeException.class, () -> fractionalMaxPool(0.5).forward(draw(2, 3, 4)))
            .getMessage());
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    assertEquals(
        """
        Conv3d: 3 and 4 channels do not split into 2 groups
          rule   the input and the output channels are a multiple of the groups\
        """,
        assertThrows(ShapeException.class, () -> conv3d(3, 4, 2).groups(2)).getMessage());
    assertEquals(
        """
        Conv2d: 3 numbers for the stride of 2 axes
          rule   one number for each spatial axis, or one for all\
        """,
        assertThrows(IllegalArgumentException.class, () -> conv2d(3, 4, 2).stride(1, 2, 3))
            .getMessage());
    assertEquals(
        """
        ConvTranspose1d: 2 numbers for the output padding of 1 axes
          rule   one number for each spatial axis, or one for all\
        """,
        assertThrows(
                IllegalArgumentException.class, () -> convTranspose1d(3, 4, 2).outputPadding(1, 2))
            .getMessage());
    assertEquals(
        """
        Conv1d: channels and filters must have a size of at least 1
          weight (4, 0, 2)\
        """,
        assertThrows(IllegalArgumentException.class, () -> conv1d(0, 4, 2)).getMessage());
    assertEquals(
        """
        AdaptivePool: no regions of a signal, picture or volume: [2, 0]
          rule   one to three axes, at least one region on each\
        """,
        assertThrows(IllegalArgumentException.class, () -> adaptiveAvgPool(2, 0)).getMessage());
    assertEquals(
        """
        FractionalMaxPool: the ratio must be between 0 and 1, found 2.0
          rule   it is the size of the output over that of the input: 1 / α\
        """,
        assertThrows(IllegalArgumentException.class, () -> fractionalMaxPool(2)).getMessage());
    assertEquals(
        "MaxPool: one to three spatial axes are expected, found 4",
        assertThrows(IllegalArgumentException.class, () -> new MaxPool(4, 2)).getMessage());
    assertEquals(
        "ConvGeometry: one to three spatial axes are expected, found 4",
        assertThrows(IllegalArgumentException.class, () -> new ConvTranspose(4, 1, 1, 1))
            .getMessage());
    assertEquals(
        "Upsample: the factor must be positive, found 0.0",
        assertThrows(IllegalArgumentException.class, () -> upsampleNearest(0)).getMessage());
  }
}
