package vectorgrad.nn;

import java.util.List;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Pool1dGeometry;
import vectorgrad.tensor.Pool3dGeometry;

/// The largest value of every window of a signal, picture or volume: `y[…, i] = max over u of x[…,
/// i·stride + u·dilation − padding]` along each axis.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x | (N, C, …) | as many spatial axes as the window |
/// | y | (N, C, …) | L' = ⌊(L + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1, rounded up in ceil mode; see [Pool1dGeometry] |
///
/// The gradient goes to the first of equal maxima. Padding counts as −∞. Cost: one comparison for
/// each element of a window; backward keeps one index per output. Yamaguchi et al. 1990.
///
/// @param window window, stride, padding and dilation along each spatial axis
public record MaxPool(List<Pool1dGeometry> window) implements Pool<MaxPool> {

  /// Takes a copy of the list.
  ///
  /// @throws IllegalArgumentException if there are not one to three axes
  public MaxPool {
    window = PoolWindow.checked("MaxPool", window);
  }

  /// A window of `kernel` along each of `axes` spatial axes, that moves by its own size.
  public MaxPool(int axes, int kernel) {
    this(PoolWindow.cube(axes, kernel));
  }

  /// A copy whose windows take every `dilation`-th place.
  public MaxPool dilation(int dilation) {
    return new MaxPool(window.stream().map(g -> g.dilation(dilation)).toList());
  }

  @Override
  public MaxPool with(List<Pool1dGeometry> other) {
    return new MaxPool(other);
  }

  @Override
  public Variable forward(Variable x) {
    PoolWindow.check(this, name(), window.size(), x.shape());
    return switch (window.size()) {
      case 1 -> x.maxPool1d(window.getFirst());
      case 2 -> x.maxPool2d(PoolWindow.picture(window));
      default -> x.maxPool3d(new Pool3dGeometry(window.get(0), window.get(1), window.get(2)));
    };
  }

  private String name() {
    return "MaxPool" + window.size() + "d";
  }

  @Override
  public String label() {
    return PoolWindow.label(name(), window);
  }

  @Override
  public String toString() {
    return tree();
  }
}
