package vectorgrad.tensor;

import net.jqwik.api.Group;

@SuppressWarnings("ClassCanBeStatic") // jqwik's groups are inner classes
class OrderingTest {
  @Group
  class OnReference extends OrderingContract {
    @Override
    Device device() {
      return Device.REFERENCE;
    }
  }

  @Group
  class OnCpu extends OrderingContract {
    @Override
    Device device() {
      return Device.CPU;
    }
  }
}
