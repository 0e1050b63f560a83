package vectorgrad.tensor;

import java.util.List;
import vectorgrad.tensor.cpu.CpuBackend;
import vectorgrad.tensor.reference.ReferenceBackend;
import vectorgrad.tensor.spi.Backend;

/// Where tensors live and their operations run.
public final class Device {
  /// Fast kernels on all lanes and threads of the processor. New tensors live here.
  public static final Device CPU = new Device("cpu", new CpuBackend());

  /// Plain loops with float64 accumulation: the living definition of every operation, for tests and
  /// readers.
  public static final Device REFERENCE = new Device("reference", new ReferenceBackend());

  private final String name;
  private final Backend backend;

  private Device(String name, Backend backend) {
    this.name = name;
    this.backend = backend;
  }

  /// A device of one's own: whatever implements the verbs of [Backend]. Tensors move there by
  /// [Tensor#to(Device)], as to the others; [#named(String)] does not know it.
  public static Device of(String name, Backend backend) {
    return new Device(name, backend);
  }

  /// The devices that are built in.
  public static List<Device> all() {
    return List.of(CPU, REFERENCE);
  }

  /// The device with the given name, as on a command line: `cpu`, `reference`.
  ///
  /// @throws DeviceException if there is none, listing those there are
  public static Device named(String name) {
    return all().stream()
        .filter(device -> device.name.equals(name))
        .findFirst()
        .orElseThrow(() ->
            new DeviceException(
                Message.of("device", "there is no device \"" + name + "\"")
                    .row("help", "one of " + all())));
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
