package vectorgrad.tensor;

import java.util.Arrays;
import vectorgrad.tensor.spi.Scatter;

/// Operations that choose elements, or places for them, by tensors of indices.
///
/// Indices are whole numbers, i32 or i64, and count from 0; negative ones are refused everywhere.
/// Where elements meet at one place, they come in row-major order, so results never depend on
/// threads. What is written goes into a copy.
sealed interface Indexing permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  // ---- along an axis, an index for every element ----------------------------------------------

  /// `result[…, i, …] = this[…, index[…, i, …], …]` along `axis`.
  ///
  /// | | shape |
  /// |---|---|
  /// | this | (…, N, …) |
  /// | `index` | (…, M, …), equal outside `axis` |
  /// | result | (…, M, …) |
  ///
  /// @throws ShapeException if the index differs from this tensor outside `axis`
  /// @throws IndexException if an index lies outside the axis
  default Tensor gather(int axis, Tensor index) {
    Tensor x = self();
    int a = x.shape().axis(axis);
    checkIndex("gather", x, a, index);
    return gathered("gather", x, a, index, index);
  }

  /// [#gather] after this tensor and the indices are broadcast to each other outside `axis`: for
  /// what `argsort(axis)` or `argmax(axis).unsqueeze(axis)` found.
  ///
  /// @throws ShapeException if they do not broadcast
  /// @throws IndexException if an index lies outside the axis
  default Tensor takeAlongDim(Tensor indices, int axis) {
    Tensor x = self();
    int a = x.shape().axis(axis);
    if (indices.rank() != x.rank()) {
      throw differs("takeAlongDim", "the indices have another number of axes", x, indices);
    }
    Shape outside =
        Shape.broadcast("takeAlongDim", x.shape().with(a, 1), indices.shape().with(a, 1));
    return x.expand(outside.with(a, x.size(a)))
        .gather(a, indices.expand(outside.with(a, indices.size(a))));
  }

  /// A copy with the elements of `source` written at the places `index` names along `axis`:
  /// `result[…, index[…, i, …], …] = source[…, i, …]`. Of several for one place, the last one in
  /// row-major order stays.
  ///
  /// | | shape |
  /// |---|---|
  /// | this, result | (…, N, …) |
  /// | `index`, `source` | (…, M, …), equal outside `axis` |
  ///
  /// @throws ShapeException if the source has another shape than the index, or the index differs
  ///   from this tensor outside `axis`
  /// @throws DTypeException if the source has another dtype than this tensor
  /// @throws IndexException if an index lies outside the axis
  default Tensor scatter(int axis, Tensor index, Tensor source) {
    return scattered("scatter", axis, index, source, Scatter.WRITE);
  }

  /// A copy with `value` written at the places `index` names along `axis`.
  ///
  /// @throws IndexException if an index lies outside the axis
  default Tensor scatter(int axis, Tensor index, double value) {
    Tensor x = self();
    Tensor one = Tensor.full(value, Shape.SCALAR, x.dtype(), x.device());
    return scatter(axis, index, one.expand(index.shape()));
  }

  /// A copy with the elements of `source` added at the places `index` names along `axis`; shapes as
  /// for [#scatter(int, Tensor, Tensor)]. Added one by one in row-major order of the source.
  ///
  /// @throws IndexException if an index lies outside the axis
  default Tensor scatterAdd(int axis, Tensor index, Tensor source) {
    Tensor x = self();
    int a = x.shape().axis(axis);
    checkScatter("scatterAdd", x, a, index, source);
    return added("scatterAdd", source, a, index, x.copy(), index);
  }

  /// Zeros with this tensor's elements added at the places `index` (of this shape) names along
  /// `axis`, whose size becomes `size`: the adjoint of [#gather]. Elements that meet are added in
  /// row-major order.
  ///
  /// @throws IndexException if an index lies outside the axis
  default Tensor scatterAdd(int axis, Tensor index, int size) {
    Tensor x = self();
    int a = x.shape().axis(axis);
    Tensor zeros = Tensor.zeros(x.shape().with(a, size), x.dtype(), x.device());
    checkScatter("scatterAdd", zeros, a, index, x);
    return added("scatterAdd", x, a, index, zeros, index);
  }

  /// A copy whose element at every place that `index` names along `axis` is joined with the
  /// elements of `source` that go there; the others stay. Shapes as for [#scatter(int, Tensor,
  /// Tensor)].
  ///
  /// @throws DTypeException if the reduction is MEAN and the numbers are whole
  /// @throws IndexException if an index lies outside the axis
  default Tensor scatterReduce(int axis, Tensor index, Tensor source, ScatterReduction reduction) {
    return switch (reduction) {
      case SUM -> scatterAdd(axis, index, source);
      case PROD -> scattered("scatterReduce", axis, index, source, Scatter.PROD);
      case MAX -> scattered("scatterReduce", axis, index, source, Scatter.MAX);
      case MIN -> scattered("scatterReduce", axis, index, source, Scatter.MIN);
      case MEAN -> {
        Tensor x = self();
        if (!x.dtype().isFloating()) {
          throw new DTypeException(
              Message.of("scatterReduce", "the mean of " + x.dtype() + " is no " + x.dtype())
                  .row("help", "convert with to(DType.F64)"),
              x.shape());
        }
        Tensor one = Tensor.full(1, Shape.SCALAR, x.dtype(), x.device());
        Tensor counts = one.expand(x.shape()).scatterAdd(axis, index, one.expand(index.shape()));
        yield scatterAdd(axis, index, source).div(counts);
      }
    };
  }

  // ---- along an axis, an index for every part -------------------------------------------------

  /// The parts of this tensor that the vector `indices` names along `axis`, in that order, in a
  /// copy.
  ///
  /// @throws ShapeException if the indices are no vector
  /// @throws IndexException if an index lies outside the axis
  default Tensor indexSelect(int axis, Tensor indices) {
    Tensor x = self();
    int a = x.shape().axis(axis);
    return gathered("indexSelect", x, a, alongAxis("indexSelect", x.shape(), a, indices), indices);
  }

  /// Zeros with the parts of this tensor added at the places the vector `indices` names along
  /// `axis`, whose size becomes `size`: the adjoint of [#indexSelect].
  ///
  /// @throws IndexException if an index lies outside the axis
  default Tensor indexAdd(int axis, Tensor indices, int size) {
    Tensor x = self();
    Tensor zeros = Tensor.zeros(x.shape().with(axis, size), x.dtype(), x.device());
    return indexAdded(zeros, axis, indices, x);
  }

  /// A copy with the parts of `source` added at the places the vector `indices` names along `axis`,
  /// one after the other.
  ///
  /// @throws IndexException if an index lies outside the axis
  default Tensor indexAdd(int axis, Tensor indices, Tensor source) {
    return indexAdded(self().copy(), axis, indices, source);
  }

  // ---- by place in row-major order ------------------------------------------------------------

  /// The elements at the places `index` of this tensor in row-major order, in the shape of the
  /// index.
  ///
  /// @throws IndexException if there are not as many elements
  default Tensor take(Tensor index) {
    Tensor x = self();
    Tensor.commonDevice("take", x, index);
    Tensor places = Places.within("take", index, x, x.size() + " elements", x.size());
    return gathered("take", x.flatten(0), 0, places.flatten(0), index).reshape(index.shape());
  }

  /// A copy with the elements of `source` written at the places `index` of this tensor in row-major
  /// order, or added to what is there if `accumulate`. Of several for one place, the last one
  /// stays.
  ///
  /// @throws ShapeException if the source has another shape than the index
  /// @throws IndexException if there are not as many elements
  default Tensor put(Tensor index, Tensor source, boolean accumulate) {
    Tensor x = self();
    Tensor.commonDevice("put", x, index, source);
    Places.within("put", index, x, x.size() + " elements", x.size());
    if (!index.shape().equals(source.shape())) {
      throw differs("put", "the index has another shape than the source", source, index);
    }
    Tensor flat = x.flatten(0);
    Tensor places = index.flatten(0);
    Tensor values = source.flatten(0);
    return (accumulate ? flat.scatterAdd(0, places, values) : flat.scatter(0, places, values))
        .reshape(x.shape());
  }

  // ---- by an index for each of the first axes -------------------------------------------------

  /// The parts that `indices` name on the first axes together, one tensor for each axis, as `x[i,
  /// j]` with arrays `i` and `j` in NumPy.
  ///
  /// | | shape |
  /// |---|---|
  /// | this | (N₁, …, Nₖ, …rest) |
  /// | `indices` | k tensors that broadcast to one shape S |
  /// | result | (…S, …rest) |
  ///
  /// ```java
  /// table.index(tokens); // (batch, length) of rows: (batch, length, features)
  /// image.index(rows, columns); // single pixels
  /// ```
  ///
  /// @throws ShapeException if there are more indices than axes, or they do not broadcast
  /// @throws IndexException if an index lies outside its axis
  default Tensor index(Tensor... indices) {
    Tensor x = self();
    Tensor places = joined("index", x, indices);
    int[] sizes = resultSizes(x, places, indices.length);
    return leading(x, indices.length).indexSelect(0, places.flatten(0)).reshape(Shape.of(sizes));
  }

  /// A copy with `source` written at the parts that `indices` name as in [#index], or added to what
  /// is there if `accumulate`. The source broadcasts to them; of several for one place, the last
  /// one stays.
  ///
  /// @throws ShapeException if the source does not broadcast to the parts
  /// @throws IndexException if an index lies outside its axis
  default Tensor indexPut(Tensor source, boolean accumulate, Tensor... indices) {
    Tensor x = self();
    Tensor places = joined("indexPut", x, indices);
    Tensor rows = leading(x, indices.length);
    Tensor parts = source.expand(Shape.of(resultSizes(x, places, indices.length)));
    Tensor values = parts.reshape(rows.shape().with(0, places.size()));
    Tensor along = alongAxis("indexPut", rows.shape(), 0, places.flatten(0));
    return (accumulate ? rows.scatterAdd(0, along, values) : rows.scatter(0, along, values))
        .reshape(x.shape());
  }

  // ---- what they share ------------------------------------------------------------------------

  /// Runs the verb; errors name the `shown` index, which the `index` was made from.
  private static Tensor gathered(String operation, Tensor x, int axis, Tensor index, Tensor shown) {
    Tensor.commonDevice(operation, x, index);
    Tensor places = Places.of(operation, index);
    Tensor result = Tensor.uninitialized(index.shape(), x.dtype(), x.device());
    if (result.size() > 0) {
      Places.run(
          operation,
          shown,
          x,
          axis,
          x.size(axis),
          () -> x.device().backend().gather(x, axis, places, result));
    }
    return result;
  }

  private static Tensor added(
      String operation, Tensor source, int axis, Tensor index, Tensor result, Tensor shown) {
    if (source.dtype() == DType.BOOL) {
      throw new DTypeException(
          Message.of(operation, "needs numbers, found bool")
              .row("help", "convert with to(DType.I32) to count"),
          source.shape());
    }
    if (result.dtype().isHalf()) { // summed in F32, and rounded once
      DType wide = result.dtype().widened();
      return added(operation, source.to(wide), axis, index, result.to(wide), shown)
          .to(result.dtype());
    }
    Tensor places = Places.of(operation, index);
    if (source.size() > 0) {
      Places.run(
          operation,
          shown,
          result,
          axis,
          result.size(axis),
          () -> source.device().backend().scatterAdd(source, axis, places, result));
    }
    return result;
  }

  private static Tensor indexAdded(Tensor onto, int axis, Tensor indices, Tensor source) {
    int a = onto.shape().axis(axis);
    Tensor along = alongAxis("indexAdd", source.shape(), a, indices);
    checkScatter("indexAdd", onto, a, along, source);
    return added("indexAdd", source, a, along, onto, indices);
  }

  private Tensor scattered(
      String operation, int axis, Tensor index, Tensor source, Scatter scatter) {
    Tensor x = self();
    int a = x.shape().axis(axis);
    checkScatter(operation, x, a, index, source);
    Tensor places = Places.of(operation, index);
    Tensor values = Scans.widened(source);
    Tensor wide = Scans.widened(x);
    Tensor result = wide == x ? x.copy() : wide;
    if (source.size() > 0) {
      Places.run(
          operation,
          index,
          x,
          a,
          x.size(a),
          () -> x.device().backend().scatter(values, a, places, scatter, result));
    }
    return result.to(x.dtype());
  }

  private static Tensor alongAxis(String operation, Shape shape, int axis, Tensor indices) {
    if (indices.rank() != 1) {
      throw new ShapeException(
          operation, "needs a vector of indices, found " + indices.shape(), shape, indices.shape());
    }
    Tensor wide = indices;
    for (int i = axis + 1; i < shape.rank(); i++) {
      wide = wide.unsqueeze(wide.rank());
    }
    return wide.expand(shape.with(axis, indices.size()));
  }

  /// The places that one index for each of the first axes names among all of their parts.
  private static Tensor joined(String operation, Tensor x, Tensor[] indices) {
    if (indices.length == 0 || indices.length > x.rank()) {
      throw new ShapeException(
          Message.of(operation, indices.length + " indices for " + x.rank() + " axes")
              .row("shape", x.shape())
              .row("rule", "one for each of the first axes, at least one"),
          x.shape());
    }
    Tensor.commonDevice(operation, x, indices[0]);
    Tensor places = Tensor.zeros(Shape.SCALAR, DType.I32, x.device());
    for (int axis = 0; axis < indices.length; axis++) {
      int size = x.size(axis);
      String where = "axis " + axis + " of size " + size;
      Tensor index = Places.within(operation, indices[axis], x, where, size);
      places = places.mul(size).add(index);
    }
    return places;
  }

  /// This tensor with its first `axes` axes as one.
  private static Tensor leading(Tensor x, int axes) {
    return x.flatten(0, axes - 1);
  }

  private static int[] resultSizes(Tensor x, Tensor places, int axes) {
    int[] sizes = Arrays.copyOf(places.shape().toArray(), places.rank() + x.rank() - axes);
    for (int axis = axes; axis < x.rank(); axis++) {
      sizes[places.rank() + axis - axes] = x.size(axis);
    }
    return sizes;
  }

  private static void checkIndex(String operation, Tensor x, int axis, Tensor index) {
    if (index.rank() != x.rank() || !index.shape().with(axis, 0).equals(x.shape().with(axis, 0))) {
      throw differs(operation, "the index differs from the values outside axis " + axis, x, index);
    }
  }

  private static void checkScatter(
      String operation, Tensor onto, int axis, Tensor index, Tensor source) {
    Tensor.commonDevice(operation, onto, index, source);
    Tensor.expectDType(operation, onto.dtype(), source);
    if (!index.shape().equals(source.shape())) {
      throw differs(operation, "the index has another shape than the values", source, index);
    }
    checkIndex(operation, onto, axis, index);
  }

  private static ShapeException differs(String operation, String how, Tensor x, Tensor index) {
    return new ShapeException(
        Message.of(operation, how).row("values", x.shape()).row("index", index.shape()),
        x.shape(),
        index.shape());
  }
}
