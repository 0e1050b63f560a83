package vectorgrad.tensor;

class AttentionReferenceTest extends AttentionContract {
  @Override
  Device device() {
    return Device.REFERENCE;
  }
}
