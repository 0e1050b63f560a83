package vectorgrad.nn;

import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// Adds to every place a pattern of sines of its own: `y[p, 2i] = x[p, 2i] + sin(p /
/// 10000^(2i/d))`, and the cosine at 2i + 1. A step of any length is a rotation of the pattern, the
/// same at every place.
///
/// | name | shape |
/// |------|-------|
/// | x, y | (…, L, d) |
///
/// Nothing is learnt, and L has no limit. Cost: L·d sines, whatever the batch, and an addition an
/// element; backward keeps nothing. Vaswani et al. 2017, section 3.5.
public record SinusoidalPositions() implements Layer {
  @Override
  public Variable forward(Variable x) {
    return forward(x, 0);
  }

  /// With the pattern of the places `offset`, `offset` + 1, …
  ///
  /// @throws ShapeException if there are not at least two axes
  public Variable forward(Variable x, int offset) {
    if (x.rank() < 2) {
      throw new ShapeException(
          Message.of("SinusoidalPositions", "places and features are needed, found " + x.shape())
              .row("rule", "(… L d)"),
          x.shape());
    }
    int width = x.size(-1);
    double[] pattern = new double[x.size(-2) * width];
    for (int k = 0; k < pattern.length; k++) {
      int feature = k % width;
      double angle =
          (offset + k / width) / Math.pow(10_000, (feature - feature % 2) / (double) width);
      pattern[k] = feature % 2 == 0 ? Math.sin(angle) : Math.cos(angle);
    }
    Tensor table = Tensor.of(pattern, Shape.of(x.size(-2), width));
    return x.add(Variable.constant(table.to(x.dtype()).to(x.device())));
  }
}
