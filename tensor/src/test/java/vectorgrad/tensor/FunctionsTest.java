package vectorgrad.tensor;

import net.jqwik.api.Group;

@SuppressWarnings("ClassCanBeStatic") // jqwik's groups are inner classes
class FunctionsTest {
  @Group
  class OnReference extends FunctionsContract {
    @Override
    Device device() {
      return Device.REFERENCE;
    }
  }

  @Group
  class OnCpu extends FunctionsContract {
    @Override
    Device device() {
      return Device.CPU;
    }
  }
}
