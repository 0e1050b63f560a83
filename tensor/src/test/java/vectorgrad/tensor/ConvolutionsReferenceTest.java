package vectorgrad.tensor;

class ConvolutionsReferenceTest extends ConvolutionsContract {
  @Override
  Device device() {
    return Device.REFERENCE;
  }
}
