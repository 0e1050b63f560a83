package vectorgrad.tensor;

import net.jqwik.api.Group;

@SuppressWarnings("ClassCanBeStatic") // jqwik's groups are inner classes
class RearrangingTest {
  @Group
  class OnReference extends RearrangingContract {
    @Override
    Device device() {
      return Device.REFERENCE;
    }
  }

  @Group
  class OnCpu extends RearrangingContract {
    @Override
    Device device() {
      return Device.CPU;
    }
  }
}
