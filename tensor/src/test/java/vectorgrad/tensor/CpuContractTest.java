package vectorgrad.tensor;

class CpuContractTest extends BackendContract {
  @Override
  Device device() {
    return Device.CPU;
  }
}
