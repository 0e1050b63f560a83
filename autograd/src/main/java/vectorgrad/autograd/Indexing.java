package vectorgrad.autograd;

import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.IndexException;
import vectorgrad.tensor.ScatterReduction;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// Operations of a [Variable] that pick or place elements by tensors of indices: see [SelectionOps]
/// and [ScatterOps].
///
/// Indices are whole numbers, i32 or i64, count from 0, and are constants. What is picked twice has
/// the sum of both gradients. What places elements has gradients for both, those that were there
/// and those of the source. Where several are written to one place, the last one in row-major order
/// stays, and it alone has the gradient; in PyTorch it is not settled which one stays, and all of
/// them have the gradient.
sealed interface Indexing permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  // ---- along an axis, an index for every element ----------------------------------------------

  /// `result[…, i, …] = this[…, index[…, i, …], …]` along `axis`; shapes equal outside it. Each
  /// element has the sum of the gradients of where it went.
  ///
  /// @throws ShapeException if the index differs from this variable outside `axis`
  /// @throws IndexException if an index lies outside the axis
  default Variable gather(int axis, Tensor index) {
    return Variable.apply(new SelectionOps.Gather(self().shape().axis(axis), index), self());
  }

  /// [#gather] after this variable and the indices are broadcast to each other outside `axis`: for
  /// what `argsort(axis)` or `argmax(axis).unsqueeze(axis)` found.
  ///
  /// @throws ShapeException if they do not broadcast
  /// @throws IndexException if an index lies outside the axis
  default Variable takeAlongDim(Tensor indices, int axis) {
    Variable x = self();
    Tensor y = x.value().takeAlongDim(indices, axis);
    var gather =
        new SelectionOps.Gather(x.shape().axis(axis), indices.expand(y.shape()), "takeAlongDim");
    return Variable.known(gather, y, x.expand(y.shape().with(axis, x.size(axis))));
  }

  /// A copy with the elements of `source` written at the places `index` names along `axis`:
  /// `result[…, index[…, i, …], …] = source[…, i, …]`. Of several for one place, the last one in
  /// row-major order stays, and has the gradient; what was written over has 0.
  ///
  /// @throws ShapeException if the source has another shape than the index, or the index differs
  ///   from this variable outside `axis`
  /// @throws DTypeException if the source has another dtype than this variable
  /// @throws IndexException if an index lies outside the axis
  default Variable scatter(int axis, Tensor index, Variable source) {
    Variable x = self();
    Tensor y = x.value().scatter(axis, index, source.value());
    return ScatterOps.placed("scatter", x, axis, index, source, false, y);
  }

  /// A copy with `value` written at the places `index` names along `axis`; what was there has
  /// gradient 0.
  ///
  /// @throws IndexException if an index lies outside the axis
  default Variable scatter(int axis, Tensor index, double value) {
    Variable x = self();
    Tensor y = x.value().scatter(axis, index, value);
    Variable source = x.number(value).expand(index.shape());
    return ScatterOps.placed("scatter", x, axis, index, source, false, y);
  }

  /// A copy with the elements of `source` added at the places `index` names along `axis`; shapes as
  /// for [#scatter(int, Tensor, Variable)].
  ///
  /// @throws IndexException if an index lies outside the axis
  default Variable scatterAdd(int axis, Tensor index, Variable source) {
    Variable x = self();
    Tensor y = x.value().scatterAdd(axis, index, source.value());
    return ScatterOps.placed("scatterAdd", x, axis, index, source, true, y);
  }

  /// Zeros with this variable's elements added at the places `index` (of this shape) names along
  /// `axis`, whose size becomes `size`: the adjoint of [#gather].
  ///
  /// @throws IndexException if an index lies outside the axis
  default Variable scatterAdd(int axis, Tensor index, int size) {
    return Variable.apply(
        new SelectionOps.ScatterAdd(self().shape().axis(axis), index, size), self());
  }

  /// A copy whose element at every place that `index` names along `axis` is joined with the
  /// elements of `source` that go there; the others stay. Shapes as for [#scatter(int, Tensor,
  /// Variable)].
  ///
  /// | reduction | gradient of an element that joins in |
  /// |---|---|
  /// | `SUM` | `dy` |
  /// | `MEAN` | `dy` over how many join, that which was there included |
  /// | `PROD` | `dy` times the others, without a division: right with any number of zeros |
  /// | `MAX`, `MIN` | `dy`, shared evenly by those that equal the extreme; 0 for the others |
  ///
  /// These are PyTorch's with `include_self=True`; products go back in log₂ m steps for m elements
  /// along the axis, and can be differentiated any number of times.
  ///
  /// @throws DTypeException if the reduction is MEAN and the numbers are whole
  /// @throws IndexException if an index lies outside the axis
  default Variable scatterReduce(
      int axis, Tensor index, Variable source, ScatterReduction reduction) {
    Variable x = self();
    if (reduction == ScatterReduction.SUM) {
      return scatterAdd(axis, index, source);
    }
    Tensor y = x.value().scatterReduce(axis, index, source.value(), reduction);
    if (reduction == ScatterReduction.MEAN) {
      Tensor one = x.number(1).value();
      Tensor counts = one.expand(x.shape()).scatterAdd(axis, index, one.expand(index.shape()));
      return scatterAdd(axis, index, source).div(Variable.constant(counts));
    }
    var op = new ScatterOps.ScatterReduce("scatterReduce", x.shape().axis(axis), index, reduction);
    return Variable.result(new Rule.OfBinary(op), y, x, source);
  }

  // ---- along an axis, an index for every part -------------------------------------------------

  /// The parts that the vector `indices` names along `axis`, in that order. Each has the sum of the
  /// gradients of where it went.
  ///
  /// @throws ShapeException if the indices are no vector
  /// @throws IndexException if an index lies outside the axis
  default Variable indexSelect(int axis, Tensor indices) {
    return Variable.apply(new SelectionOps.IndexSelect(self().shape().axis(axis), indices), self());
  }

  /// Zeros with this variable's parts added at the places that the vector `indices` names along
  /// `axis`, whose size becomes `size`: the adjoint of [#indexSelect].
  ///
  /// @throws IndexException if an index lies outside the axis
  default Variable indexAdd(int axis, Tensor indices, int size) {
    return Variable.apply(
        new SelectionOps.IndexAdd(self().shape().axis(axis), indices, size), self());
  }

  /// A copy with the parts of `source` added at the places the vector `indices` names along `axis`,
  /// one after the other.
  ///
  /// @throws IndexException if an index lies outside the axis
  default Variable indexAdd(int axis, Tensor indices, Variable source) {
    Variable x = self();
    Tensor y = x.value().indexAdd(axis, indices, source.value());
    Tensor along = ScatterOps.along(source.shape(), x.shape().axis(axis), indices);
    return ScatterOps.placed("indexAdd", x, axis, along, source, true, y);
  }

  // ---- by place in row-major order ------------------------------------------------------------

  /// The elements at the places `index` of this variable in row-major order, in the shape of the
  /// index. Each has the sum of the gradients of where it went.
  ///
  /// @throws IndexException if there are not as many elements
  default Variable take(Tensor index) {
    Variable x = self();
    Tensor y = x.value().take(index);
    var gather = new SelectionOps.Gather(0, index.flatten(0), "take");
    return Variable.known(gather, y.flatten(0), x.reshape(Shape.of(x.size()))).reshape(y.shape());
  }

  /// A copy with the elements of `source` written at the places `index` of this variable in
  /// row-major order, or added to what is there if `accumulate`. Of several for one place, the last
  /// one stays, and has the gradient; what was written over has 0.
  ///
  /// @throws ShapeException if the source has another shape than the index
  /// @throws IndexException if there are not as many elements
  default Variable put(Tensor index, Variable source, boolean accumulate) {
    Variable x = self();
    Tensor y = x.value().put(index, source.value(), accumulate);
    Variable flat = x.reshape(Shape.of(x.size()));
    Variable values = source.reshape(Shape.of(source.size()));
    return ScatterOps.placed("put", flat, 0, index.flatten(0), values, accumulate, y.flatten(0))
        .reshape(x.shape());
  }

  // ---- by an index for each of the first axes -------------------------------------------------

  /// The parts that `indices` name on the first axes together, one tensor for each axis, as `x[i,
  /// j]` with arrays `i` and `j` in NumPy. Each has the sum of the gradients of where it went.
  ///
  /// | | shape |
  /// |---|---|
  /// | this | (N₁, …, Nₖ, …rest) |
  /// | `indices` | k tensors that broadcast to one shape S |
  /// | result | (…S, …rest) |
  ///
  /// @throws ShapeException if there are more indices than axes, or they do not broadcast
  /// @throws IndexException if an index lies outside its axis
  default Variable index(Tensor... indices) {
    Variable x = self();
    Tensor y = x.value().index(indices);
    Variable rows = ScatterOps.rows(x, indices.length);
    Tensor places = ScatterOps.places(x.shape(), indices);
    Tensor along = ScatterOps.along(rows.shape(), 0, places.flatten(0));
    var gather = new SelectionOps.Gather(0, along, "index");
    return Variable.known(gather, y.reshape(along.shape()), rows).reshape(y.shape());
  }

  /// A copy with `source` written at the parts that `indices` name as in [#index], or added to what
  /// is there if `accumulate`. The source broadcasts to them; of several for one place, the last
  /// one stays, and has the gradient; what was written over has 0.
  ///
  /// @throws ShapeException if the source does not broadcast to the parts
  /// @throws IndexException if an index lies outside its axis
  default Variable indexPut(Variable source, boolean accumulate, Tensor... indices) {
    Variable x = self();
    Tensor y = x.value().indexPut(source.value(), accumulate, indices);
    Variable rows = ScatterOps.rows(x, indices.length);
    Tensor places = ScatterOps.places(x.shape(), indices);
    Tensor along = ScatterOps.along(rows.shape(), 0, places.flatten(0));
    Shape parts = ScatterOps.parts(places.shape(), x.shape(), indices.length);
    Variable values = source.expand(parts).reshape(along.shape());
    return ScatterOps.placed(
            "indexPut", rows, 0, along, values, accumulate, y.reshape(rows.shape()))
        .reshape(x.shape());
  }
}
