package vectorgrad.optim;

import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Tensor;

/// The test functions of the golden trajectories and of the literature, in f64.
final class Valley {
  private Valley() {}

  /// `Σ a·(p⁴/4 + p²/2)` with `a = (1, 10, 0.1)`, as in `golden/trajectories.py`.
  static Variable quartic(Parameter p) {
    Variable a = Variable.constant(Tensor.of(1.0, 10.0, 0.1).to(p.dtype()));
    Variable square = p.mul(p);
    return square.mul(square).mul(0.25).add(square.mul(0.5)).mul(a).sum();
  }

  /// `½·Σ a·p²`: a bowl.
  static Variable bowl(Parameter p, double... a) {
    return p.mul(p).mul(Variable.constant(Tensor.of(a))).sum().mul(0.5);
  }

  /// Rosenbrock's `(1 − x)² + 100·(y − x²)²`, smallest at (1, 1).
  static Variable rosenbrock(Parameter p) {
    Variable x = p.slice(0, 0, 1, 1);
    Variable y = p.slice(0, 1, 2, 1);
    Variable along = x.neg().add(1);
    Variable across = y.sub(x.mul(x));
    return along.mul(along).add(across.mul(across).mul(100)).sum();
  }

  /// Beale's `(1.5 − x + x·y)² + (2.25 − x + x·y²)² + (2.625 − x + x·y³)²`, smallest at (3, ½).
  static Variable beale(Parameter p) {
    Variable x = p.slice(0, 0, 1, 1);
    Variable y = p.slice(0, 1, 2, 1);
    Variable sum = Variable.constant(Tensor.of(0.0));
    Variable power = y;
    for (double c : new double[] {1.5, 2.25, 2.625}) {
      Variable term = x.mul(power).sub(x).add(c);
      sum = sum.add(term.mul(term));
      power = power.mul(y);
    }
    return sum.sum();
  }
}
