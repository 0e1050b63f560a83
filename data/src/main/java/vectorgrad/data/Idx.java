package vectorgrad.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;

/// The content of an IDX file, the format of MNIST and its relatives: an array of unsigned bytes of
/// any rank.
///
/// | bytes | content |
/// |-------|---------|
/// | 2 | zero |
/// | 1 | element type; 8 is unsigned byte, the only one read here |
/// | 1 | rank |
/// | 4 · rank | sizes, big-endian |
/// | rest | the elements, row-major |
///
/// A file may be compressed by gzip; that is seen from its first bytes, whatever its name. The
/// content is read in one pass, and nothing larger than what really arrives is allocated.
///
/// Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits".
public final class Idx {
  private static final int UNSIGNED_BYTE = 8;
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path file;
  private final Shape shape;
  private final byte[] values;
  private final String md5;

  private Idx(Path file, Shape shape, byte[] values, String md5) {
    this.file = file;
    this.shape = shape;
    this.values = values;
    this.md5 = md5;
  }

  /// Reads `file` to its end.
  ///
  /// @throws DataException if it is missing, damaged, shorter or longer than its header says, or
  ///   not an IDX file of unsigned bytes
  public static Idx read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new DataException(Message.of("Idx", "there is no such file").row("file", file), file);
    }
    MessageDigest digest = newMd5();
    try (var raw = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
        var content = new DigestInputStream(decompressed(raw), digest)) {
      Shape shape = readHeader(content, file);
      byte[] values = content.readNBytes(shape.size());
      if (values.length < shape.size()) {
        throw endsEarly(file, shape, values.length + " values");
      }
      long surplus = content.transferTo(OutputStream.nullOutputStream());
      if (surplus > 0) {
        throw new DataException(
            Message.of("Idx", "the file goes on after its last value")
                .row("file", file)
                .row("wanted", shape + ", " + shape.size() + " values")
                .row("found", surplus + " bytes more"),
            file);
      }
      return new Idx(file, shape, values, HexFormat.of().formatHex(digest.digest()));
    } catch (EOFException e) {
      throw new DataException(
          Message.of("Idx", "the compressed file ends early")
              .row("file", file)
              .row("found", Files.size(file) + " bytes")
              .row("help", "the copy is incomplete; fetch it again"),
          file,
          e);
    } catch (ZipException e) {
      throw new DataException(
          Message.of("Idx", "the compressed file is damaged, " + e.getMessage())
              .row("file", file)
              .row("help", "fetch it again"),
          file,
          e);
    }
  }

  /// The file this was read from.
  public Path file() {
    return file;
  }

  /// The sizes in the header.
  public Shape shape() {
    return shape;
  }

  /// The elements, row-major, each an unsigned byte. This is the array itself and no copy.
  public byte[] values() {
    return values;
  }

  /// The md5 of the uncompressed content, header included, in hexadecimal.
  public String md5() {
    return md5;
  }

  /// This array, if it has the given rank.
  ///
  /// @throws DataException otherwise
  public Idx expectRank(int rank) throws DataException {
    if (shape.rank() != rank) {
      throw new DataException(
          Message.of("Idx", "the file has rank " + shape.rank() + ", wanted " + rank)
              .row("file", file)
              .row("found", shape)
              .row("rule", "pictures have rank 3 (count, height, width), labels rank 1 (count)"),
          file);
    }
    return this;
  }

  /// This array, if its content has the given sum.
  ///
  /// @throws DataException otherwise
  public Idx expectMd5(String wanted) throws DataException {
    if (!md5.equals(wanted)) {
      throw new DataException(
          Message.of("Idx", "the content differs from the published file")
              .row("file", file)
              .row("wanted", "md5 " + wanted)
              .row("found", "md5 " + md5 + ", " + shape)
              .row("rule", "sums are of the uncompressed content"),
          file);
    }
    return this;
  }

  private static InputStream decompressed(BufferedInputStream raw) throws IOException {
    raw.mark(2);
    boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
    raw.reset();
    return gzip ? new GZIPInputStream(raw, BUFFER_BYTES) : raw;
  }

  private static Shape readHeader(InputStream in, Path file) throws IOException {
    byte[] magic = in.readNBytes(4);
    if (magic.length < 4 || magic[0] != 0 || magic[1] != 0) {
      throw new DataException(
          Message.of("Idx", "this is no IDX file")
              .row("file", file)
              .row("wanted", "00 00 08 rank")
              .row("found", magic.length == 0 ? "nothing" : spaced(magic)),
          file);
    }
    if (magic[2] != UNSIGNED_BYTE) {
      throw new DataException(
          Message.of("Idx", "the elements are " + typeName(magic[2]) + ", not unsigned bytes")
              .row("file", file)
              .row("wanted", "type 08")
              .row("found", "type %02x".formatted(magic[2])),
          file);
    }
    int rank = magic[3] & 0xff;
    byte[] sizes = in.readNBytes(4 * rank);
    if (sizes.length < 4 * rank) {
      throw new DataException(
          Message.of("Idx", "the file ends inside its header")
              .row("file", file)
              .row("wanted", 4 + 4 * rank + " bytes for rank " + rank)
              .row("found", 4 + sizes.length + " bytes"),
          file);
    }
    return toShape(sizes, rank, file);
  }

  private static Shape toShape(byte[] bytes, int rank, Path file) throws DataException {
    long[] sizes = new long[rank];
    long count = 1;
    long largest = 0;
    for (int axis = 0; axis < rank; axis++) {
      for (int i = 0; i < 4; i++) {
        sizes[axis] = sizes[axis] << 8 | (bytes[4 * axis + i] & 0xff);
      }
      largest = Math.max(largest, sizes[axis]);
      // Never wraps around: at most 2^31 times less than 2^32.
      count = Math.min(count * sizes[axis], 1L << 31);
    }
    if (Math.max(count, largest) > Integer.MAX_VALUE - 8) {
      throw new DataException(
          Message.of("Idx", "the header says more values than an array can hold")
              .row("file", file)
              .row("found", Arrays.toString(sizes)),
          file);
    }
    return Shape.of(Arrays.stream(sizes).mapToInt(Math::toIntExact).toArray());
  }

  private static DataException endsEarly(Path file, Shape shape, String found) {
    return new DataException(
        Message.of("Idx", "the file ends early")
            .row("file", file)
            .row("wanted", shape + ", " + shape.size() + " values")
            .row("found", found)
            .row("help", "the copy is incomplete; fetch it again"),
        file);
  }

  private static String typeName(byte type) {
    return switch (type) {
      case 9 -> "signed bytes";
      case 0xb -> "16-bit integers";
      case 0xc -> "32-bit integers";
      case 0xd -> "32-bit floating-point numbers";
      case 0xe -> "64-bit floating-point numbers";
      default -> "of an unknown type";
    };
  }

  private static String spaced(byte[] bytes) {
    return HexFormat.ofDelimiter(" ").formatHex(bytes);
  }

  private static MessageDigest newMd5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
