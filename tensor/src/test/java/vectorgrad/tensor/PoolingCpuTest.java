package vectorgrad.tensor;

class PoolingCpuTest extends PoolingContract {
  @Override
  Device device() {
    return Device.CPU;
  }
}
