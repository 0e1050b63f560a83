package vectorgrad.bench.gpu;

import vectorgrad.tensor.Device;

/// The devices of this machine, and what each can do, where there is no `vg doctor`.
final class Devices {
  private Devices() {}

  /// Prints them.
  public static void main(String[] arguments) {
    for (Device device : Device.all()) {
      System.out.println(device.name() + ": " + device.describe());
      device.backend().details().forEach(line -> System.out.println("  " + line));
    }
    Device.missing().forEach(System.out::println);
  }
}
