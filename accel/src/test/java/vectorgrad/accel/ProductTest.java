package vectorgrad.accel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.OpenCl;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// The variants of a product on a device. Sizes are small, since a driver for processors runs
/// barriers a hundred times slower than a GPU does.
class ProductTest {
  private final Device device = OpenCl.device();
  private final Queue queue = ((OpenClBackend) device.backend()).queue();

  /// Sizes of less than a tile, of exactly one, and of more.
  private static final int[][] SIZES = {
    {1, 1, 1}, {16, 16, 16}, {64, 64, 33}, {70, 5, 20}, {13, 131, 17}
  };

  @Test
  void everyVariantGivesTheBitsOfTheDefinition() {
    for (int[] s : SIZES) {
      Tensor a = random(1, s[0], s[2]);
      Tensor b = random(2, s[2], s[1]);
      float[] naive = product(Product.NAIVE, a, b);
      for (Product.Variant variant : Product.VARIANTS) {
        assertArrayEquals(naive, product(variant, a, b), variant.name());
        Tensor turned = b.transpose().contiguous().transpose();
        assertArrayEquals(naive, product(variant, a, turned), variant.name() + ", transposed");
      }
    }
  }

  /// Large enough that the clock decides, which may say what it likes.
  @Test
  void theAutomaticChoiceGivesTheSameBits() {
    Tensor a = random(1, 256, 250);
    Tensor b = random(2, 250, 270);
    assertArrayEquals(product(Product.NAIVE, a, b), product(Product.AUTOMATIC, a, b));
    assertArrayEquals(product(Product.NAIVE, a, b), product(Product.AUTOMATIC, a, b), "once known");
  }

  private Tensor random(int seed, int rows, int columns) {
    return Tensor.normal(Seed.of(seed), 0, Shape.of(rows, columns), DType.F32).to(device);
  }

  private float[] product(Product.Variant variant, Tensor a, Tensor b) {
    Tensor c = Tensor.zeros(Shape.of(a.size(0), b.size(1)), DType.F32, device);
    MatMul.run(queue, variant, a, b, c);
    return c.to(Device.CPU).toFloats();
  }
}
