package vectorgrad.accel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.DeviceException;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.spi.DeviceProvider;

/// The devices of all OpenCL platforms of this machine, `opencl:0`, `opencl:1`, … in the order in
/// which the drivers list them.
///
/// A processor can be had in equal parts, each a device of its own with some of the cores:
/// `opencl:0.1/2` is the second of two parts of `opencl:0`. They are not listed. Programs for
/// several devices are tried out on them where there is one.
///
/// Without a loader or a driver there are none, and [#missing()] says which of them is missing. A
/// driver that fails costs only its own devices.
public final class OpenClDevices implements DeviceProvider {
  private static final Pattern PART = Pattern.compile("(.+)\\.(\\d{1,4})/(\\d{1,4})");
  private static final Map<String, Device> PARTS = new ConcurrentHashMap<>();

  /// What the drivers listed, when they were first asked.
  private static final class Found {
    static final Drivers.Listing LISTING = Drivers.list();
    static final List<Device> DEVICES = devices(LISTING.cards());

    private static List<Device> devices(List<Card> cards) {
      List<Device> devices = new ArrayList<>();
      for (Card card : cards) {
        devices.add(Device.of("opencl:" + devices.size(), new OpenClBackend(card)));
      }
      return List.copyOf(devices);
    }
  }

  /// Asks no driver yet.
  public OpenClDevices() {}

  @Override
  public String name() {
    return "opencl";
  }

  @Override
  public List<Device> devices() {
    return Found.DEVICES;
  }

  /// The GPU with the most memory.
  @Override
  public Optional<Device> named(String name) {
    Optional<Device> whole = DeviceProvider.super.named(name);
    Matcher part = PART.matcher(name);
    return whole.isPresent() || !part.matches()
        ? whole
        : DeviceProvider.super
            .named(part.group(1))
            .map(device ->
                part(
                    device,
                    name,
                    Integer.parseInt(part.group(2)),
                    Integer.parseInt(part.group(3))));
  }

  /// Always the same device of a name: tensors of two are not computed with together.
  private static Device part(Device whole, String name, int index, int parts) {
    if (parts == 0 || index >= parts) {
      throw new DeviceException(
          Message.of("device", "there is no part \"" + name + "\"")
              .row("rule", "the parts of N are numbered 0/N to N−1/N"));
    }
    Card card = ((OpenClBackend) whole.backend()).queue().card();
    return PARTS.computeIfAbsent(
        name, _ -> Device.of(name, new OpenClBackend(Drivers.part(card, index, parts))));
  }

  @Override
  public Optional<Device> best() {
    List<Card> cards = Found.LISTING.cards();
    return cards.stream()
        .filter(Card::isGpu)
        .max((a, b) -> Long.compare(a.memory(), b.memory()))
        .map(card -> Found.DEVICES.get(cards.indexOf(card)));
  }

  @Override
  public Optional<String> missing() {
    return Found.DEVICES.isEmpty() ? Optional.of(Found.LISTING.why()) : Optional.empty();
  }
}
