package vectorgrad.data;

import java.util.Optional;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Lease;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// One tensor of a batch: on the processor the loader's array itself, on another device memory that
/// the array is sent to.
final class Lent {
  private static final String TERM = "a loader's batch, valid until the next one is asked for";

  private final Device device;
  private Optional<Object> memory = Optional.empty(); // of the device
  private Optional<Lease> lease = Optional.empty();

  Lent(Device device) {
    this.device = device;
  }

  /// Has the tensor show `array`, as it is now.
  void show(Object array, Shape shape) {
    lease =
        Optional.of(
            switch (array) {
              case float[] values when device == Device.CPU -> Lease.of(values, shape, TERM);
              case int[] values when device == Device.CPU -> Lease.of(values, shape, TERM);
              default -> send(array, array instanceof int[] ? DType.I32 : DType.F32, shape);
            });
  }

  private Lease send(Object array, DType dtype, Shape shape) {
    if (memory.isEmpty()) {
      memory = Optional.of(device.backend().allocate(dtype, shape.size()));
    }
    return Lease.of(device, memory.get(), array, dtype, shape, TERM);
  }

  boolean isShown() {
    return lease.isPresent();
  }

  Tensor tensor() {
    return lease.orElseThrow().tensor();
  }

  /// Ends the tensor.
  ///
  /// @return whether the array may be written again: nobody kept it, or it was only copied
  boolean end() {
    boolean isBack = lease.isEmpty() || lease.get().end();
    lease = Optional.empty();
    if (!isBack) {
      memory = Optional.empty(); // somebody's for good
    }
    return isBack || device != Device.CPU;
  }

  /// Ends the tensor, and gives the device's memory back.
  void close() {
    var _ = end();
    memory.ifPresent(device.backend()::release);
    memory = Optional.empty();
  }
}
