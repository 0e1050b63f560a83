package vectorgrad.autograd;

import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Message;

/// A [Variable] in another dtype, or on another device.
sealed interface Conversions permits Variable {

  private Variable self() {
    return (Variable) this;
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
    return self().dtype() == dtype ? self() : Variable.apply(new ViewOps.Convert(dtype), self());
  }

  /// On another device; gradients travel back.
  default Variable to(Device device) {
    return self().device() == device ? self() : Variable.apply(new ViewOps.Move(device), self());
  }
}
