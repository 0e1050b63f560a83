package vectorgrad.tensor;

class EinsumCpuTest extends EinsumContract {
  @Override
  Device device() {
    return Device.CPU;
  }
}
