package vectorgrad.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Writes files so that nobody ever finds half of one: under a temporary name beside the target,
/// down to the disk, then moved.
public final class SafeFile {
  private SafeFile() {}

  /// What is to be written.
  @FunctionalInterface
  public interface Content {
    /// Writes everything to `channel`.
    void writeTo(FileChannel channel) throws IOException;
  }

  /// Replaces `target` by what `content` writes; if that fails, the target stays as it was.
  public static void write(Path target, Content content) throws IOException {
    String name = "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part";
    Path temporary = target.toAbsolutePath().resolveSibling(name);
    try {
      try (var channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        content.writeTo(channel);
        channel.force(true);
      }
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
  public static void write(Path target, String text) throws IOException {
    write(
        target,
        channel -> writeFully(channel, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
  }

  /// Writes all that remains in `bytes`.
  public static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
