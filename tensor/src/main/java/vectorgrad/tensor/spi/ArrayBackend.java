package vectorgrad.tensor.spi;

import vectorgrad.tensor.DType;
import vectorgrad.tensor.Tensor;

/// A backend whose memory is plain Java arrays, as [Elements] describes them.
public interface ArrayBackend extends Backend {

  @Override
  default Object allocate(DType dtype, int length) {
    return Elements.array(dtype, length);
  }

  @Override
  @SuppressWarnings("SuspiciousSystemArraycopy") // both are arrays of the tensor's dtype
  default void upload(Object array, Tensor output) {
    System.arraycopy(array, 0, output.memory(), output.layout().offset(), output.size());
  }

  @Override
  @SuppressWarnings("SuspiciousSystemArraycopy") // both are arrays of the tensor's dtype
  default Object download(Tensor input) {
    Object array = allocate(input.dtype(), input.size());
    System.arraycopy(input.memory(), input.layout().offset(), array, 0, input.size());
    return array;
  }
}
