package vectorgrad.tensor;

/// The shapes of the operands do not fit the operation.
public final class ShapeException extends TensorException {
  private static final long serialVersionUID = 1L;

  /// An error with the given `message` about operands of the given `shapes`.
  public ShapeException(Message message, Shape... shapes) {
    super(message, shapes);
  }

  /// An error of one line.
  public ShapeException(String operation, String problem, Shape... shapes) {
    this(Message.of(operation, problem), shapes);
  }
}
