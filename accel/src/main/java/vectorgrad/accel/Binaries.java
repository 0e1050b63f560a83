package vectorgrad.accel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// Compiled programs of a device, kept in files from one run to the next. A file's name is a digest
/// of all that it follows from: device, driver and its version, options and source. So a new driver
/// finds none of the old one's.
///
/// They lie in `~/.cache/vectorgrad/opencl`, or in `$XDG_CACHE_HOME/vectorgrad/opencl`; the system
/// property `vectorgrad.opencl.cache` names another folder, or `none`. The folder can be deleted at
/// any time.
///
/// Nothing here is worth an error: a file that cannot be read is not there, and one that cannot be
/// written is written another time.
final class Binaries {
  private final Optional<Path> folder;
  private final String device;

  /// @param folder for the files; without one nothing is kept
  Binaries(Optional<Path> folder, Card card) {
    this.folder = folder;
    this.device =
        String.join("\n", card.name(), card.version(), card.driver(), Programs.options(card));
  }

  /// Where binaries are kept by default.
  static Optional<Path> standardFolder() {
    String chosen = System.getProperty("vectorgrad.opencl.cache", "");
    if (chosen.equals("none")) {
      return Optional.empty();
    } else if (!chosen.isBlank()) {
      return Optional.of(Path.of(chosen));
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path caches =
        xdg != null && Path.of(xdg).isAbsolute() // others are to be ignored, the standard says
            ? Path.of(xdg)
            : Path.of(System.getProperty("user.home"), ".cache");
    return Optional.of(caches.resolve("vectorgrad", "opencl"));
  }

  /// What a source was compiled to.
  Optional<byte[]> find(String source) {
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readAllBytes(file(folder.orElseThrow(), source)));
    } catch (NoSuchFileException e) {
      return Optional.empty(); // not compiled yet
    } catch (IOException e) {
      return Optional.empty(); // compiled again
    }
  }

  /// Keeps what a source was compiled to. Other processes see all of it or nothing.
  void keep(String source, byte[] binary) {
    if (folder.isEmpty()) {
      return;
    }
    try {
      Path file = file(Files.createDirectories(folder.orElseThrow()), source);
      Path whole = Files.createTempFile(file.getParent(), "new-", ".tmp");
      try {
        Files.write(whole, binary);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(whole);
      }
    } catch (IOException e) {
      // a full disk, or a home that is read-only: the next run compiles again
    }
  }

  private Path file(Path folder, String source) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest((device + "\n" + source).getBytes(StandardCharsets.UTF_8));
      return folder.resolve(HexFormat.of().formatHex(hash, 0, 16) + ".bin");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
