package vectorgrad.tensor;

import net.jqwik.api.Group;

/// The contracts that the other backends keep, on OpenCL. Those that hold examples beside
/// properties have classes of their own: JUnit finds no example in a group.
@SuppressWarnings("ClassCanBeStatic") // jqwik's groups are inner classes
class OpenClContractsTest {
  @Group
  class Backend extends BackendContract {
    @Override
    Device device() {
      return OpenCl.device();
    }
  }

  @Group
  class Convolutions extends ConvolutionsContract {
    @Override
    Device device() {
      return OpenCl.device();
    }
  }

  @Group
  class DTypes extends DTypesContract {
    @Override
    Device device() {
      return OpenCl.device();
    }
  }

  @Group
  class Functions extends FunctionsContract {
    @Override
    Device device() {
      return OpenCl.device();
    }
  }

  @Group
  class Indexing extends IndexingContract {
    @Override
    Device device() {
      return OpenCl.device();
    }
  }

  @Group
  class Masking extends MaskingContract {
    @Override
    Device device() {
      return OpenCl.device();
    }
  }

  @Group
  class Ordering extends OrderingContract {
    @Override
    Device device() {
      return OpenCl.device();
    }
  }

  @Group
  class Pooling extends PoolingContract {
    @Override
    Device device() {
      return OpenCl.device();
    }
  }

  @Group
  class Rearranging extends RearrangingContract {
    @Override
    Device device() {
      return OpenCl.device();
    }
  }

  @Group
  class Scans extends ScansContract {
    @Override
    Device device() {
      return OpenCl.device();
    }
  }

  @Group
  class Transposed extends TransposedContract {
    @Override
    Device device() {
      return OpenCl.device();
    }
  }

  @Group
  class Views extends ViewsContract {
    @Override
    Device device() {
      return OpenCl.device();
    }
  }
}
