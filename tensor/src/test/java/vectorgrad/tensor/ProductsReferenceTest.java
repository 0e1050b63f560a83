package vectorgrad.tensor;

class ProductsReferenceTest extends ProductsContract {
  @Override
  Device device() {
    return Device.REFERENCE;
  }
}
