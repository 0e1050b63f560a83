package vectorgrad.tensor;

class ConvolutionsCpuTest extends ConvolutionsContract {
  @Override
  Device device() {
    return Device.CPU;
  }
}
