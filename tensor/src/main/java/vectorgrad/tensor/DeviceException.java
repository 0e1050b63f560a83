package vectorgrad.tensor;

/// The operands live on different devices, or a device is not there.
public final class DeviceException extends TensorException {
  private static final long serialVersionUID = 1L;

  /// An error with the given `message` about operands of the given `shapes`.
  public DeviceException(Message message, Shape... shapes) {
    super(message, shapes);
  }

  /// An error of one line.
  public DeviceException(String operation, String problem, Shape... shapes) {
    this(Message.of(operation, problem), shapes);
  }
}
