package vectorgrad.tensor;

class EinsumReferenceTest extends EinsumContract {
  @Override
  Device device() {
    return Device.REFERENCE;
  }
}
