package vectorgrad.tensor;

class TransposedCpuTest extends TransposedContract {
  @Override
  Device device() {
    return Device.CPU;
  }
}
