package vectorgrad.data;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Tensor;

/// Tensors by name in NumPy's archives: a zip file with an npy file for each, see [Npy].
///
/// ```java
/// Npz.write(Path.of("model.npz"), Map.of("weight", w, "bias", b));  // np.savez
/// Map<String, Tensor> arrays = Npz.read(Path.of("model.npz"));      // np.load("model.npz")
/// ```
public final class Npz {
  private static final String SUFFIX = ".npy";

  /// Of every entry, so that equal tensors give equal files; Python's own choice.
  private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

  private Npz() {}

  /// Reads all arrays, in the order they lie in the file. Sums are checked.
  ///
  /// @throws DataException if there is no such file, if it is damaged, or if it holds something
  ///   else than arrays that [Npy] reads
  public static Map<String, Tensor> read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          Message.of("Npz", Files.exists(file) ? "this is not a file" : "there is no such file")
              .row("file", file),
          file);
    }
    var tensors = new LinkedHashMap<String, Tensor>();
    try (var zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        NpySource source = new NpySource(file, Optional.of(entry.getName()));
        if (!entry.getName().endsWith(SUFFIX)) {
          throw source.error(source.message("the archive holds something else than arrays"));
        }
        String name = entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
        if (tensors.put(name, read(zip, entry, source)) != null) {
          throw source.error(source.message("the archive holds two arrays of one name"));
        }
      }
    } catch (ZipException | EOFException e) {
      throw new DataException(
          Message.of("Npz", "this is no zip archive, or a damaged one, " + e.getMessage())
              .row("file", file)
              .row("help", "a single array is read by Npy.read(file)"),
          file,
          e);
    }
    return tensors;
  }

  private static Tensor read(ZipFile zip, ZipEntry entry, NpySource source) throws IOException {
    try (InputStream raw = zip.getInputStream(entry);
        var in = new CheckedInputStream(raw, new CRC32())) {
      Tensor tensor = Npy.read(in, entry.getSize(), source);
      if (in.getChecksum().getValue() != entry.getCrc()) {
        throw source.damaged("the sum of the array is wrong");
      }
      return tensor;
    }
  }

  /// Writes the tensors in the map's order, not compressed, under a temporary name, then moves the
  /// file to its own.
  public static void write(Path file, Map<String, Tensor> tensors) throws IOException {
    write(file, tensors, ZipEntry.STORED);
  }

  /// As [#write], compressed: smaller and slower, worth it for data with many zeros or repetitions.
  public static void writeCompressed(Path file, Map<String, Tensor> tensors) throws IOException {
    write(file, tensors, ZipEntry.DEFLATED);
  }

  private static void write(Path file, Map<String, Tensor> tensors, int method) throws IOException {
    SafeFile.write(
        file,
        channel -> {
          var zip =
              new ZipOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel)));
          for (Map.Entry<String, Tensor> named : tensors.entrySet()) {
            Tensor tensor = named.getValue();
            var entry = new ZipEntry(named.getKey() + SUFFIX);
            entry.setTimeLocal(EPOCH);
            entry.setMethod(method);
            if (method == ZipEntry.STORED) { // size and sum stand before what is stored
              var sum = new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
              Npy.write(sum, tensor);
              entry.setSize(Npy.length(tensor));
              entry.setCrc(sum.getChecksum().getValue());
            }
            zip.putNextEntry(entry);
            Npy.write(zip, tensor);
            zip.closeEntry();
          }
          zip.finish(); // the channel stays open, to be forced to the disk
          zip.flush();
        });
  }
}
