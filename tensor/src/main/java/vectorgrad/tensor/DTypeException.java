package vectorgrad.tensor;

/// The operation does not take operands of this dtype, or of these dtypes together.
public final class DTypeException extends TensorException {
  private static final long serialVersionUID = 1L;

  /// An error with the given `message` about operands of the given `shapes`.
  public DTypeException(Message message, Shape... shapes) {
    super(message, shapes);
  }

  /// An error of one line.
  public DTypeException(String operation, String problem, Shape... shapes) {
    this(Message.of(operation, problem), shapes);
  }
}
