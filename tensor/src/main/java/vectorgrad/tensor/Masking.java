package vectorgrad.tensor;

/// Operations that choose elements by truth: a mask is a BOOL tensor, true where an element counts.
///
/// How many elements a mask chooses is known only when it is looked at, so [#maskedSelect],
/// [#indexBy] and [#nonzero] read one number from the device. They find the chosen places by a sum
/// along the mask, which numbers them, and a scatter.
sealed interface Masking permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  /// The elements where `mask` is true, in row-major order: a vector. The mask and this tensor
  /// broadcast to each other.
  ///
  /// @throws DTypeException if the mask is not BOOL
  default Tensor maskedSelect(Tensor mask) {
    Tensor x = self();
    Tensor.expectDType("maskedSelect", DType.BOOL, mask);
    Tensor.commonDevice("maskedSelect", x, mask);
    Shape shape = Shape.broadcast("maskedSelect", x.shape(), mask.shape());
    return x.expand(shape).flatten(0).indexSelect(0, places(mask.expand(shape)));
  }

  /// A copy with `value` where `mask` is true; the mask broadcasts to this tensor.
  ///
  /// @throws DTypeException if the mask is not BOOL
  default Tensor maskedFill(Tensor mask, double value) {
    Tensor x = self();
    Tensor.expectDType("maskedFill", DType.BOOL, mask);
    Tensor fill = Tensor.full(value, Shape.SCALAR, x.dtype(), x.device());
    return Tensor.where(mask.expand(x.shape()), fill, x);
  }

  /// A copy with the number in `value`, a tensor without axes, where `mask` is true; the mask
  /// broadcasts to this tensor.
  ///
  /// @throws DTypeException if the mask is not BOOL, or the value has another dtype
  /// @throws ShapeException if the value is no single number
  default Tensor maskedFill(Tensor mask, Tensor value) {
    Tensor x = self();
    Tensor.expectDType("maskedFill", DType.BOOL, mask);
    Tensor.expectDType("maskedFill", x.dtype(), value);
    if (value.rank() != 0) {
      throw new ShapeException(
          Message.of("maskedFill", "needs one number, found " + value.shape())
              .row("help", "where(mask, value, x) broadcasts, maskedScatter takes one by one"),
          x.shape(),
          value.shape());
    }
    return Tensor.where(mask.expand(x.shape()), value, x);
  }

  /// A copy with the elements of `source` in row-major order, one after the other, where `mask` is
  /// true; the mask broadcasts to this tensor. Onto zeros, it is the adjoint of [#maskedSelect].
  ///
  /// @throws DTypeException if the mask is not BOOL, or the source has another dtype
  /// @throws ShapeException if the source has fewer elements than the mask is true
  default Tensor maskedScatter(Tensor mask, Tensor source) {
    Tensor x = self();
    Tensor.expectDType("maskedScatter", DType.BOOL, mask);
    Tensor.expectDType("maskedScatter", x.dtype(), source);
    Tensor.commonDevice("maskedScatter", x, mask, source);
    Tensor places = places(mask.expand(x.shape()));
    if (source.size() < places.size()) {
      throw new ShapeException(
          Message.of(
                  "maskedScatter",
                  "has " + source.size() + " elements for " + places.size() + " places")
              .row("mask", mask.shape())
              .row("source", source.shape()),
          mask.shape(),
          source.shape());
    }
    Tensor elements = source.flatten(0).slice(0, 0, places.size());
    return x.flatten(0).scatter(0, places, elements).reshape(x.shape());
  }

  /// The parts where `mask`, which covers the first axes, is true: as `x[mask]` in NumPy.
  ///
  /// | | shape |
  /// |---|---|
  /// | this | (…S, …rest) |
  /// | `mask` | S |
  /// | result | (number of trues, …rest) |
  ///
  /// @throws DTypeException if the mask is not BOOL
  /// @throws ShapeException if the mask has not the sizes of the first axes
  default Tensor indexBy(Tensor mask) {
    Tensor x = self();
    Tensor.expectDType("indexBy", DType.BOOL, mask);
    Tensor.commonDevice("indexBy", x, mask);
    int axes = mask.rank();
    boolean fits = axes <= x.rank();
    for (int axis = 0; fits && axis < axes; axis++) {
      fits = mask.size(axis) == x.size(axis);
    }
    if (!fits) {
      throw new ShapeException(
          Message.of("indexBy", "the mask does not cover the first axes")
              .row("shape", x.shape())
              .row("mask", mask.shape())
              .row("help", "maskedSelect(mask) broadcasts"),
          x.shape(),
          mask.shape());
    }
    Tensor parts = axes == 0 ? x.unsqueeze(0) : x.flatten(0, axes - 1);
    return parts.indexSelect(0, places(mask));
  }

  /// I32 (number of nonzero elements, rank): the indices of the elements that are not 0, in
  /// row-major order. NaN is not 0.
  default Tensor nonzero() {
    Tensor x = self();
    Tensor places = places(isNonzero(x));
    if (x.rank() == 0) {
      return Tensor.zeros(Shape.of(places.size(), 0), DType.I32, x.device());
    }
    Tensor[] coordinates = new Tensor[x.rank()];
    for (int axis = 0; axis < coordinates.length; axis++) {
      // an element's index on an axis: the numbers 0, 1, … along it, repeated over all others
      Tensor along = Tensor.arange(x.size(axis), DType.I32).to(x.device());
      for (int i = axis + 1; i < x.rank(); i++) {
        along = along.unsqueeze(-1);
      }
      coordinates[axis] = along.expand(x.shape()).flatten(0).indexSelect(0, places);
    }
    return Tensor.stack(1, coordinates);
  }

  /// [#nonzero], by the other name it has.
  default Tensor argwhere() {
    return nonzero();
  }

  /// I32: how many elements over `axes`, which disappear, are not 0; over everything without axes.
  /// NaN is not 0.
  default Tensor countNonzero(int... axes) {
    return isNonzero(self()).to(DType.I32).sum(axes).to(DType.I32);
  }

  private static Tensor isNonzero(Tensor x) {
    return x.dtype() == DType.BOOL ? x : x.ne(0);
  }

  /// I32: the places in row-major order where `mask` is true. Each true element is written at the
  /// number of those before it; the others all go to a place behind the last, which is cut off.
  private static Tensor places(Tensor mask) {
    Tensor flat = mask.flatten(0);
    if (flat.size() == 0) {
      return Tensor.zeros(Shape.of(0), DType.I32, mask.device());
    }
    Tensor number = flat.cumsum(0).to(DType.I32);
    int count = (int) number.select(0, -1).item();
    Tensor behind = Tensor.full(count, Shape.SCALAR, DType.I32, mask.device());
    Tensor target = Tensor.where(flat, number.sub(1), behind);
    return Tensor.arange(flat.size(), DType.I32)
        .to(mask.device())
        .scatterAdd(0, target, count + 1)
        .slice(0, 0, count);
  }
}
