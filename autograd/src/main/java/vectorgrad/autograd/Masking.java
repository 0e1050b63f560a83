package vectorgrad.autograd;

import java.util.function.UnaryOperator;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Operations of a [Variable] that choose elements by truth: a mask is a BOOL tensor, true where an
/// element counts, and no gradient passes to it. What was not chosen has a gradient of exactly 0,
/// whatever comes back.
sealed interface Masking permits Variable {

  private Variable self() {
    return (Variable) this;
  }

  /// The elements where `mask` is true, in row-major order: a vector. The mask and this variable
  /// broadcast to each other.
  ///
  /// @throws vectorgrad.tensor.DTypeException if the mask is not BOOL
  default Variable maskedSelect(Tensor mask) {
    Tensor y = self().value().maskedSelect(mask);
    Shape shape = Shape.broadcast("maskedSelect", self().shape(), mask.shape());
    Tensor whole = mask.expand(shape);
    return Variable.known(
        Adjoints.of("MaskedSelect", x -> x.maskedSelect(whole), g -> scattered(g, shape, whole)),
        y,
        self().expand(shape));
  }

  /// The parts where `mask`, which covers the first axes, is true: as `x[mask]` in NumPy.
  ///
  /// @throws vectorgrad.tensor.DTypeException if the mask is not BOOL
  /// @throws vectorgrad.tensor.ShapeException if the mask has not the sizes of the first axes
  default Variable indexBy(Tensor mask) {
    Shape shape = self().shape();
    return Variable.apply(
        Adjoints.of(
            "IndexBy", x -> x.indexBy(mask), y -> scattered(y, shape, covering(mask, shape))),
        self());
  }

  /// `y` among zeros, where `mask` is true: the adjoint of choosing it.
  private static Tensor scattered(Tensor y, Shape shape, Tensor mask) {
    return Tensor.zeros(shape, y.dtype(), y.device()).maskedScatter(mask, y);
  }

  /// A mask of the first axes, seen on all.
  private static Tensor covering(Tensor mask, Shape shape) {
    Tensor wide = mask;
    while (wide.rank() < shape.rank()) {
      wide = wide.unsqueeze(-1);
    }
    return wide.expand(shape);
  }

  /// With `value` where `mask` is true; the mask broadcasts to this variable.
  ///
  /// @throws vectorgrad.tensor.DTypeException if the mask is not BOOL
  default Variable maskedFill(Tensor mask, double value) {
    UnaryOperator<Tensor> others = x -> x.maskedFill(mask, 0); // its own adjoint
    return Variable.known(
        Adjoints.of("MaskedFill", others, others), self().value().maskedFill(mask, value), self());
  }

  /// With the number in `value`, which has no axes, where `mask` is true; the mask broadcasts to
  /// this variable. The gradient of the value is the sum of what comes back from there.
  ///
  /// @throws vectorgrad.tensor.DTypeException if the mask is not BOOL, or the value has another
  ///   dtype
  /// @throws vectorgrad.tensor.ShapeException if the value is no single number
  default Variable maskedFill(Tensor mask, Variable value) {
    Shape shape = self().shape();
    Tensor y = self().value().maskedFill(mask, value.value());
    return Variable.result(
        new Rule.OfBinary(new SelectionOps.Where(mask.expand(shape))),
        y,
        value.expand(shape),
        self());
  }

  /// With the elements of `source` in row-major order, one after the other, where `mask` is true;
  /// the mask broadcasts to this variable. The elements of the source that are left over have a
  /// gradient of 0.
  ///
  /// @throws vectorgrad.tensor.DTypeException if the mask is not BOOL, or the source has another
  ///   dtype
  /// @throws vectorgrad.tensor.ShapeException if the source has fewer elements than the mask is
  ///   true
  default Variable maskedScatter(Tensor mask, Variable source) {
    Tensor y = self().value().maskedScatter(mask, source.value());
    return Variable.result(
        new Rule.OfBinary(new SelectionOps.MaskedScatter(mask)), y, self(), source);
  }
}
