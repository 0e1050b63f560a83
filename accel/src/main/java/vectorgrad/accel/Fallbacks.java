package vectorgrad.accel;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import vectorgrad.tensor.DeviceException;
import vectorgrad.tensor.Message;

/// What a device leaves to the processor: nothing, unless the system property
/// `vectorgrad.opencl.fallback` is `true`. Then it is told once for each kernel, and counted: an
/// answer that comes slowly must not look like one of the device.
final class Fallbacks {
  private static final System.Logger LOGGER = System.getLogger("vectorgrad.accel");

  private static final String PROPERTY = "vectorgrad.opencl.fallback";

  private final String device;
  private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();

  Fallbacks(String device) {
    this.device = device;
  }

  /// Notes that the processor computes `kernel` for the device.
  ///
  /// @param missing what the device has not
  /// @throws DeviceException unless that was asked for
  void note(String kernel, String missing) {
    if (!Boolean.getBoolean(PROPERTY)) {
      throw new DeviceException(
          Message.of("opencl", "this device cannot compute " + kernel)
              .row("device", device)
              .row("missing", missing)
              .row("help", "compute it on to(Device.CPU), or let the processor do what is missing")
              .row("", "here, there and back again each time: -D" + PROPERTY + "=true"));
    }
    LongAdder count = counts.computeIfAbsent(kernel, _ -> new LongAdder());
    if (count.sum() == 0) {
      LOGGER.log(
          System.Logger.Level.INFO, "opencl: " + device + " leaves to the processor: " + kernel);
    }
    count.increment();
  }

  /// A line for each kernel that the processor computed.
  List<String> report() {
    return counts.entrySet().stream()
        .map(kernel ->
            "left to the processor: %,d × %s".formatted(kernel.getValue().sum(), kernel.getKey()))
        .toList();
  }
}
