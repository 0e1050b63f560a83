package vectorgrad.tensor;

/// Operations that count elements by what they are.
sealed interface Counting permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  /// I32: how often each of the numbers 0, 1, … is among the elements, up to the largest one; at
  /// least `minLength` counts.
  ///
  /// @throws DTypeException if the elements are not i32 or i64
  /// @throws IndexException if an element is negative
  default Tensor bincount(int minLength) {
    Tensor ones = Tensor.full(1, Shape.SCALAR, DType.I32, self().device());
    return binned(ones.expand(self().shape()), minLength);
  }

  /// The sums of the `weights` of the elements that are 0, 1, … up to the largest; at least
  /// `minLength` sums, each added up in row-major order.
  ///
  /// @throws ShapeException if there is not a weight for each element
  /// @throws IndexException if an element is negative
  default Tensor bincount(Tensor weights, int minLength) {
    if (!weights.shape().equals(self().shape())) {
      throw new ShapeException(
          Message.of("bincount", "needs a weight for each element")
              .row("shape", self().shape())
              .row("weights", weights.shape()),
          self().shape(),
          weights.shape());
    }
    return binned(weights, minLength);
  }

  private Tensor binned(Tensor weights, int minLength) {
    Tensor x = self();
    int largest = x.size() == 0 ? -1 : (int) Places.of("bincount", x).max().item();
    Tensor places =
        Places.within("bincount", x, x, "the numbers from 0 to " + largest, largest + 1);
    return weights
        .flatten(0)
        .scatterAdd(0, places.flatten(0), Math.max(minLength, Math.addExact(largest, 1)));
  }

  /// How many elements are in each of `bins` ranges of equal width from the smallest to the
  /// largest.
  ///
  /// @throws ShapeException if there is no element, or one is not finite
  default Histogram histogram(int bins) {
    Tensor x = self();
    return histogram(
        bins,
        x.size() == 0 ? Double.NaN : x.min().item(),
        x.size() == 0 ? Double.NaN : x.max().item());
  }

  /// How many elements are in each of `bins` ranges of equal width between `from` and `to`. A range
  /// includes its lower edge, the last one its upper edge as well; elements outside, and NaN, are
  /// not counted. Where `from` equals `to`, the ranges reach half a unit to both sides.
  ///
  /// @throws ShapeException if there are no bins, or `from` and `to` are no finite range
  default Histogram histogram(int bins, double from, double to) {
    Tensor x = self();
    if (bins < 1 || !(from <= to) || !Double.isFinite(to - from)) {
      throw new ShapeException(
          Message.of("histogram", "there are no " + bins + " bins from " + from + " to " + to)
              .row("rule", "at least one bin, and a finite range"),
          x.shape());
    }
    double low = from < to ? from : from - 0.5;
    double high = from < to ? to : to + 0.5;
    double[] edges = new double[bins + 1];
    for (int i = 0; i <= bins; i++) {
      edges[i] = i == bins ? high : low + i * ((high - low) / bins);
    }
    Tensor limits = Tensor.of(edges).to(x.device());
    Tensor flat = x.flatten(0).to(DType.F64);
    // the number of edges up to an element: 0 below them all, one more for each bin
    Tensor bin = limits.searchsorted(flat, true);
    Tensor atTheEnd = flat.eq(high);
    bin = Tensor.where(atTheEnd, bin.sub(1), bin);
    bin = Tensor.where(flat.eq(flat), bin, Tensor.full(0, Shape.SCALAR, DType.I32, x.device()));
    Tensor counts = bin.bincount(bins + 2).slice(0, 1, bins + 1);
    return new Histogram(counts, limits);
  }

  /// Vectors with a 1 at the place each element names and 0 elsewhere, along a new last axis of
  /// size `classes`, in this tensor's dtype.
  ///
  /// | | shape |
  /// |---|---|
  /// | this | (…) i32 or i64 |
  /// | result | (…, `classes`) |
  ///
  /// @throws IndexException if an element is not in `[0, classes)`
  default Tensor oneHot(int classes) {
    return oneHot(classes, self().dtype());
  }

  /// Vectors with a 1 at the place each element names, as [#oneHot(int)], in another `dtype`.
  ///
  /// @throws IndexException if an element is not in `[0, classes)`
  default Tensor oneHot(int classes, DType dtype) {
    Tensor x = self();
    Tensor places = Places.within("oneHot", x, x, classes + " classes", classes);
    Tensor each = Tensor.arange(classes, DType.I32).to(x.device());
    return places.unsqueeze(-1).eq(each).to(dtype);
  }
}
