/// The OpenCL backend: the same tensors on a GPU.
///
/// It is found by [java.util.ServiceLoader]; nobody needs its classes. Without a driver it offers
/// no device and says why when asked.
module vectorgrad.accel {
  requires transitive vectorgrad.tensor;
  requires jocl;

  provides vectorgrad.tensor.spi.DeviceProvider with
      vectorgrad.accel.OpenClDevices;
}
