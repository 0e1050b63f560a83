package vectorgrad.tensor;

class PoolingReferenceTest extends PoolingContract {
  @Override
  Device device() {
    return Device.REFERENCE;
  }
}
