package vectorgrad.tensor;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import vectorgrad.tensor.cpu.CpuBackend;
import vectorgrad.tensor.reference.ReferenceBackend;
import vectorgrad.tensor.spi.Backend;
import vectorgrad.tensor.spi.DeviceProvider;

/// Where tensors live and their operations run.
public final class Device {
  /// Fast kernels on all lanes and threads of the processor. New tensors live here.
  public static final Device CPU = new Device("cpu", new CpuBackend());

  /// Plain loops with float64 accumulation: the living definition of every operation, for tests and
  /// readers.
  public static final Device REFERENCE = new Device("reference", new ReferenceBackend());

  private static final List<Device> BUILT_IN = List.of(CPU, REFERENCE);

  private final String name;
  private final Backend backend;

  private Device(String name, Backend backend) {
    this.name = name;
    this.backend = backend;
  }

  /// A device of one's own: whatever implements the verbs of [Backend]. Tensors move there by
  /// [Tensor#to(Device)], as to the others; [#named(String)] knows it only if a [DeviceProvider]
  /// brings it.
  public static Device of(String name, Backend backend) {
    return new Device(name, backend);
  }

  /// What brings further devices, looked up when one is first asked for.
  private static final class Providers {
    static final List<DeviceProvider> ALL =
        ServiceLoader.load(DeviceProvider.class, Device.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
  }

  /// The devices that are built in, and those that modules with a [DeviceProvider] bring.
  public static List<Device> all() {
    return Stream.concat(
            BUILT_IN.stream(), Providers.ALL.stream().flatMap(p -> p.devices().stream()))
        .toList();
  }

  /// The fastest device of this machine, as far as one can tell without measuring: a GPU if there
  /// is one, else the processor. Small work is faster on the processor all the same.
  public static Device best() {
    return Providers.ALL.stream().flatMap(p -> p.best().stream()).findFirst().orElse(CPU);
  }

  /// Why further devices are not there, and what to do about it: a line for each module that could
  /// bring some and found none.
  public static List<String> missing() {
    return Providers.ALL.stream().flatMap(p -> p.missing().stream()).toList();
  }

  /// The device with the given name, as on a command line: `cpu`, `reference`, `opencl:0`, or
  /// `best` for [#best()].
  ///
  /// @throws DeviceException if there is none, listing those there are and what is missing
  public static Device named(String name) {
    for (Device device : BUILT_IN) {
      if (device.name.equals(name)) {
        return device; // whatever brings others is not even loaded
      }
    }
    if (name.equals("best")) {
      return best();
    }
    return Providers.ALL.stream()
        .flatMap(provider -> provider.named(name).stream())
        .findFirst()
        .orElseThrow(() -> {
          Message message = Message.of("device", "there is no device \"" + name + "\"");
          missing().forEach(why -> message.row("why", why));
          return new DeviceException(message.row("help", "one of " + all()));
        });
  }

  /// The number of threads the CPU's kernels use. The results never depend on it.
  public static int threads() {
    return CPU.backend.threads();
  }

  /// Sets the number of threads the CPU's kernels use, at least 1; by default one for each core, or
  /// the system property `vectorgrad.threads`. Results stay the same to the bit.
  public static void threads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(
          Message.of("threads", "must be at least 1, found " + threads).toString());
    }
    CPU.backend.threads(threads);
  }

  /// The name, as [#named(String)] takes it.
  public String name() {
    return name;
  }

  /// What runs the operations.
  public Backend backend() {
    return backend;
  }

  /// One line on what this device computes with: lanes, threads.
  public String describe() {
    return backend.describe();
  }

  @Override
  public String toString() {
    return name;
  }
}
