package vectorgrad.nn;

import java.util.List;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Message;

/// The mean, or the largest value, of regions of a signal, picture or volume, as many along each
/// spatial axis as are asked for, whatever its size: region `i` of `n` reaches from `⌊i·L / n⌋` to
/// `⌈(i + 1)·L / n⌉`.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x | (N, C, …) | as many spatial axes as sizes |
/// | y | (N, C, sizes…) | |
///
/// Cost: one pass over x; backward keeps nothing for the mean, one index per output for the
/// maximum. The regions are those of PyTorch's `AdaptiveAvgPool` and `AdaptiveMaxPool`.
///
/// @param sizes how many regions there are along each spatial axis
/// @param maximum whether the largest value is taken instead of the mean
public record AdaptivePool(List<Integer> sizes, boolean maximum) implements Layer {

  /// Takes a copy of the list.
  ///
  /// @throws IllegalArgumentException if there are not one to three axes, or no region on one
  public AdaptivePool {
    sizes = List.copyOf(sizes);
    if (sizes.isEmpty() || sizes.size() > 3 || sizes.stream().anyMatch(size -> size < 1)) {
      throw new IllegalArgumentException(
          Message.of("AdaptivePool", "no regions of a signal, picture or volume: " + sizes)
              .row("rule", "one to three axes, at least one region on each")
              .toString());
    }
  }

  @Override
  public Variable forward(Variable x) {
    PoolWindow.check(this, name(), sizes.size(), x.shape());
    int a = sizes.getFirst();
    int b = sizes.get(sizes.size() / 2);
    int c = sizes.getLast();
    return switch (sizes.size()) {
      case 1 -> maximum ? x.adaptiveMaxPool1d(a) : x.adaptiveAvgPool1d(a);
      case 2 -> maximum ? x.adaptiveMaxPool2d(a, b) : x.adaptiveAvgPool2d(a, b);
      default -> maximum ? x.adaptiveMaxPool3d(a, b, c) : x.adaptiveAvgPool3d(a, b, c);
    };
  }

  private String name() {
    return (maximum ? "AdaptiveMaxPool" : "AdaptiveAvgPool") + sizes.size() + "d";
  }

  @Override
  public String label() {
    return name() + "(" + Filters.sizes(sizes.stream().mapToInt(size -> size).toArray()) + ")";
  }

  @Override
  public String toString() {
    return tree();
  }
}
