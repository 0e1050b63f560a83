package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static vectorgrad.numerics.Formula.constant;
import static vectorgrad.numerics.Formula.input;
import static vectorgrad.tensor.LayoutTest.assertMessage;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import vectorgrad.numerics.Program;

/// What convolutions of one, two and three spatial axes must compute: every product of the
/// definition, one by one.
abstract class ConvolutionsContract {
  abstract Device device();

  static Tensor forward(Tensor x, Tensor w, ConvGeometry geometry) {
    return switch (geometry) {
      case Conv1dGeometry g -> x.conv1d(w, g);
      case Conv2dGeometry g -> x.conv2d(w, g);
      case Conv3dGeometry g -> x.conv3d(w, g);
    };
  }

  static Tensor inputGradient(Tensor dy, Tensor w, Shape input, ConvGeometry geometry) {
    return switch (geometry) {
      case Conv1dGeometry g -> dy.conv1dInputGradient(w, input, g);
      case Conv2dGeometry g -> dy.conv2dInputGradient(w, input, g);
      case Conv3dGeometry g -> dy.conv3dInputGradient(w, input, g);
    };
  }

  static Tensor weightGradient(Tensor dy, Tensor x, Shape weight, ConvGeometry geometry) {
    return switch (geometry) {
      case Conv1dGeometry g -> dy.conv1dWeightGradient(x, weight, g);
      case Conv2dGeometry g -> dy.conv2dWeightGradient(x, weight, g);
      case Conv3dGeometry g -> dy.conv3dWeightGradient(x, weight, g);
    };
  }

  /// What is done with one product of the definition, given the indices of its x, weight and y.
  interface Product {
    void visit(int[] x, int[] weight, int[] y);
  }

  /// All products of the definition whose x is not in the border.
  static void forEachProduct(Shape input, Shape weight, ConvGeometry g, Product product) {
    Shape output = g.output(input, weight);
    int[] y = new int[output.rank()];
    for (int p = 0; p < output.size(); p++, Model.next(y, output)) {
      int[] w = new int[weight.rank()];
      Shape taps = weight.with(0, 1);
      for (int k = 0; k < taps.size(); k++, Model.next(w, taps)) {
        int group = y[1] / (weight.get(0) / g.groups());
        int[] x = y.clone();
        x[1] = group * weight.get(1) + w[1];
        boolean inside = true;
        for (int axis = 0; axis < g.axes(); axis++) {
          Sliding move = g.along(axis);
          int at = y[axis + 2] * move.stride() + w[axis + 2] * move.dilation() - move.padding();
          inside &= at >= 0 && at < input.get(axis + 2);
          x[axis + 2] = at;
        }
        if (inside) {
          int[] filter = w.clone();
          filter[0] = y[1];
          product.visit(x, filter, y);
        }
      }
    }
  }

  /// To the bit what the formula makes of the convolution afterwards: a bias for each filter, and a
  /// residual.
  @Property(tries = 40)
  @Checks("conv2dThen")
  void anEpilogueIsTheFormulaOfTheConvolution(@ForAll long seed) {
    Program program = Program.of(input(0).plus(input(1)).max(constant(0)));
    var draw = new ConvolutionDraw(seed, 2, device());
    Conv2dGeometry g = (Conv2dGeometry) draw.geometry;
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      Tensor x = draw.nasty.tensor(draw.input, dtype);
      Tensor w = draw.nasty.tensor(draw.weight, dtype);
      Tensor y = x.conv2d(w, g);
      Tensor bias = draw.nasty.tensor(Shape.of(w.size(0), 1, 1), dtype);
      Tensor residual = draw.nasty.tensor(y.shape(), dtype);
      for (Tensor other : new Tensor[] {bias, residual}) {
        assertArrayEquals(
            Tensor.map(program, y, other).toDoubles(),
            x.conv2dThen(w, g, new Epilogue(program, other)).toDoubles());
      }
    }
  }

  @Test
  void anEpilogueThatDoesNotFitIsRefused() {
    Tensor x = Tensor.zeros(Shape.of(1, 1, 4, 4), DType.F32, device());
    Tensor w = Tensor.zeros(Shape.of(3, 1, 3, 3), DType.F32, device());
    Tensor bias = Tensor.zeros(Shape.of(3), DType.F32, device());
    assertMessage(
        """
        conv2dThen: a tensor of the epilogue does not broadcast to the result
          result (1, 3, 2, 2)
          tensor (3)
          help   one number for each filter has the shape (O, 1, 1)\
        """,
        () -> x.conv2dThen(w, Conv2dGeometry.DEFAULT, Epilogue.sum(bias)));
  }

  private static Model model(Shape shape, double[] values) {
    return Model.of(Tensor.of(values, shape));
  }

  private static int number(int[] index, Shape shape) {
    return Layout.contiguous(shape).at(index);
  }

  @Property(tries = 80)
  @Checks({
    "conv1d", "conv2d", "conv3d",
    "conv1dInputGradient", "conv2dInputGradient", "conv3dInputGradient",
    "conv1dWeightGradient", "conv2dWeightGradient", "conv3dWeightGradient"
  })
  void everyProductOfTheDefinitionIsSummed(@ForAll long seed) {
    for (int axes = 1; axes <= 3; axes++) {
      var draw = new ConvolutionDraw(seed, axes, device());
      ConvGeometry g = draw.geometry;
      DType dtype = draw.floating();
      Tensor x = draw.nasty.tensor(draw.input, dtype);
      Tensor w = draw.nasty.tensor(draw.weight, dtype);
      Tensor y = forward(x, w, g);
      Tensor dy = draw.nasty.tensor(y.shape(), dtype);
      Model mx = Model.of(x);
      Model mw = Model.of(w);
      Model mdy = Model.of(dy);
      double[] output = new double[y.size()];
      double[] input = new double[x.size()];
      double[] weight = new double[w.size()];
      forEachProduct(
          draw.input,
          draw.weight,
          g,
          (atX, atW, atY) -> {
            output[number(atY, y.shape())] += mx.get(atX) * mw.get(atW);
            input[number(atX, draw.input)] += mdy.get(atY) * mw.get(atW);
            weight[number(atW, draw.weight)] += mdy.get(atY) * mx.get(atX);
          });
      double tolerance = ConvolutionDraw.accumulated(dtype);
      model(y.shape(), output).assertMatches(y, tolerance);
      model(draw.input, input).assertMatches(inputGradient(dy, w, draw.input, g), tolerance);
      model(draw.weight, weight).assertMatches(weightGradient(dy, x, draw.weight, g), tolerance);
    }
  }

  @Property(tries = 60)
  @Checks({
    "conv1d", "conv2d", "conv3d",
    "conv1dInputGradient", "conv2dInputGradient", "conv3dInputGradient",
    "conv1dWeightGradient", "conv2dWeightGradient", "conv3dWeightGradient"
  })
  void theGradientsAreTheAdjoints(@ForAll long seed) {
    for (int axes = 1; axes <= 3; axes++) {
      var draw = new ConvolutionDraw(seed, axes, device());
      ConvGeometry g = draw.geometry;
      Tensor x = draw.nasty.tensor(draw.input, DType.F64);
      Tensor w = draw.nasty.tensor(draw.weight, DType.F64);
      Tensor dy = draw.nasty.tensor(g.output(draw.input, draw.weight), DType.F64);
      double product = dot(forward(x, w, g), dy);
      double scale = Math.max(1, Math.abs(product)) * 1e-10;
      assertEquals(product, dot(x, inputGradient(dy, w, draw.input, g)), scale);
      assertEquals(product, dot(w, weightGradient(dy, x, draw.weight, g)), scale);
    }
  }

  /// `⟨a, b⟩`, of equal shapes.
  static double dot(Tensor a, Tensor b) {
    assertEquals(a.shape(), b.shape());
    double[] left = a.toDoubles();
    double[] right = b.toDoubles();
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += left[i] * right[i];
    }
    return sum;
  }

  @Property(tries = 20)
  void paddingSameKeepsTheSize(@ForAll long seed) {
    var r = new Random(seed);
    int[] kernel = new int[3];
    int[] size = new int[3];
    Arrays.setAll(kernel, axis -> 1 + 2 * r.nextInt(3));
    Arrays.setAll(size, axis -> 1 + r.nextInt(6));
    int dilation = 1 + r.nextInt(3);
    var flat = Conv1dGeometry.DEFAULT.dilation(dilation).same(kernel[0]);
    assertEquals(size[0], flat.outputLength(size[0], kernel[0]));
    var volume = Conv3dGeometry.DEFAULT.dilation(dilation).same(kernel[0], kernel[1], kernel[2]);
    Shape input = Shape.of(2, 3, size[0], size[1], size[2]);
    Shape weight = Shape.of(3, 3, kernel[0], kernel[1], kernel[2]);
    assertEquals(input, volume.output(input, weight));
  }
}
