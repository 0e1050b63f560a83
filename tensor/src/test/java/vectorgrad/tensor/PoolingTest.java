package vectorgrad.tensor;

import net.jqwik.api.Group;

@SuppressWarnings("ClassCanBeStatic") // jqwik's groups are inner classes
class PoolingTest {
  @Group
  class OnReference extends PoolingContract {
    @Override
    Device device() {
      return Device.REFERENCE;
    }
  }

  @Group
  class OnCpu extends PoolingContract {
    @Override
    Device device() {
      return Device.CPU;
    }
  }
}
