package vectorgrad.nn;

import static vectorgrad.numerics.Formula.input;

import vectorgrad.autograd.Variable;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// Rotary positions: the features of a query or key at place p are turned, in pairs, by angles that
/// grow with p, `p·base^(−2i/d)` for pair i. The product of a query and a key then depends only on
/// the distance of their places.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x, y | (…, L, d) | d even; feature i is paired with i + d/2 |
///
/// Pairs are halves apart, as in GPT-NeoX and Llama, so that a turn is two fused passes over whole
/// rows; the paper pairs neighbours, which is the same up to the order of features. The gradient is
/// turned back. Su et al. 2021, equation 34.
///
/// @param base how slowly the slowest pair turns; 10000 by default
public record RotaryPositions(double base) {
  private static final Program LESS =
      Program.of(input(0).times(input(2)).minus(input(1).times(input(3))));
  private static final Program MORE =
      Program.of(input(0).times(input(2)).plus(input(1).times(input(3))));

  /// With the paper's base.
  public RotaryPositions() {
    this(10_000);
  }

  /// Checks the base.
  ///
  /// @throws IllegalArgumentException if it is not positive
  public RotaryPositions {
    if (!(base > 0)) {
      throw new IllegalArgumentException(
          Message.of("RotaryPositions", "the base must be positive, found " + base).toString());
    }
  }

  /// `x` turned to the places `offset`, `offset` + 1, …
  ///
  /// @throws ShapeException if the features are not even
  public Variable forward(Variable x, int offset) {
    if (x.rank() < 2 || x.size(-1) % 2 != 0) {
      throw new ShapeException(
          Message.of("RotaryPositions", "features are turned in pairs, found " + x.shape())
              .row("rule", "(… L d) with an even d"),
          x.shape());
    }
    int half = x.size(-1) / 2;
    double[] cosines = new double[x.size(-2) * half];
    double[] sines = new double[cosines.length];
    for (int k = 0; k < cosines.length; k++) {
      double angle = (offset + k / half) * Math.pow(base, -(double) (k % half) / half);
      cosines[k] = Math.cos(angle);
      sines[k] = Math.sin(angle);
    }
    Shape shape = Shape.of(x.size(-2), half);
    Variable cos = Variable.constant(Tensor.of(cosines, shape).to(x.dtype()).to(x.device()));
    Variable sin = Variable.constant(Tensor.of(sines, shape).to(x.dtype()).to(x.device()));
    Variable first = x.narrow(-1, 0, half);
    Variable second = x.narrow(-1, half, half);
    return Variable.concat(
        -1,
        Variable.map(LESS, first, second, cos, sin),
        Variable.map(MORE, second, first, cos, sin));
  }
}
