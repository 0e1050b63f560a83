package vectorgrad.tensor;

/// An index names no place of its axis. The message names the operation, the index, where it stood
/// and the size of the axis.
public final class IndexException extends IndexOutOfBoundsException {
  private static final long serialVersionUID = 1L;

  private final String operation;
  private final long index;
  private final int size;

  /// An error with the given `message` about an `index` outside an axis of the given `size`.
  public IndexException(Message message, long index, int size) {
    super(message.toString());
    this.operation = message.operation();
    this.index = index;
    this.size = size;
  }

  /// The operation that refused, as its method is called: `gather`.
  public String operation() {
    return operation;
  }

  /// The index that is outside the axis.
  public long index() {
    return index;
  }

  /// The size of the axis.
  public int size() {
    return size;
  }
}
