package vectorgrad.tensor;

import org.junit.jupiter.api.Assumptions;

/// The device that contracts are run on.
public final class OpenCl {
  private OpenCl() {}

  /// The first one. Without a driver there is nothing to test, which is told, and a failure where
  /// `VECTORGRAD_OPENCL` is `required`.
  public static Device device() {
    boolean required = "required".equals(System.getenv("VECTORGRAD_OPENCL"));
    boolean there = Device.all().stream().anyMatch(device -> device.name().equals("opencl:0"));
    if (!required) {
      Assumptions.assumeTrue(there, () -> String.join("; ", Device.missing()));
    }
    return Device.named("opencl:0");
  }
}
