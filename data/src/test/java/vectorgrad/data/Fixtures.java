package vectorgrad.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/// Data sets small enough to be written by a test: 6 + 2 pictures of 4×3 in three classes.
final class Fixtures {
  static final List<String> CLASSES = List.of("a", "b", "c");

  /// The four uncompressed IDX files, in the order of [PublishedFiles#files()].
  static final List<byte[]> CONTENTS =
      List.of(
          idx(ramp(6 * 4 * 3), 6, 4, 3),
          idx(new byte[] {0, 1, 2, 0, 1, 2}, 6),
          idx(ramp(2 * 4 * 3), 2, 4, 3),
          idx(new byte[] {2, 1}, 2));

  private static final List<String> NAMES =
      List.of(
          "train-images-idx3-ubyte",
          "train-labels-idx1-ubyte",
          "t10k-images-idx3-ubyte",
          "t10k-labels-idx1-ubyte");

  private Fixtures() {}

  /// The description of the data set, without any public source.
  static PublishedFiles published() {
    return published(Optional.empty());
  }

  static PublishedFiles published(Optional<DebianPackage> debian) {
    List<PublishedFiles.Entry> entries = new ArrayList<>();
    for (int i = 0; i < NAMES.size(); i++) {
      byte[] content = CONTENTS.get(i);
      entries.add(new PublishedFiles.Entry(NAMES.get(i), content[3], content.length, md5(content)));
    }
    return new PublishedFiles("tiny", CLASSES, entries, List.of(), debian);
  }

  /// Writes the four files, compressed.
  static Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < NAMES.size(); i++) {
      Files.write(folder.resolve(NAMES.get(i) + ".gz"), gzip(CONTENTS.get(i)));
    }
    return folder;
  }

  /// Sources with a cache in `folder` and nothing else, heard by `progress`.
  static Sources sources(Path folder, Progress progress) {
    return new Sources(Optional.empty(), folder, Optional.empty(), false, progress);
  }

  /// An IDX file of unsigned bytes.
  static byte[] idx(byte[] values, int... sizes) {
    ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * sizes.length + values.length);
    buffer.putInt(0x0800 | sizes.length);
    for (int size : sizes) {
      buffer.putInt(size);
    }
    return buffer.put(values).array();
  }

  /// The bytes 0, 3, 6, … modulo 256.
  static byte[] ramp(int length) {
    byte[] values = new byte[length];
    for (int i = 0; i < length; i++) {
      values[i] = (byte) (3 * i);
    }
    return values;
  }

  static byte[] gzip(byte[] content) {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static String md5(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] head(byte[] bytes, int length) {
    return Arrays.copyOf(bytes, length);
  }
}
