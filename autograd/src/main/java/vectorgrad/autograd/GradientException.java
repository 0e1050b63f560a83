package vectorgrad.autograd;

import vectorgrad.tensor.Message;

/// A gradient could not be computed, or there is none.
public final class GradientException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /// An error with the given message.
  public GradientException(Message message) {
    this(message.toString());
  }

  /// An error with the given text.
  public GradientException(String message) {
    super(message);
  }
}
