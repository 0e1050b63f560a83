package vectorgrad.train;

import java.io.IOException;
import java.nio.file.Path;
import vectorgrad.tensor.Message;

/// A file of tensors is missing or damaged, or does not fit what it is loaded into. Nothing was
/// changed.
public final class CheckpointException extends IOException {
  private static final long serialVersionUID = 1L;

  /// An error with the given message.
  public CheckpointException(Message message) {
    super(message.toString());
  }

  /// An error with the given message, found through `cause`.
  public CheckpointException(Message message, Throwable cause) {
    super(message.toString(), cause);
  }

  CheckpointException(String message) {
    super(message);
  }

  static CheckpointException damaged(Path file, String how) {
    return new CheckpointException(damage(file, how));
  }

  static CheckpointException damaged(Path file, String how, Throwable cause) {
    return new CheckpointException(damage(file, how), cause);
  }

  private static Message damage(Path file, String how) {
    return Message.of("safetensors", "the file is damaged: " + how)
        .row("file", file)
        .row("help", "use an earlier copy, or train again");
  }
}
