package vectorgrad.train;

import java.io.IOException;
import vectorgrad.tensor.Message;

/// A file of tensors is damaged, or does not fit the model it is loaded into. Nothing was changed.
public final class CheckpointException extends IOException {
  private static final long serialVersionUID = 1L;

  /// An error with the given message.
  public CheckpointException(Message message) {
    super(message.toString());
  }
}
