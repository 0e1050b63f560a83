package vectorgrad.tensor;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;

/// Random tensors, in terms of [Distribution]. What compares or orders the draws does so in f64,
/// one element after the other, so the results are the same everywhere too.
final class Sampling {
  private Sampling() {}

  static Tensor random(
      Distribution distribution, Seed seed, long counter, Shape shape, DType dtype, Device device) {
    if (!distribution.draws(dtype)) {
      String drawn =
          Arrays.stream(DType.values())
              .filter(distribution::draws)
              .map(DType::toString)
              .reduce((all, next) -> all + ", " + next)
              .orElse("nothing");
      throw new DTypeException(
          Message.of("random", "this distribution does not draw " + dtype)
              .row("from", distribution)
              .row("draws", drawn)
              .row("help", "convert the result with to(DType." + dtype.name() + ")"));
    }
    Tensor result = Tensor.uninitialized(shape, dtype, device);
    if (shape.size() > 0) {
      device.backend().random(distribution, seed, counter, result);
    }
    return result;
  }

  static Tensor bernoulli(Seed seed, long counter, Tensor p) {
    expect("bernoulli", p, x -> x >= 0 && x <= 1, "are from 0 to 1");
    Tensor u = random(Distribution.uniform(), seed, counter, p.shape(), DType.F64, p.device());
    return u.lt(p.to(DType.F64));
  }

  static Tensor permutation(Seed seed, int n) {
    int[] order = new int[n];
    double[] draws = Tensor.uniform(seed, 0, Shape.of(n), DType.F64).toDoubles();
    for (int i = 0; i < n; i++) {
      int other = (int) (draws[i] * (i + 1));
      order[i] = order[other];
      order[other] = i;
    }
    return Tensor.of(order);
  }

  static Tensor multinomial(
      Seed seed, long counter, Tensor weights, int count, boolean replacement) {
    if (weights.rank() == 0 || count < 0) {
      throw new ShapeException(
          Message.of("multinomial", "cannot draw " + count + " indices of " + weights.shape())
              .row("rule", "weights are (…, K), the count is not negative"),
          weights.shape());
    }
    expect("multinomial", weights, x -> x >= 0 && Double.isFinite(x), "are finite, not negative");
    int k = weights.size(-1);
    double[] all = weights.toDoubles();
    Shape shape = weights.shape().with(-1, count);
    Distribution distribution = replacement ? Distribution.uniform() : Distribution.exponential(1);
    double[] draws =
        random(
                distribution,
                seed,
                counter,
                replacement ? shape : weights.shape(),
                DType.F64,
                Device.CPU)
            .toDoubles();
    int[] result = new int[shape.size()];
    for (int row = 0; row * count < result.length; row++) {
      double[] own = Arrays.copyOfRange(all, row * k, (row + 1) * k);
      int[] chosen =
          replacement
              ? bySum(own, Arrays.copyOfRange(draws, row * count, (row + 1) * count))
              : byTime(own, Arrays.copyOfRange(draws, row * k, (row + 1) * k), count);
      if (chosen.length < count) {
        throw new ShapeException(
            Message.of("multinomial", "too few weights are above 0")
                .row("shape", weights.shape())
                .row("row", row)
                .row("found", Arrays.stream(own).filter(weight -> weight > 0).count())
                .row("wanted", replacement ? 1 : count + ", without replacement"),
            weights.shape());
      }
      System.arraycopy(chosen, 0, result, row * count, count);
    }
    return Tensor.of(result, shape).to(weights.device());
  }

  /// For each of `draws` the first index at which the running sum exceeds that part of the whole.
  private static int[] bySum(double[] weights, double[] draws) {
    double[] sums = new double[weights.length];
    double sum = 0;
    int last = -1; // the last that has a weight, should rounding lead beyond it
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i];
      sums[i] = sum;
      last = weights[i] > 0 ? i : last;
    }
    if (last < 0) {
      return new int[0];
    }
    int[] chosen = new int[draws.length];
    for (int i = 0; i < draws.length; i++) {
      double part = draws[i] * sum;
      int low = 0;
      int high = last;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (sums[middle] > part) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      chosen[i] = low;
    }
    return chosen;
  }

  /// The indices that come first, `count` of them or as many as have a weight.
  private static int[] byTime(double[] weights, double[] draws, int count) {
    return IntStream.range(0, weights.length)
        .filter(i -> weights[i] > 0)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> draws[i] / weights[i])) // stable: ties by index
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static void expect(String operation, Tensor x, DoublePredicate good, String rule) {
    if (!x.dtype().isFloating()) {
      throw new DTypeException(
          Message.of(operation, "needs floating numbers, found " + x.dtype())
              .row("shape", x.shape())
              .row("help", "convert with to(DType.F64)"),
          x.shape());
    }
    double[] values = x.toDoubles();
    for (double value : values) {
      if (!good.test(value)) {
        throw new TensorException(
            Message.of(operation, "found " + value)
                .row("shape", x.shape())
                .row("rule", "all elements " + rule),
            x.shape());
      }
    }
  }
}
