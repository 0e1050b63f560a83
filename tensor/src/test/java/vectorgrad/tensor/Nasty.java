package vectorgrad.tensor;

import java.util.Random;
import java.util.function.Function;

/// Tensors of the kinds that break kernels: scalars, axes of size 0 and 1, primes, one more and one
/// less than the lanes, and views that are permuted, sliced, flipped or expanded. A seed is the
/// whole recipe, so a failing property prints all that is needed to repeat it.
public final class Nasty {
  private static final int[] SIZES = {0, 1, 1, 2, 3, 5, 7, 8, 15, 16, 17, 31, 33, 64, 67};
  private static final int MOST_ELEMENTS = 5000;

  private final Random random;
  private final Device device;

  public Nasty(long seed, Device device) {
    this.random = new Random(seed);
    this.device = device;
  }

  public Random random() {
    return random;
  }

  /// A shape of up to four axes.
  public Shape shape() {
    int[] sizes = new int[random.nextInt(5)];
    int product = 1;
    for (int i = 0; i < sizes.length; i++) {
      int size = SIZES[random.nextInt(SIZES.length)];
      if (size == 0 && random.nextInt(4) > 0) {
        size = 1;
      }
      sizes[i] = Math.max(1, product) * size > MOST_ELEMENTS ? 1 : size;
      product *= Math.max(1, sizes[i]);
    }
    return Shape.of(sizes);
  }

  /// A shape that broadcasts with `shape` to it: axes dropped on the left or of size 1.
  public Shape broadcastable(Shape shape) {
    int drop = random.nextInt(shape.rank() + 1) * random.nextInt(2);
    int[] sizes = java.util.Arrays.copyOfRange(shape.toArray(), drop, shape.rank());
    for (int i = 0; i < sizes.length; i++) {
      if (random.nextInt(3) == 0) {
        sizes[i] = 1;
      }
    }
    return Shape.of(sizes);
  }

  /// Random numbers of the given shape behind a random layout.
  public Tensor tensor(Shape shape, DType dtype) {
    return tensor(shape, base -> values(base, dtype));
  }

  /// Random whole numbers of all sizes up to the ends of I32, I64, U8 or BOOL, behind a random
  /// layout.
  public Tensor whole(Shape shape, DType dtype) {
    return tensor(
        shape,
        base -> {
          long[] values = new long[base.size()];
          for (int i = 0; i < values.length; i++) {
            values[i] = random.nextLong() >> random.nextInt(64);
          }
          return Tensor.of(values, base).to(dtype); // the lowest bits
        });
  }

  private Tensor tensor(Shape shape, Function<Shape, Tensor> make) {
    int rank = shape.rank();
    // the base is larger and permuted; slices, flips and the inverse permutation lead back to the
    // shape
    int[] order = new int[rank];
    for (int i = 0; i < rank; i++) {
      order[i] = i;
    }
    boolean plain = random.nextInt(3) == 0;
    for (int i = rank - 1; i > 0 && !plain; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
    int[] base = new int[rank];
    int[] step = new int[rank];
    int[] from = new int[rank];
    boolean[] expanded = new boolean[rank];
    for (int i = 0; i < rank; i++) {
      int size = shape.get(order[i]);
      step[i] = plain ? 1 : 1 + random.nextInt(2);
      from[i] = plain ? 0 : random.nextInt(2);
      expanded[i] = !plain && size > 0 && random.nextInt(6) == 0;
      base[i] = from[i] + (expanded[i] ? 1 : size) * step[i];
    }
    Tensor tensor = make.apply(Shape.of(base)).to(device);
    int[] target = new int[rank];
    for (int i = 0; i < rank; i++) {
      int size = expanded[i] ? 1 : shape.get(order[i]);
      tensor = tensor.slice(i, from[i], from[i] + size * step[i], step[i]);
      if (!plain && random.nextInt(4) == 0) {
        tensor = tensor.flip(i);
      }
      target[i] = shape.get(order[i]);
    }
    int[] inverse = new int[rank];
    for (int i = 0; i < rank; i++) {
      inverse[order[i]] = i;
    }
    return tensor.expand(Shape.of(target)).permute(inverse);
  }

  private Tensor values(Shape shape, DType dtype) {
    double[] values = new double[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (dtype) {
            case F32 -> (float) random.nextGaussian();
            case F64, F16, BF16 -> random.nextGaussian();
            case I32, I64 -> random.nextInt(21) - 10;
            case U8 -> random.nextInt(256);
            case BOOL -> random.nextInt(2);
          };
    }
    return Tensor.of(values, shape).to(dtype);
  }
}
