package vectorgrad.nn;

import java.util.List;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Pool1dGeometry;
import vectorgrad.tensor.Pool3dGeometry;

/// The mean of every window of a signal, picture or volume: `y[…, i] = Σ_u x[…, i·stride + u −
/// padding] / kernel` along each axis.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x | (N, C, …) | as many spatial axes as the window |
/// | y | (N, C, …) | L' = ⌊(L + 2·padding − kernel) / stride⌋ + 1, rounded up in ceil mode; see [Pool1dGeometry] |
///
/// Cost: one addition for each element of a window; backward keeps nothing. LeCun et al. 1990,
/// *Handwritten digit recognition with a back-propagation network*.
///
/// @param window window, stride and padding along each spatial axis
/// @param countIncludePad whether the zeros of the padding count, as by default, or the mean is
///   over elements of the input only
public record AvgPool(List<Pool1dGeometry> window, boolean countIncludePad)
    implements Pool<AvgPool> {

  /// Takes a copy of the list.
  ///
  /// @throws IllegalArgumentException if there are not one to three axes
  public AvgPool {
    window = PoolWindow.checked("AvgPool", window);
  }

  /// A window of `kernel` along each of `axes` spatial axes, that moves by its own size.
  public AvgPool(int axes, int kernel) {
    this(PoolWindow.cube(axes, kernel), true);
  }

  /// A copy in which the zeros of the padding count, or do not.
  public AvgPool countIncludePad(boolean count) {
    return new AvgPool(window, count);
  }

  @Override
  public AvgPool with(List<Pool1dGeometry> other) {
    return new AvgPool(other, countIncludePad);
  }

  @Override
  public Variable forward(Variable x) {
    PoolWindow.check(this, name(), window.size(), x.shape());
    return switch (window.size()) {
      case 1 -> x.avgPool1d(window.getFirst(), countIncludePad);
      case 2 -> x.avgPool2d(PoolWindow.picture(window), countIncludePad);
      default ->
          x.avgPool3d(
              new Pool3dGeometry(window.get(0), window.get(1), window.get(2)), countIncludePad);
    };
  }

  private String name() {
    return "AvgPool" + window.size() + "d";
  }

  @Override
  public String label() {
    String text = PoolWindow.label(name(), window);
    return countIncludePad ? text : text.replace(")", ", without padding in the mean)");
  }

  @Override
  public String toString() {
    return tree();
  }
}
