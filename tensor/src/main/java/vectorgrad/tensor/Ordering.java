package vectorgrad.tensor;

import static vectorgrad.numerics.Formula.constant;
import static vectorgrad.numerics.Formula.input;

import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;

/// Operations that put elements in order, or find their place in one.
///
/// The order is the same everywhere: equal elements keep the order they have in the tensor, −0 and
/// 0 are equal, and NaN is larger than every number, so it comes last, and first in falling order.
sealed interface Ordering permits Tensor {
  /// The programs behind the operations.
  final class Programs {
    private static final Formula X = input(0);
    private static final Formula Y = input(1);
    private static final Formula NAN_AFTER_NUMBER =
        Y.equalTo(Y).not().and(X.equalTo(X)); // in the order, NaN is above numbers
    static final Program BEFORE = Program.of(X.lessThan(Y).or(NAN_AFTER_NUMBER));
    static final Program NOT_AFTER = Program.of(X.lessOrEqual(Y).or(Y.equalTo(Y).not()));
    static final Program DIFFERENT =
        Program.of(X.equalTo(Y).not().and(X.equalTo(X).or(Y.equalTo(Y))));

    /// A share of the way from `x` to `y`; where they are equal, infinite ones too, exactly there.
    static final Program BETWEEN =
        Program.of(X.equalTo(Y).then(X, Y.minus(X).times(input(2)).plus(X)));

    /// `x` where it is a number, NaN where `y` is NaN.
    static final Program UNLESS_NAN = Program.of(Y.equalTo(Y).then(X, constant(Double.NaN)));

    private Programs() {}
  }

  private Tensor self() {
    return (Tensor) this;
  }

  /// The elements along `axis` in rising order, and where they were.
  default Sorted sort(int axis) {
    return sort(axis, false);
  }

  /// The elements along `axis` in rising order, in falling order if `descending`, and where they
  /// were. Equal elements keep their order in both. Costs n·log n comparisons for an axis of size
  /// n.
  default Sorted sort(int axis, boolean descending) {
    return sorted(argsort(axis, descending), axis);
  }

  /// I32: the places along `axis` of the elements in rising order.
  default Tensor argsort(int axis) {
    return argsort(axis, false);
  }

  /// I32: the places along `axis` of the elements in rising order, in falling order if
  /// `descending`. Equal elements keep their order in both.
  default Tensor argsort(int axis, boolean descending) {
    return first(self().size(axis), axis, descending);
  }

  /// The `k` largest elements along the last axis, the largest first, and where they were.
  default Sorted topk(int k) {
    return topk(k, -1, true);
  }

  /// The `k` largest elements along `axis` in falling order, or the `k` smallest in rising order if
  /// not `largest`, and where they were. Of equal elements the first ones are taken.
  ///
  /// @throws ShapeException if the axis has not as many
  default Sorted topk(int k, int axis, boolean largest) {
    Tensor x = self();
    int size = x.size(axis);
    if (k < 0 || k > size) {
      throw new ShapeException(
          Message.of("topk", "cannot take " + k + " of " + size + " elements")
              .row("shape", x.shape())
              .row("rule", "0 <= k <= the size of axis " + x.shape().axis(axis)),
          x.shape());
    }
    return sorted(first(k, axis, largest), axis);
  }

  /// The `k`-th smallest element along `axis`, counted from 1, and where it was; the axis
  /// disappears. Of equal elements the `k`-th in the order of [#sort].
  ///
  /// @throws ShapeException if the axis has not as many
  default Chosen kthvalue(int k, int axis) {
    Tensor x = self();
    int size = x.size(axis);
    if (k < 1 || k > size) {
      throw new ShapeException(
          Message.of("kthvalue", "there is no element " + k + " of " + size)
              .row("shape", x.shape())
              .row("rule", "1 <= k <= the size of axis " + x.shape().axis(axis)),
          x.shape());
    }
    Sorted sorted = sorted(first(k, axis, false), axis);
    return new Chosen(sorted.values().select(axis, k - 1), sorted.indices().select(axis, k - 1));
  }

  /// The element in the middle of the order along `axis`, and where it was; the axis disappears. Of
  /// two in the middle it is the lower one, as in PyTorch; `quantile(0.5, axis)` takes their mean,
  /// as NumPy's median does. A row with NaN gives its first NaN.
  ///
  /// @throws ShapeException if the axis has size 0
  default Chosen median(int axis) {
    Tensor x = self();
    int size = expectElements("median", axis);
    Tensor order = first(size, axis, false);
    Tensor middle = order.select(axis, (size - 1) / 2);
    if (x.dtype().isFloating()) {
      Tensor nans = x.ne(x).to(DType.I32); // the first NaN is the first largest
      Tensor isNaN = nans.max(axis).ne(0);
      middle = Tensor.where(isNaN, nans.argmax(axis), middle);
    }
    return new Chosen(x.gather(axis, middle.unsqueeze(axis)).squeeze(axis), middle);
  }

  /// The value below which a share `q` of the elements along `axis` lies; the axis disappears.
  /// Between two elements it is on the straight line: `x₍ᵢ₎ + f·(x₍ᵢ₊₁₎ − x₍ᵢ₎)` with `i + f = q·(n
  /// − 1)`. NaN for a row with NaN.
  ///
  /// @throws DTypeException if this tensor is not floating
  /// @throws ShapeException if `q` is not in `[0, 1]`, or the axis has size 0
  default Tensor quantile(double q, int axis) {
    Tensor x = self();
    if (!(q >= 0 && q <= 1)) {
      throw new ShapeException(
          Message.of("quantile", "there is no share of " + q).row("rule", "0 <= q <= 1"));
    }
    if (!x.dtype().isFloating()) {
      throw new DTypeException(
          Message.of("quantile", "needs floating numbers, found " + x.dtype())
              .row("help", "convert with to(DType.F64)"),
          x.shape());
    }
    int size = expectElements("quantile", axis);
    double place = q * (size - 1);
    int below = (int) place;
    Tensor sorted = sort(axis).values();
    Tensor low = sorted.select(axis, below);
    Tensor high = sorted.select(axis, below == place ? below : below + 1);
    Tensor share = Tensor.full(place - below, Shape.SCALAR, x.dtype(), x.device());
    Tensor between = Tensor.map(Programs.BETWEEN, low, high, share);
    return Tensor.map(Programs.UNLESS_NAN, between, sorted.select(axis, -1));
  }

  /// Every different element once, in rising order; which of them each element is; how often it is
  /// there. All NaN count as one, and −0 as 0.
  default Unique unique() {
    Tensor flat = self().flatten(0);
    int n = flat.size();
    Tensor order = flat.argsort(0);
    Tensor sorted = flat.gather(0, order);
    // an element is new if it differs from the one before; counting them gives each its number
    Tensor isNew = Tensor.full(1, Shape.of(n), DType.BOOL, flat.device());
    if (n > 1) {
      Tensor differs =
          Tensor.map(Programs.DIFFERENT, sorted.slice(0, 1, n), sorted.slice(0, 0, n - 1));
      isNew = Tensor.concat(0, isNew.slice(0, 0, 1), differs);
    }
    Tensor number = isNew.cumsum(0).to(DType.I32).sub(1);
    Tensor values = sorted.maskedSelect(isNew);
    Tensor inverse = number.scatterAdd(0, order, n).reshape(self().shape());
    return new Unique(values, inverse, number.bincount(values.size()));
  }

  /// I32: how many elements of this tensor, which is in rising order along its last axis, are
  /// smaller than each of the `values`; if `right`, how many are not larger. Put there, a value
  /// keeps the order.
  ///
  /// | | shape |
  /// |---|---|
  /// | this | (N), or (…, N) |
  /// | `values` | any, or (…, M) |
  /// | result | that of the values |
  ///
  /// A binary search, all values at once: log₂ N steps of one gather each.
  ///
  /// @throws ShapeException if this tensor is not a vector and differs from the values outside the
  ///   last axis
  default Tensor searchsorted(Tensor values, boolean right) {
    Tensor x = self();
    Device device = Tensor.commonDevice("searchsorted", x, values);
    if (x.rank() == 1) {
      return search(x, values.flatten(0), right, device).reshape(values.shape());
    }
    if (x.rank() == 0
        || x.rank() != values.rank()
        || !x.shape().with(-1, 0).equals(values.shape().with(-1, 0))) {
      throw new ShapeException(
          Message.of("searchsorted", "the values differ from the sorted rows outside the last axis")
              .row("sorted", x.shape())
              .row("values", values.shape())
              .row("help", "a sorted vector takes values of any shape"),
          x.shape(),
          values.shape());
    }
    return search(x, values, right, device);
  }

  private static Tensor search(Tensor sorted, Tensor values, boolean right, Device device) {
    int n = sorted.size(-1);
    Tensor place = Tensor.zeros(values.shape(), DType.I32, device);
    if (n == 0 || values.size() == 0) {
      return place;
    }
    Program goesOn = right ? Programs.NOT_AFTER : Programs.BEFORE;
    for (int step = Integer.highestOneBit(n); step > 0; step /= 2) {
      Tensor further = place.add(step);
      Tensor last = further.sub(1).minimum(Tensor.full(n - 1, Shape.SCALAR, DType.I32, device));
      Tensor before = Tensor.map(goesOn, sorted.gather(-1, last), values);
      Tensor fits = further.le(n);
      place = Tensor.where(fits, Tensor.where(before, further, place), place);
    }
    return place;
  }

  // ---- what they share ------------------------------------------------------------------------

  /// The places of the first `k` elements in order along `axis`.
  private Tensor first(int k, int axis, boolean descending) {
    Tensor x = self();
    int a = x.shape().axis(axis);
    Tensor result = Tensor.uninitialized(x.shape().with(a, k), DType.I32, x.device());
    if (result.size() > 0) {
      x.device().backend().argsort(Scans.widened(x), a, descending, result);
    }
    return result;
  }

  private Sorted sorted(Tensor indices, int axis) {
    return new Sorted(self().gather(axis, indices), indices);
  }

  private int expectElements(String operation, int axis) {
    Shape shape = self().shape();
    if (shape.get(axis) == 0) {
      throw new ShapeException(
          Message.of(operation, "there is nothing to choose from")
              .row("shape", shape)
              .row("rule", "an axis of size 0 has no middle"),
          shape);
    }
    return shape.get(axis);
  }
}
