package vectorgrad.nn;

import vectorgrad.autograd.Variable;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;

/// The largest value of every window of a picture.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x | (N, C, H, W) | |
/// | y | (N, C, H', W') | H' = ⌊(H + 2·padding − kernel) / stride⌋ + 1; see [PoolGeometry] for dilation and ceil mode |
///
/// The gradient goes to the first of equal maxima. Padding counts as −∞. Cost: kernel² comparisons
/// per output; backward keeps one index per output.
///
/// @param geometry window, stride and padding
public record MaxPool2d(PoolGeometry geometry) implements Layer {

  /// A square window of `kernel` × `kernel` that moves by its own size.
  public MaxPool2d(int kernel) {
    this(PoolGeometry.square(kernel));
  }

  /// A copy that moves by `stride` rows and columns.
  public MaxPool2d stride(int stride) {
    return new MaxPool2d(geometry.stride(stride));
  }

  /// A copy with `padding` rows and columns of −∞ on every side, at most half the window.
  public MaxPool2d padding(int padding) {
    return new MaxPool2d(geometry.padding(padding));
  }

  @Override
  public Variable forward(Variable x) {
    Shape shape = x.shape();
    if (shape.rank() != 4) {
      throw new ShapeException(
          Location.message(
                  this, "MaxPool2d", "the input has " + shape.rank() + " axes instead of 4")
              .row("input", shape)
              .row("rule", "pictures are N C H W"),
          shape);
    }
    return x.maxPool2d(geometry);
  }

  @Override
  public String label() {
    PoolGeometry g = geometry;
    boolean usual = g.strideH() == g.kernelH() && g.strideW() == g.kernelW();
    boolean padded = g.paddingH() > 0 || g.paddingW() > 0;
    boolean dilated = g.dilationH() > 1 || g.dilationW() > 1;
    return "MaxPool2d("
        + pair(g.kernelH(), g.kernelW())
        + (usual ? "" : ", stride " + pair(g.strideH(), g.strideW()))
        + (padded ? ", padding " + pair(g.paddingH(), g.paddingW()) : "")
        + (dilated ? ", dilation " + pair(g.dilationH(), g.dilationW()) : "")
        + (g.ceilMode() ? ", ceil" : "")
        + ")";
  }

  private static String pair(int height, int width) {
    return height + "×" + width;
  }

  @Override
  public String toString() {
    return tree();
  }
}
