package vectorgrad.tensor;

class StatisticsCpuTest extends StatisticsContract {
  @Override
  Device device() {
    return Device.CPU;
  }
}
