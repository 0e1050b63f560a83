package vectorgrad.accel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.OpenCl;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// The convolution as products, which only GPUs choose, against its definition, which the contracts
/// prove: the same bits, since both sum in the same order and a border adds zeros.
class ConvolutionTest {
  private final Device device = OpenCl.device();
  private final Queue queue = ((OpenClBackend) device.backend()).queue();

  @Test
  void everyVariantGivesTheBitsOfTheDefinition() {
    compare(Shape.of(2, 3, 7, 6), Shape.of(5, 3, 3, 2), Conv2dGeometry.DEFAULT);
    compare(Shape.of(1, 4, 9, 8), Shape.of(6, 2, 3, 3), new Conv2dGeometry(2, 1, 1, 2, 1, 2, 2));
    compare(Shape.of(2, 2, 10, 10), Shape.of(70, 2, 2, 2), new Conv2dGeometry(3, 3, 0, 1, 1, 1, 1));
  }

  /// Whole numbers, whose sums are exact in any order.
  @Test
  void tensorCoresAndSumsInPartsGiveTheDefinitionToo() {
    var words = Optional.of(new TensorCores.Instruction(TensorCores.Words.BF16, true));
    Conv2dGeometry g = new Conv2dGeometry(1, 2, 1, 0, 1, 1, 2);
    Tensor x = whole(1, Shape.of(2, 4, 9, 8));
    Tensor weight = whole(2, Shape.of(6, 2, 3, 3));
    Tensor dy = whole(3, Shape.of(2, 6, 9, 3));
    float[][] expected = all(Product.Plan.of(Product.NAIVE), x, weight, dy, g);
    var plan = new Product.Plan(Product.TENSOR_VARIANTS.getFirst(), words, 2);
    DType low = DType.BF16;
    float[][] found = all(plan, x.to(low), weight.to(low), dy.to(low), g);
    for (int pass = 0; pass < found.length; pass++) {
      assertArrayEquals(expected[pass], found[pass], "pass " + pass);
    }
  }

  private Tensor whole(int seed, Shape shape) {
    return random(seed, shape).clamp(-2, 2).round();
  }

  private void compare(Shape input, Shape filters, Conv2dGeometry g) {
    Tensor x = random(1, input);
    Tensor weight = random(2, filters);
    Shape output =
        Shape.of(
            input.get(0),
            filters.get(0),
            g.outputHeight(input.get(2), filters.get(2)),
            g.outputWidth(input.get(3), filters.get(3)));
    Tensor dy = random(3, output);
    float[][] expected = all(Product.Plan.of(Product.NAIVE), x, weight, dy, g);
    for (Product.Variant variant : Product.VARIANTS) {
      float[][] found = all(Product.Plan.of(variant), x, weight, dy, g);
      for (int pass = 0; pass < found.length; pass++) {
        assertArrayEquals(expected[pass], found[pass], variant.name() + ", pass " + pass);
      }
    }
  }

  /// y, dx and dw.
  private float[][] all(Product.Plan plan, Tensor x, Tensor weight, Tensor dy, Conv2dGeometry g) {
    Tensor y = zeros(dy.shape());
    Tensor dx = zeros(x.shape());
    Tensor dw = zeros(weight.shape());
    Convolution.forward(queue, plan, x, weight, g, y);
    Convolution.inputGradient(queue, plan, dy, weight, g, dx);
    Convolution.weightGradient(queue, plan, dy, x, g, dw);
    return new float[][] {y.toFloats(), dx.toFloats(), dw.toFloats()};
  }

  private Tensor zeros(Shape shape) {
    return Tensor.zeros(shape, DType.F32, device);
  }

  private Tensor random(int seed, Shape shape) {
    return Tensor.normal(Seed.of(seed), 0, shape, DType.F32).to(device);
  }
}
