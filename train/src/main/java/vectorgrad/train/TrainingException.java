package vectorgrad.train;

import vectorgrad.tensor.Message;

/// A training cannot go on. The parameters are those before the step that failed.
public final class TrainingException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /// An error with the given message.
  public TrainingException(Message message) {
    super(message.toString());
  }
}
