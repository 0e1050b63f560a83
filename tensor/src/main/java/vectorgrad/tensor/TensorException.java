package vectorgrad.tensor;

import java.util.List;

/// An operation refused its operands. The message says what is wrong, shows the values and names
/// the rule or the cure; the operation and the shapes are fields as well.
public class TensorException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String operation;
  private final transient List<Shape> shapes;

  /// An error with the given `message` about operands of the given `shapes`.
  public TensorException(Message message, Shape... shapes) {
    super(message.toString());
    this.operation = message.operation();
    this.shapes = List.of(shapes);
  }

  /// The operation that refused, as its method is called: `matmul`.
  public String operation() {
    return operation;
  }

  /// The shapes of the operands, left to right, where the error is about shapes.
  public List<Shape> shapes() {
    return shapes == null ? List.of() : shapes;
  }
}
