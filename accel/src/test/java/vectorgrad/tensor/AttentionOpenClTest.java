package vectorgrad.tensor;

class AttentionOpenClTest extends AttentionContract {
  @Override
  Device device() {
    return OpenCl.device();
  }
}
