package vectorgrad.data;

import java.nio.file.Path;
import java.util.Optional;
import vectorgrad.tensor.Message;

/// Which array is being read: a file, or an entry of an archive.
record NpySource(Path file, Optional<String> entry) {

  /// Begins a message about a `problem` with this array.
  Message message(String problem) {
    Message message = Message.of(entry.isPresent() ? "Npz" : "Npy", problem).row("file", file);
    entry.ifPresent(name -> message.row("entry", name));
    return message;
  }

  DataException error(Message message) {
    return new DataException(message, file);
  }

  DataException damaged(String problem) {
    return error(message(problem).row("help", "the copy is damaged or incomplete; make it again"));
  }
}
