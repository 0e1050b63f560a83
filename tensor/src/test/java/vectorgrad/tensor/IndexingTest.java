package vectorgrad.tensor;

import net.jqwik.api.Group;

@SuppressWarnings("ClassCanBeStatic") // jqwik's groups are inner classes
class IndexingTest {
  @Group
  class OnReference extends IndexingContract {
    @Override
    Device device() {
      return Device.REFERENCE;
    }
  }

  @Group
  class OnCpu extends IndexingContract {
    @Override
    Device device() {
      return Device.CPU;
    }
  }
}
