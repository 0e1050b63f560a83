package vectorgrad.tensor;

class ProductsOpenClTest extends ProductsContract {
  @Override
  Device device() {
    return OpenCl.device();
  }
}
