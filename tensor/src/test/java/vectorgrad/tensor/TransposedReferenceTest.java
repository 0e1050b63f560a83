package vectorgrad.tensor;

class TransposedReferenceTest extends TransposedContract {
  @Override
  Device device() {
    return Device.REFERENCE;
  }
}
