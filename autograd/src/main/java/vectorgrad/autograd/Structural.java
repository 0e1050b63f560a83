package vectorgrad.autograd;

import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.MaxPool;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Operations of a [Variable] that move, select, join or multiply: each is an [Op] record, found in
/// [Views], [Reductions], [Selections], [Products].
sealed interface Structural permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  // ---- views ----------------------------------------------------------------------------------

  /// Seen in a larger shape: axes of size 1, and new ones on the left, are repeated.
  default Variable expand(Shape shape) {
    return self().shape().equals(shape) ? self() : Variable.apply(new Views.Expand(shape), self());
  }

  /// The sum over what [#expand] repeated: its adjoint.
  default Variable sumTo(Shape shape) {
    return self().shape().equals(shape) ? self() : Variable.apply(new Views.SumTo(shape), self());
  }

  /// The same elements in another shape; one size may be −1 and is found from the others.
  default Variable reshape(int... sizes) {
    return reshape(self().value().reshape(sizes).shape());
  }

  /// The same elements in another shape.
  default Variable reshape(Shape shape) {
    return self().shape().equals(shape) ? self() : Variable.apply(new Views.Reshape(shape), self());
  }

  /// The axes from `startAxis` on as one.
  default Variable flatten(int startAxis) {
    return reshape(self().value().flatten(startAxis).shape());
  }

  /// Without `axis`, whose size must be 1.
  default Variable squeeze(int axis) {
    return reshape(self().value().squeeze(axis).shape());
  }

  /// With a new axis of size 1 before `axis`.
  default Variable unsqueeze(int axis) {
    return reshape(self().value().unsqueeze(axis).shape());
  }

  /// The axes in another order.
  default Variable permute(int... order) {
    return Variable.apply(new Views.Permute(Views.list(order)), self());
  }

  /// The last two axes exchanged.
  default Variable transpose() {
    return Variable.apply(new Views.Transpose(), self());
  }

  /// Every `step`-th element along `axis`, from `from` up to but without `to`, by the rules of
  /// [vectorgrad.tensor.Slice]: negative places count from the end, what lies outside is cut off.
  default Variable slice(int axis, int from, int to, int step) {
    var places = new vectorgrad.tensor.Slice(from, to, step).within(self().size(axis));
    return Variable.apply(
        new Views.Slice(self().shape().axis(axis), places.from(), places.to(), places.step()),
        self());
  }

  /// The elements along `axis` from `from` up to but without `to`.
  default Variable slice(int axis, int from, int to) {
    return slice(axis, from, to, 1);
  }

  /// The part at `index` of `axis`, without that axis; negative indices count from the end.
  default Variable select(int axis, int index) {
    self().value().select(axis, index); // throws where there is none
    int from = index < 0 ? index + self().size(axis) : index;
    return slice(axis, from, from + 1).squeeze(axis);
  }

  /// The elements along `axis` in reverse.
  default Variable flip(int axis) {
    return Variable.apply(new Views.Flip(self().shape().axis(axis)), self());
  }

  /// With zeros added along `axis`.
  default Variable pad(int axis, int before, int after) {
    return Variable.apply(new Views.Pad(self().shape().axis(axis), before, after), self());
  }

  /// In another dtype; gradients are converted back.
  ///
  /// @throws vectorgrad.tensor.DTypeException if this wants a gradient and `dtype` is not floating
  default Variable to(DType dtype) {
    if (!dtype.isFloating() && self().requiresGrad()) {
      throw new DTypeException(
          Message.of("to", "no gradient passes through " + dtype)
              .row("shape", self().shape())
              .row("help", "detach() first, if none shall"),
          self().shape());
    }
    return self().dtype() == dtype ? self() : Variable.apply(new Views.Convert(dtype), self());
  }

  /// On another device; gradients travel back.
  default Variable to(Device device) {
    return self().device() == device ? self() : Variable.apply(new Views.Move(device), self());
  }

  // ---- reductions -----------------------------------------------------------------------------

  /// The sum over `axes`, which disappear; over everything without axes.
  default Variable sum(int... axes) {
    return sum(false, axes);
  }

  /// The sum over `axes`, which stay with size 1 if `keepDim`.
  default Variable sum(boolean keepDim, int... axes) {
    Shape kept = Reductions.kept(self().shape(), axes);
    return Reductions.drop(sumTo(kept), keepDim, axes);
  }

  /// The mean over `axes`, which disappear; over everything without axes.
  default Variable mean(int... axes) {
    return mean(false, axes);
  }

  /// The mean over `axes`, which stay with size 1 if `keepDim`.
  default Variable mean(boolean keepDim, int... axes) {
    Variable sum = sum(keepDim, axes);
    return sum.div((double) self().size() / Math.max(1, sum.size()));
  }

  /// The largest element over `axes`, which disappear; over everything without axes. Equal ones
  /// share the gradient evenly.
  default Variable max(int... axes) {
    return max(false, axes);
  }

  /// The largest element over `axes`, which stay with size 1 if `keepDim`.
  default Variable max(boolean keepDim, int... axes) {
    Variable kept = Variable.apply(new Reductions.Max(Views.list(axes)), self());
    return Reductions.drop(kept, keepDim, axes);
  }

  /// The smallest element over `axes`, which disappear; over everything without axes. Equal ones
  /// share the gradient evenly.
  default Variable min(int... axes) {
    return min(false, axes);
  }

  /// The smallest element over `axes`, which stay with size 1 if `keepDim`.
  default Variable min(boolean keepDim, int... axes) {
    Variable kept = Variable.apply(new Reductions.Min(Views.list(axes)), self());
    return Reductions.drop(kept, keepDim, axes);
  }

  /// `exp(xᵢ) / Σ exp(xⱼ)` along `axis`.
  default Variable softmax(int axis) {
    return Variable.apply(new Reductions.Softmax(self().shape().axis(axis)), self());
  }

  /// `xᵢ − log Σ exp(xⱼ)` along `axis`.
  default Variable logSoftmax(int axis) {
    return Variable.apply(new Reductions.LogSoftmax(self().shape().axis(axis)), self());
  }

  // ---- selections -----------------------------------------------------------------------------

  /// `result[…, i, …] = this[…, index[…, i, …], …]` along `axis`; `index` is I32.
  default Variable gather(int axis, Tensor index) {
    return Variable.apply(new Selections.Gather(self().shape().axis(axis), index), self());
  }

  /// Zeros with this variable's elements added at the places `index` names along `axis`, whose size
  /// becomes `size`.
  default Variable scatterAdd(int axis, Tensor index, int size) {
    return Variable.apply(
        new Selections.ScatterAdd(self().shape().axis(axis), index, size), self());
  }

  /// The parts that the vector `indices` names along `axis`, in that order.
  default Variable indexSelect(int axis, Tensor indices) {
    return Variable.apply(new Selections.IndexSelect(self().shape().axis(axis), indices), self());
  }

  /// Zeros with this variable's parts added at the places that the vector `indices` names along
  /// `axis`, whose size becomes `size`.
  default Variable indexAdd(int axis, Tensor indices, int size) {
    return Variable.apply(
        new Selections.IndexAdd(self().shape().axis(axis), indices, size), self());
  }

  // ---- products -------------------------------------------------------------------------------

  /// The matrix product of (…, M, K) and (…, K, N), batch axes broadcast: (…, M, N).
  default Variable matmul(Variable b) {
    return Products.matmul(self(), b);
  }

  /// The cross-correlation of pictures (N, C, H, W) with filters (O, C / groups, kH, kW).
  default Variable conv2d(Variable weight, Conv2dGeometry geometry) {
    return Variable.apply(new Products.Conv2d(geometry), self(), weight);
  }

  /// The largest element of every window of pictures (N, C, H, W); the first of equals takes the
  /// gradient.
  default Variable maxPool2d(PoolGeometry geometry) {
    MaxPool pool = self().value().maxPool2d(geometry);
    return Variable.known(new Selections.MaxPool2d(pool.indices()), pool.values(), self());
  }
}
