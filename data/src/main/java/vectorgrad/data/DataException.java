package vectorgrad.data;

import java.io.IOException;
import java.nio.file.Path;
import vectorgrad.tensor.Message;

/// A file of data is missing, damaged, or not what it should be. The message names the file, what
/// was wanted and what was found.
public final class DataException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Path file;

  /// An error with the given `message` about `file`.
  public DataException(Message message, Path file) {
    super(message.toString());
    this.file = file;
  }

  /// An error with the given `message` about `file`, found through `cause`.
  public DataException(Message message, Path file, Throwable cause) {
    super(message.toString(), cause);
    this.file = file;
  }

  /// The file the error is about.
  public Path file() {
    return file;
  }
}
