package vectorgrad.tensor;

class DTypesCpuTest extends DTypesContract {
  @Override
  Device device() {
    return Device.CPU;
  }
}
