package vectorgrad.tensor;

import java.util.ArrayList;
import java.util.List;

/// Pooling by [Regions], for any number of spatial axes.
final class AdaptivePools {
  private AdaptivePools() {}

  static Tensor average(String operation, Tensor x, int... counts) {
    List<Regions> regions = adaptive(operation, x, counts);
    Tensor sum = x.to(x.dtype().widened());
    for (int axis = counts.length - 1; axis >= 0; axis--) {
      sum = regions.get(axis).sum(sum, axis + 2);
    }
    return perElement(sum, regions).to(x.dtype());
  }

  static Tensor averageGradient(String operation, Tensor dy, Shape input) {
    boolean fits = dy.rank() > 2 && dy.rank() < 6 && input.rank() == dy.rank();
    for (int axis = 0; fits && axis < dy.rank(); axis++) {
      fits = axis < 2 ? input.get(axis) == dy.size(axis) : input.get(axis) > 0 && dy.size(axis) > 0;
    }
    if (!fits) {
      throw Pools.doesNotBelong(operation, dy, input);
    }
    Pools.checkInput(operation, dy, dy.rank() - 2);
    List<Regions> regions = new ArrayList<>();
    for (int axis = 2; axis < dy.rank(); axis++) {
      regions.add(Regions.adaptive(input.get(axis), dy.size(axis)));
    }
    Tensor share = perElement(dy.to(dy.dtype().widened()), regions);
    for (int axis = 2; axis < dy.rank(); axis++) {
      share = regions.get(axis - 2).sumGradient(share, axis);
    }
    return share.contiguous().to(dy.dtype());
  }

  static MaxPool largest(String operation, Tensor x, int... counts) {
    return largest(x, adaptive(operation, x, counts));
  }

  static MaxPool fractional(
      String operation, Tensor x, FractionalRegions kind, Seed seed, int... counts) {
    checkCounts(operation, x, counts);
    List<Regions> regions = new ArrayList<>();
    for (int axis = 0; axis < counts.length; axis++) {
      int size = x.size(axis + 2);
      if (counts[axis] > kind.distance(size)) {
        throw new ShapeException(
            Message.of(
                    operation,
                    "axis %d of %d elements has no %d regions"
                        .formatted(axis + 2, size, counts[axis]))
                .row("input", x.shape())
                .row("rule", "at most " + Math.max(0, kind.distance(size)) + overlap(kind)),
            x.shape());
      }
      regions.add(kind.regions(size, counts[axis], seed.fold(axis)));
    }
    return largest(x, regions);
  }

  private static String overlap(FractionalRegions kind) {
    return kind.overlapping() ? ", which overlap" : "";
  }

  /// The largest along one axis after the other, the last one first, so that the first of equals in
  /// row-major order is chosen.
  private static MaxPool largest(Tensor x, List<Regions> regions) {
    int last = x.rank() - 1;
    MaxPool found = regions.get(last - 2).largest(x, last);
    Tensor values = found.values();
    Tensor indices = found.indices();
    int stride = x.size(last);
    for (int axis = last - 1; axis >= 2; axis--) {
      found = regions.get(axis - 2).largest(values, axis);
      values = found.values();
      indices = indices.gather(axis, found.indices()).add(found.indices().mul(stride));
      stride *= x.size(axis);
    }
    return new MaxPool(values, indices);
  }

  private static List<Regions> adaptive(String operation, Tensor x, int... counts) {
    checkCounts(operation, x, counts);
    List<Regions> regions = new ArrayList<>();
    for (int axis = 0; axis < counts.length; axis++) {
      regions.add(Regions.adaptive(x.size(axis + 2), counts[axis]));
    }
    return regions;
  }

  private static void checkCounts(String operation, Tensor x, int... counts) {
    Pools.checkInput(operation, x, counts.length);
    for (int axis = 0; axis < counts.length; axis++) {
      if (counts[axis] < 1 || x.size(axis + 2) < 1) {
        throw new ShapeException(
            Message.of(
                    operation,
                    "axis %d of %d elements has no %d regions"
                        .formatted(axis + 2, x.size(axis + 2), counts[axis]))
                .row("input", x.shape())
                .row("rule", "both numbers are at least 1"),
            x.shape());
      }
    }
  }

  /// Divided by the number of elements of each region.
  private static Tensor perElement(Tensor sums, List<Regions> regions) {
    Tensor counts = Tensor.scalar(1.0);
    for (Regions along : regions) {
      double[] lengths = new double[along.count()];
      for (int i = 0; i < lengths.length; i++) {
        lengths[i] = along.length(i);
      }
      counts = counts.unsqueeze(counts.rank()).mul(Tensor.of(lengths)); // an outer product
    }
    return sums.div(counts.to(sums.dtype()).to(sums.device()));
  }
}
