package vectorgrad.tensor;

import vectorgrad.tensor.spi.Scan;

/// Operations whose every element sums up the elements before it along an axis. Shapes stay.
///
/// A row is joined from its first element to its last, floating numbers in float64 and rounded once
/// as they are stored, whole numbers in int64, which wraps around. From a NaN on, all is NaN.
sealed interface Scans permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /// The sums up to each element along `axis`: `yᵢ = x₀ + … + xᵢ`. Of whole numbers and truth
  /// values, in i64.
  default Tensor cumsum(int axis) {
    return scanned(Scan.SUM, axis);
  }

  /// The products up to each element along `axis`: `yᵢ = x₀ · … · xᵢ`. Of whole numbers and truth
  /// values, in i64.
  default Tensor cumprod(int axis) {
    return scanned(Scan.PROD, axis);
  }

  /// The largest up to each element along `axis`, and where it is: the last of equals, the last NaN
  /// once there is one, as PyTorch has it.
  default Chosen cummax(int axis) {
    return extremes(Scan.ARGMAX, axis);
  }

  /// The smallest up to each element along `axis`, and where it is: the last of equals, the last
  /// NaN once there is one, as PyTorch has it.
  default Chosen cummin(int axis) {
    return extremes(Scan.ARGMIN, axis);
  }

  /// The logarithms of the sums of exponentials up to each element along `axis`: `yᵢ = log(eˣ⁰ + …
  /// + eˣⁱ)`, computed from the larger part, so that nothing overflows.
  ///
  /// @throws DTypeException if this tensor is not floating
  default Tensor logcumsumexp(int axis) {
    expectFloating("logcumsumexp", self().dtype());
    return scanned(Scan.LOGSUMEXP, axis);
  }

  /// The linear recurrence along `axis`: `y₀ = x₀`, `yᵢ = xᵢ + fᵢ₋₁·yᵢ₋₁`, with a factor between
  /// each two neighbours: `factors` broadcast to the shape with `axis` one shorter. With factors of
  /// 1 it is [#cumsum]; a single factor makes it a moving average that forgets exponentially; what
  /// gradients of scans flow back through, too.
  ///
  /// @throws DTypeException if neither tensor is floating
  /// @throws ShapeException if the factors do not broadcast to one between each two neighbours
  default Tensor recurrence(int axis, Tensor factors) {
    DType dtype = Tensor.promote("recurrence", self(), factors);
    expectFloating("recurrence", dtype);
    Device device = Tensor.commonDevice("recurrence", self(), factors);
    int a = self().shape().axis(axis);
    Shape between = self().shape().with(a, Math.max(0, self().size(a) - 1));
    if (!Shape.broadcast("recurrence", factors.shape(), between).equals(between)) {
      throw new ShapeException(
          Message.of("recurrence", "needs a factor between each two neighbours")
              .row("shape", self().shape())
              .row("factors", factors.shape())
              .row("rule", "they broadcast to " + between),
          self().shape(),
          factors.shape());
    }
    Tensor x = widened(self().to(dtype));
    if (between.size() == 0) {
      return self().to(dtype);
    }
    Tensor result = Tensor.uninitialized(x.shape(), x.dtype(), device);
    device.backend().recurrence(x, a, widened(factors.to(dtype)).expand(between), result);
    return result.to(dtype);
  }

  private void expectFloating(String operation, DType dtype) {
    if (!dtype.isFloating()) {
      throw new DTypeException(
          Message.of(operation, "needs floating numbers, found " + dtype)
              .row("shape", self().shape())
              .row("help", "convert with to(DType.F64)"),
          self().shape());
    }
  }

  /// The differences of neighbours along `axis`, which becomes one shorter: `yᵢ = xᵢ₊₁ − xᵢ`. Of
  /// truth values, whether they differ.
  default Tensor diff(int axis) {
    return diff(1, axis);
  }

  /// The differences of neighbours along `axis`, taken `n` times; the axis becomes `n` shorter, or
  /// empty.
  ///
  /// @throws ShapeException if `n` is negative
  default Tensor diff(int n, int axis) {
    if (n < 0) {
      throw new ShapeException("diff", "cannot be taken " + n + " times", self().shape());
    }
    Tensor y = self();
    for (int i = 0; i < n && y.size(axis) > 0; i++) {
      Tensor next = y.slice(axis, 1, Slice.END);
      Tensor before = y.slice(axis, 0, y.size(axis) - 1);
      y = y.dtype() == DType.BOOL ? next.ne(before) : next.sub(before);
    }
    return y;
  }

  private Tensor scanned(Scan scan, int axis) {
    DType dtype = self().dtype();
    Tensor x = dtype.isFloating() ? widened(self()) : self().to(DType.I64);
    int a = x.shape().axis(axis);
    Tensor result = Tensor.uninitialized(x.shape(), x.dtype(), x.device());
    if (x.size() > 0) {
      x.device().backend().scan(x, a, scan, result);
    }
    return dtype.isFloating() ? result.to(dtype) : result;
  }

  private Chosen extremes(Scan scan, int axis) {
    Tensor x = self();
    int a = x.shape().axis(axis);
    Tensor indices = Tensor.uninitialized(x.shape(), DType.I32, x.device());
    if (x.size() > 0) {
      x.device().backend().scan(widened(x), a, scan, indices);
    }
    return new Chosen(x.gather(a, indices), indices);
  }

  /// In one of the dtypes that backends sort and scan, F32, F64, I32 and I64, which keeps every
  /// number as it is.
  static Tensor widened(Tensor x) {
    DType dtype = x.dtype();
    return dtype.bytes() >= 4 ? x : x.to(dtype.isFloating() ? DType.F32 : DType.I32);
  }
}
