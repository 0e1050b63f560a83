package vectorgrad.accel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

  /// Whole numbers, whose sums are exact in any order.
  @ParameterizedTest
  @EnumSource(TensorCores.Words.class)
  void tensorCoresGiveTheDefinitionToo(TensorCores.Words words) {
    var imitated = Optional.of(new TensorCores.Instruction(words, true));
    int[][] sizes = {{1, 1, 1}, {64, 64, 64}, {70, 5, 37}, {24, 136, 48}};
    for (int[] s : sizes) {
      Tensor a = whole(1, s[0], s[2]).to(words.dtype());
      Tensor b = whole(2, s[2], s[1]).to(words.dtype());
      Tensor turnedA = a.transpose().contiguous().transpose();
      Tensor turnedB = b.transpose().contiguous().transpose();
      float[] naive = product(Product.NAIVE, a, b);
      for (Product.Variant variant : Product.TENSOR_VARIANTS) {
        var plan = new Product.Plan(variant, imitated, 1);
        assertArrayEquals(naive, product(plan, a, b), variant.name());
        assertArrayEquals(naive, product(plan, turnedA, turnedB), variant.name() + ", transposed");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TensorCores.Words.class)
  void theProbeKnowsTheInstruction(TensorCores.Words words) {
    assertTrue(TensorCores.isRight(queue, new TensorCores.Instruction(words, true)));
  }

  @Test
  void aDeviceWithoutTensorCoresIsNotAskedForThem() {
    assertEquals(Set.of(), queue.tensorCores());
    assertEquals(Optional.empty(), queue.instruction(DType.BF16, DType.BF16));
  }

  @Test
  void sumsInPartsAreAddedUpInTheirOrder() {
    Tensor a = random(1, 20, 200);
    Tensor b = random(2, 200, 9);
    Tensor expected = Tensor.zeros(Shape.of(20, 9), DType.F32);
    for (int from = 0; from < 200; from += 64) {
      int length = Math.min(64, 200 - from);
      float[] part = product(Product.NAIVE, a.narrow(1, from, length), b.narrow(0, from, length));
      Tensor sum = Tensor.of(part).reshape(20, 9);
      expected = expected.add(sum);
    }
    for (Product.Variant variant : Product.VARIANTS) {
      float[] found = product(new Product.Plan(variant, Optional.empty(), 4), a, b);
      assertArrayEquals(expected.toFloats(), found, variant.name());
    }
  }

  @Test
  void onlyAProductOfFewTilesAndLongSumsIsMadeInParts() {
    Card processor = queue.card();
    Card gpu = gpu(processor, 132);
    assertEquals(1, Product.Share.of(processor, 1, 32, 25, 36_864).parts());
    assertEquals(new Product.Share(1, 144, 256), Product.Share.of(gpu, 1, 32, 25, 36_864));
    assertEquals(1, Product.Share.of(gpu, 1, 32, 25, 300).parts());
    assertEquals(1, Product.Share.of(gpu, 1, 4096, 4096, 4096).parts());
    assertEquals(1, Product.Share.of(gpu, 1, 0, 25, 36_864).parts());
  }

  private static Card gpu(Card like, int units) {
    return new Card(
        like.platform(),
        like.id(),
        like.name(),
        like.driver(),
        like.version(),
        true,
        units,
        like.memory(),
        like.largest(),
        like.local(),
        like.group(),
        like.extensions(),
        like.roundsRight());
  }

  private Tensor whole(int seed, int rows, int columns) {
    Tensor numbers = Tensor.uniform(Seed.of(seed), 0, Shape.of(rows, columns), DType.F32);
    return numbers.mul(7).floor().sub(3).to(device);
  }

  private Tensor random(int seed, int rows, int columns) {
    return Tensor.normal(Seed.of(seed), 0, Shape.of(rows, columns), DType.F32).to(device);
  }

  private float[] product(Product.Variant variant, Tensor a, Tensor b) {
    return product(Product.Plan.of(variant), a, b);
  }

  private float[] product(Product.Plan plan, Tensor a, Tensor b) {
    Tensor c = Tensor.zeros(Shape.of(a.size(0), b.size(1)), DType.F32, device);
    MatMul.run(queue, plan, a, b, c);
    return c.to(Device.CPU).toFloats();
  }
}
