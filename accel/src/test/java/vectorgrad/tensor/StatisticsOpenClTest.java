package vectorgrad.tensor;

class StatisticsOpenClTest extends StatisticsContract {
  @Override
  Device device() {
    return OpenCl.device();
  }
}
