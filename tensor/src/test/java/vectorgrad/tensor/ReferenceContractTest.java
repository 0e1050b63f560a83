package vectorgrad.tensor;

class ReferenceContractTest extends BackendContract {
  @Override
  Device device() {
    return Device.REFERENCE;
  }
}
