package vectorgrad.bench.gpu;

import vectorgrad.bench.Busy;
import vectorgrad.bench.Rung;
import vectorgrad.tensor.Device;
import vectorgrad.train.Profile;

/// What computes.
public enum Where implements Rung {
  /// The processor.
  CPU("cpu"),

  /// The first OpenCL device.
  OPENCL("opencl:0"),

  /// The same, whose kernels tell when they ran.
  WATCHED("opencl:0, watched");

  private final String label;

  Where(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public boolean here() {
    return this == CPU || Device.all().stream().anyMatch(d -> d.name().equals(OPENCL.label));
  }

  /// The device.
  public Device device() {
    return switch (this) {
      case CPU -> Device.CPU;
      case OPENCL -> Device.named(label);
      case WATCHED -> {
        Profile profile = Profile.of(Device.named(OPENCL.label));
        Busy.watch(profile);
        yield profile.device();
      }
    };
  }
}
