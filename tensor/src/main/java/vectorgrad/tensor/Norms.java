package vectorgrad.tensor;

import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.constant;
import static vectorgrad.numerics.Formula.input;

import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.spi.Reduction;

/// The p-norms of a formula of tensors: of one, or of the difference of two. The formula's values
/// are never in memory.
///
/// Behind the formula's inputs stand two scalars or broadcast tensors of F64, which make every pass
/// compute in float64: the scale `s`, and `p`.
final class Norms {
  static final Norms OF_ONE = new Norms(1, input(0));
  static final Norms OF_DIFFERENCE = new Norms(2, input(0).minus(input(1)));

  /// Whole powers up to this one are products, each with a kernel of its own.
  private static final int MOST_MULTIPLIED = 8;

  private static final Program SAFE_SCALE =
      Program.of(
          input(0)
              .equalTo(ZERO)
              .or(input(0).equalTo(constant(Double.POSITIVE_INFINITY)))
              .then(ONE, input(0)));
  private static final Program ROOT =
      Program.of(input(0).log().over(input(1)).exp().times(input(2)));

  private final Program size; // |d| / s
  private final Program square; // (d / s)²
  private final Program power; // (|d| / s)ᵖ
  private final Formula scaled; // |d| / s
  private final Program nonzero; // s where d ≠ 0

  private Norms(int inputs, Formula d) {
    Formula s = input(inputs);
    Formula p = input(inputs + 1);
    square = Program.of(d.over(s).square());
    scaled = d.abs().over(s);
    size = Program.of(scaled);
    power = Program.of(scaled.log().times(p).exp());
    nonzero = Program.of(d.equalTo(ZERO).then(ZERO, s));
  }

  /// The norm over `axes` as F64.
  Tensor of(String operation, double p, boolean keepDim, int[] axes, Tensor... operands) {
    Tensor[] x = operands.clone();
    for (int i = 0; i < x.length; i++) {
      x[i] = Statistics.besideDoubles(x[i]);
    }
    Device device = Tensor.commonDevice(operation, x);
    Shape shape = broadcast(operation, x);
    Tensor one = Tensor.full(1, Shape.SCALAR, DType.F64, device);
    if (p == 0) {
      return Tensor.sumOf(nonzero, keepDim, axes, with(x, one));
    } else if (p == 1) {
      return Tensor.sumOf(size, keepDim, axes, with(x, one));
    } else if (Double.isInfinite(p)) {
      Reduction extreme = p > 0 ? Reduction.MAX : Reduction.MIN;
      return Reductions.reduce(operation, extreme, size, keepDim, axes, with(x, one));
    } else if (Double.isNaN(p)) {
      throw new IllegalArgumentException(
          Message.of(operation, "there is no norm for p = NaN").toString());
    }
    boolean narrow = p == 2 && squaresFit(x);
    Tensor s = narrow || shape.size() == 0 ? one : scale(operation, p, axes, with(x, one));
    Tensor result;
    if (p == 2) {
      result = Tensor.sumOf(square, true, axes, with(x, s)).sqrt().mul(s);
    } else {
      Tensor exponent = Tensor.full(p, Shape.SCALAR, DType.F64, device);
      boolean multiplied = p == Math.rint(p) && Math.abs(p) <= MOST_MULTIPLIED;
      Tensor sum =
          multiplied
              ? Tensor.sumOf(Program.of(scaled.pow((int) p)), true, axes, with(x, s))
              : Tensor.sumOf(power, true, axes, with(x, s, exponent));
      result = Tensor.map(ROOT, sum, exponent, s);
    }
    return keepDim ? result : Reductions.dropAxes(result, shape, axes);
  }

  /// The largest element, whose powers dominate the sum, or the smallest for negative powers; 1
  /// where that is 0 or infinite.
  private Tensor scale(String operation, double p, int[] axes, Tensor[] x) {
    Reduction extreme = p > 0 ? Reduction.MAX : Reduction.MIN;
    Tensor s = Reductions.reduce(operation, extreme, size, true, axes, x);
    return Tensor.map(SAFE_SCALE, s);
  }

  /// Squares of what is narrower than F64 stay in its range.
  private static boolean squaresFit(Tensor[] x) {
    boolean fit = true;
    for (Tensor operand : x) {
      fit &= operand.dtype() != DType.F64;
    }
    return fit;
  }

  private static Shape broadcast(String operation, Tensor[] x) {
    Shape shape = x[0].shape();
    for (Tensor other : x) {
      shape = Shape.broadcast(operation, shape, other.shape());
    }
    return shape;
  }

  private static Tensor[] with(Tensor[] x, Tensor... more) {
    Tensor[] all = java.util.Arrays.copyOf(x, x.length + more.length);
    System.arraycopy(more, 0, all, x.length, more.length);
    return all;
  }
}
