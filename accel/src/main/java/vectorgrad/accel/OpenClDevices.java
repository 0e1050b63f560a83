package vectorgrad.accel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.spi.DeviceProvider;

/// The devices of all OpenCL platforms of this machine, `opencl:0`, `opencl:1`, … in the order in
/// which the drivers list them.
///
/// Without a loader or a driver there are none, and [#missing()] says which of them is missing. A
/// driver that fails costs only its own devices.
public final class OpenClDevices implements DeviceProvider {
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
