package vectorgrad.tensor;

/// The text of an error: the operation, what is wrong with the values, then aligned rows that show
/// the operands and end with the rule or the cure.
///
/// ```
/// matmul: inner sizes differ, 784 and 10
///   left   (128, 784)
///   right  (10, 784)
///   help   right looks transposed; try b.transpose()
/// ```
public final class Message {
  private final String operation;
  private final StringBuilder text;

  private Message(String operation, String problem) {
    this.operation = operation;
    this.text = new StringBuilder(operation).append(": ").append(problem);
  }

  /// Begins a message: the `operation` that refuses, and the `problem` with its values.
  public static Message of(String operation, String problem) {
    return new Message(operation, problem);
  }

  /// Adds a row of a `name` and a value, such as `left`, `shape`, `rule` or `help`.
  public Message row(String name, Object value) {
    text.append(String.format("%n  %-6s %s", name, value).replace("\r", ""));
    return this;
  }

  /// The operation that refuses.
  public String operation() {
    return operation;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
