package vectorgrad.tensor;

import net.jqwik.api.Group;

@SuppressWarnings("ClassCanBeStatic") // jqwik's groups are inner classes
class ScansTest {
  @Group
  class OnReference extends ScansContract {
    @Override
    Device device() {
      return Device.REFERENCE;
    }
  }

  @Group
  class OnCpu extends ScansContract {
    @Override
    Device device() {
      return Device.CPU;
    }
  }
}
