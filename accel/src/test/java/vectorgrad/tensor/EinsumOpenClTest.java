package vectorgrad.tensor;

class EinsumOpenClTest extends EinsumContract {
  @Override
  Device device() {
    return OpenCl.device();
  }
}
