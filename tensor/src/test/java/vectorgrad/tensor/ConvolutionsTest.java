package vectorgrad.tensor;

import net.jqwik.api.Group;

@SuppressWarnings("ClassCanBeStatic") // jqwik's groups are inner classes
class ConvolutionsTest {
  @Group
  class OnReference extends ConvolutionsContract {
    @Override
    Device device() {
      return Device.REFERENCE;
    }
  }

  @Group
  class OnCpu extends ConvolutionsContract {
    @Override
    Device device() {
      return Device.CPU;
    }
  }
}
