package vectorgrad.tensor;

class AttentionCpuTest extends AttentionContract {
  @Override
  Device device() {
    return Device.CPU;
  }
}
