package vectorgrad.tensor;

class ProductsCpuTest extends ProductsContract {
  @Override
  Device device() {
    return Device.CPU;
  }
}
