package vectorgrad.train;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Writes files so that nobody ever sees half of one: to a temporary name beside the target, then
/// moved.
final class SafeFile {
  private SafeFile() {}

  /// What writes the content.
  @FunctionalInterface
  interface Content {
    /// Writes everything to `temporary`.
    void writeTo(Path temporary) throws IOException;
  }

  /// Replaces `target` by what `content` writes; if that fails, the target stays as it was.
  static void write(Path target, Content content) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    // beside the target, so that moving is renaming; with the process in its name, so that two do
    // not meet
    Path temporary =
        folder.resolve("." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
    try {
      Files.deleteIfExists(temporary);
      Files.createFile(temporary);
      content.writeTo(temporary);
      try {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /// Replaces `target` by `text` in UTF-8.
  static void write(Path target, String text) throws IOException {
    write(target, temporary -> Files.writeString(temporary, text));
  }
}
