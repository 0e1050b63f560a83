package vectorgrad.tensor;

import net.jqwik.api.Group;

@SuppressWarnings("ClassCanBeStatic") // jqwik's groups are inner classes
class TransposedTest {
  @Group
  class OnReference extends TransposedContract {
    @Override
    Device device() {
      return Device.REFERENCE;
    }
  }

  @Group
  class OnCpu extends TransposedContract {
    @Override
    Device device() {
      return Device.CPU;
    }
  }
}
