package vectorgrad.tensor;

import net.jqwik.api.Group;

@SuppressWarnings("ClassCanBeStatic") // jqwik's groups are inner classes
class MaskingTest {
  @Group
  class OnReference extends MaskingContract {
    @Override
    Device device() {
      return Device.REFERENCE;
    }
  }

  @Group
  class OnCpu extends MaskingContract {
    @Override
    Device device() {
      return Device.CPU;
    }
  }
}
