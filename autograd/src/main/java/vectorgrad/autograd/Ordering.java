package vectorgrad.autograd;

import static vectorgrad.numerics.Formula.input;

import vectorgrad.numerics.Formula;
import vectorgrad.tensor.Chosen;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Sorted;
import vectorgrad.tensor.Tensor;

/// Operations of a [Variable] that put elements in order.
///
/// Each is a [SelectionOps.Gather] from places that the values decide, which are constants: the
/// gradient flows to the elements that were picked. Of equal ones that are the first, as the order
/// is stable; a NaN is above every number, and picked like one.
sealed interface Ordering permits Variable {

  /// The operations, made once.
  final class Operations {
    private static final Formula LOW = input(0);
    private static final Formula HIGH = input(1);
    private static final Formula SHARE = input(2);

    /// A share of the way from one element to another. Though equal ones are met exactly, both have
    /// their part in the gradient.
    static final Fused BETWEEN =
        Fused.of(
            "quantile",
            LOW.equalTo(HIGH).then(LOW, HIGH.minus(LOW).times(SHARE).plus(LOW)),
            Formula.ONE.minus(SHARE),
            SHARE,
            HIGH.minus(LOW));

    private Operations() {}
  }

  private Variable self() {
    return (Variable) this;
  }

  /// The elements along `axis` in rising order, and where they were. The gradient of each flows
  /// back to where it was.
  default Picked sort(int axis) {
    return sort(axis, false);
  }

  /// The elements along `axis` in rising order, in falling order if `descending`, and where they
  /// were. Equal elements keep their order in both. The gradient of each flows back to where it
  /// was.
  default Picked sort(int axis, boolean descending) {
    return picked("sort", axis, self().value().sort(axis, descending));
  }

  /// The `k` largest elements along the last axis, the largest first, and where they were; the
  /// others have gradient 0.
  default Picked topk(int k) {
    return topk(k, -1, true);
  }

  /// The `k` largest elements along `axis` in falling order, or the `k` smallest in rising order if
  /// not `largest`, and where they were. Of equal elements the first ones are taken, and have the
  /// gradient; the others have 0.
  ///
  /// @throws ShapeException if the axis has not as many
  default Picked topk(int k, int axis, boolean largest) {
    return picked("topk", axis, self().value().topk(k, axis, largest));
  }

  /// The `k`-th smallest element along `axis`, counted from 1, and where it was; the axis
  /// disappears. Of equal elements the `k`-th in the order of [#sort]: it alone has the gradient.
  ///
  /// @throws ShapeException if the axis has not as many
  default Picked kthvalue(int k, int axis) {
    return picked("kthvalue", axis, self().value().kthvalue(k, axis));
  }

  /// The element in the middle of the order along `axis`, and where it was; the axis disappears. Of
  /// two in the middle it is the lower one, as in PyTorch, and it alone has the gradient, whatever
  /// equals it; in a row with NaN the first NaN.
  ///
  /// @throws ShapeException if the axis has size 0
  default Picked median(int axis) {
    return picked("median", axis, self().value().median(axis));
  }

  /// The value below which a share `q` of the elements along `axis` lies; the axis disappears.
  /// Between two elements it is on the straight line: `x₍ᵢ₎ + f·(x₍ᵢ₊₁₎ − x₍ᵢ₎)` with `i + f = q·(n
  /// − 1)`, so that one has the gradient `1 − f`, the other `f`. NaN for a row with NaN, which has
  /// the gradient then.
  ///
  /// @throws DTypeException if this variable is not floating
  /// @throws ShapeException if `q` is not in `[0, 1]`, or the axis has size 0
  default Variable quantile(double q, int axis) {
    Tensor x = self().value();
    boolean refused = !(q >= 0 && q <= 1) || !x.dtype().isFloating() || x.size(axis) == 0;
    if (refused || !Variable.isRecorded(x, self())) {
      return Variable.constant(x.quantile(q, axis));
    }
    double place = q * (x.size(axis) - 1);
    int below = (int) place;
    Sorted sorted = x.sort(axis);
    Tensor last = sorted.values().select(axis, -1);
    Tensor isNaN = last.ne(last);
    Variable low = inOrder(sorted, axis, below, isNaN);
    if (below == place) {
      return low;
    }
    Variable high = inOrder(sorted, axis, below + 1, isNaN);
    return Operations.BETWEEN.apply(low, high, low.number(place - below));
  }

  // ---- what they share ------------------------------------------------------------------------

  private Picked picked(String name, int axis, Sorted sorted) {
    var gather = new SelectionOps.Gather(self().shape().axis(axis), sorted.indices(), name);
    return new Picked(Variable.known(gather, sorted.values(), self()), sorted.indices());
  }

  private Picked picked(String name, int axis, Chosen chosen) {
    return SelectionOps.picked(name, self(), axis, false, chosen);
  }

  /// Number `place` in the order; the last one, which is NaN then, of rows with NaN.
  private Variable inOrder(Sorted sorted, int axis, int place, Tensor isNaN) {
    Tensor indices = sorted.indices();
    Tensor index =
        Tensor.where(isNaN, indices.select(axis, -1), indices.select(axis, place)).unsqueeze(axis);
    var gather = new SelectionOps.Gather(self().shape().axis(axis), index, "kthvalue");
    return Variable.apply(gather, self()).squeeze(axis);
  }
}
