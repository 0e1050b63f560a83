package vectorgrad.tensor.spi;

import java.util.List;
import java.util.Optional;
import vectorgrad.tensor.Device;

/// Brings devices beyond those that are built in, from a module that provides this service (see
/// [java.util.ServiceLoader]). It is asked when a device is wanted that is not built in, or all of
/// them, and never before: a program that computes on the processor does not pay for it.
public interface DeviceProvider {
  /// What it brings, as its users call it: `opencl`. Its devices' names begin with it.
  String name();

  /// The devices that are there, always the same; none, if something is missing.
  List<Device> devices();

  /// The device of that name: one of [#devices()], or one that is not listed, such as a part of
  /// one.
  default Optional<Device> named(String name) {
    return devices().stream().filter(device -> device.name().equals(name)).findFirst();
  }

  /// The one that is likely faster than the processor, if there is one.
  Optional<Device> best();

  /// Why there is no device, and what to do about it, in one line; empty if there is one.
  Optional<String> missing();
}
