package vectorgrad.tensor;

class StatisticsReferenceTest extends StatisticsContract {
  @Override
  Device device() {
    return Device.REFERENCE;
  }
}
