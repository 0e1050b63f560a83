package vectorgrad.tensor;

import net.jqwik.api.Group;

@SuppressWarnings("ClassCanBeStatic") // jqwik's groups are inner classes
class ViewsTest {
  @Group
  class OnReference extends ViewsContract {
    @Override
    Device device() {
      return Device.REFERENCE;
    }
  }

  @Group
  class OnCpu extends ViewsContract {
    @Override
    Device device() {
      return Device.CPU;
    }
  }
}
