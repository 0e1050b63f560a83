package vectorgrad.tensor;

class DTypesReferenceTest extends DTypesContract {
  @Override
  Device device() {
    return Device.REFERENCE;
  }
}
