package vectorgrad.accel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.OpenCl;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Attention in groups, which only GPUs choose, against single work items, which the contracts
/// prove: the same bits, since an item's own order does not change.
class AttentionTest {
  private final Device device = OpenCl.device();
  private final Queue queue = ((OpenClBackend) device.backend()).queue();

  @Test
  void groupsGiveTheBitsOfSingleItems() {
    compare(1, 2, 2, 5, 5, 8, 8, false);
    compare(2, 4, 2, 19, 35, 4, 6, true); // heads share keys, more keys than a tile
    compare(1, 2, 1, 9, 4, 3, 5, true); // the first queries see nothing
  }

  private void compare(
      int pictures, int heads, int groups, int queries, int keys, int d, int v, boolean causal) {
    Tensor q = random(1, pictures, heads, queries, d);
    Tensor k = random(2, pictures, groups, keys, d);
    Tensor value = random(3, pictures, groups, keys, v);
    Tensor dy = random(4, pictures, heads, queries, v);
    List<float[]> expected = all(1, q, k, value, dy, causal);
    List<float[]> found = all(4, q, k, value, dy, causal);
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), found.get(i), "result " + i);
    }
  }

  /// y, its numbers, and the gradients.
  private List<float[]> all(int items, Tensor q, Tensor k, Tensor v, Tensor dy, boolean causal) {
    Tensor y = zeros(dy.shape());
    Tensor numbers = zeros(Shape.of(q.size(0), q.size(1), q.size(2), 2));
    Tensor dq = zeros(q.shape());
    Tensor dk = zeros(k.shape());
    Tensor dv = zeros(v.shape());
    Attention.forward(queue, items, q, k, v, causal, y, numbers);
    Attention.gradient(queue, items, dy, q, k, v, causal, y, numbers, dq, dk, dv);
    return List.of(y.toFloats(), numbers.toFloats(), dq.toFloats(), dk.toFloats(), dv.toFloats());
  }

  private Tensor zeros(Shape shape) {
    return Tensor.zeros(shape, DType.F32, device);
  }

  private Tensor random(int seed, int... sizes) {
    return Tensor.normal(Seed.of(seed), 0, Shape.of(sizes), DType.F32).to(device);
  }
}
