package vectorgrad.autograd;

import static vectorgrad.numerics.Formula.ZERO;
import static vectorgrad.numerics.Formula.input;

import java.util.List;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Tensor;

/// Reductions that take more than one pass. Each keeps the reduced axes with size 1.
final class StatisticsOps {
  private static final Formula X = input(0);
  private static final Formula Y = input(1);
  private static final Formula Z = input(2);
  private static final Fused VAR_GRADIENT =
      Fused.of("dVar", 3, Z.times(X.minus(Y))); // x, mean, dy·2/n
  private static final Fused STD_GRADIENT =
      Fused.of( // x, mean, dy/n, y: (x − mean)/y is at most √n
          "dStd", 4, input(3).equalTo(ZERO).then(ZERO, Z.times(X.minus(Y).over(input(3)))));
  private static final Program ONE_FOR_ZERO = Program.of(X.equalTo(ZERO).then(Formula.ONE, X));

  /// The elements that are numbers, and 0 for the others.
  static final Fused NUMBER_OR_ZERO = Fused.of("numberOrZero", 1, X.equalTo(X).then(X, ZERO));

  private StatisticsOps() {}

  /// `y = Σ (x − mean)² / (n − correction)`, `dx = dy·2·(x − mean) / (n − correction)`.
  record Var(int correction, List<Integer> axes) implements Op.Unary {
    @Override
    public Autocast.Policy autocast() {
      return Autocast.Policy.WIDE;
    }

    @Override
    public Saved saved() {
      return Saved.INPUTS;
    }

    @Override
    public Tensor forward(Tensor x) {
      return x.var(correction, true, ViewOps.ints(axes));
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      Variable mean = x.mean(true, ViewOps.ints(axes));
      return VAR_GRADIENT.apply(x, mean, dy.mul(2 / freedom(x, y, correction)));
    }
  }

  /// The root of [Var], `dx = dy·(x − mean) / (y·(n − correction))`, and 0 where `y = 0`.
  record Std(int correction, List<Integer> axes) implements Op.Unary {
    @Override
    public Autocast.Policy autocast() {
      return Autocast.Policy.WIDE;
    }

    @Override
    public Tensor forward(Tensor x) {
      return x.std(correction, true, ViewOps.ints(axes));
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      Variable mean = x.mean(true, ViewOps.ints(axes));
      return STD_GRADIENT.apply(x, mean, dy.div(freedom(x, y, correction)), y);
    }
  }

  private static double freedom(Variable x, Variable y, int correction) {
    return Math.max(0, (double) x.size() / Math.max(1, y.size()) - correction);
  }

  /// `y = ln Σ eˣ`, `dx = dy·eˣ / Σ eˣ`: a softmax over any axes, which is 0 where all is −∞.
  record Logsumexp(List<Integer> axes) implements Op.Unary {
    @Override
    public Autocast.Policy autocast() {
      return Autocast.Policy.WIDE;
    }

    @Override
    public Tensor forward(Tensor x) {
      return x.logsumexp(true, ViewOps.ints(axes));
    }

    @Override
    public Variable backward(Variable dy, Variable x, Variable y) {
      // what y was rounded by makes the sum of eˣ⁻ʸ differ from 1; and of nothing it is 0
      int[] along = ViewOps.ints(axes);
      Tensor sum = Tensor.sumOf(ScanOps.SHARE_PROGRAM, true, along, x.value(), y.value());
      Tensor one = Tensor.map(ONE_FOR_ZERO, sum);
      return ScanOps.SHARE_OF.apply(x, y, dy.div(Variable.constant(one)));
    }
  }
}
