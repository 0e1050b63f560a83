package vectorgrad.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;

/// What stands before the elements of an npy file.
///
/// | bytes | content |
/// |---|---|
/// | 6 | `93 4e 55 4d 50 59`, which is `\x93NUMPY` |
/// | 2 | version: 1.0, 2.0 or 3.0 |
/// | 2, from version 2.0 on 4 | length of the text, little-endian |
/// | length | the text, Latin-1, from version 3.0 on UTF-8: a Python dictionary, blanks, line feed |
///
/// Source: NumPy, "A simple file format for NumPy arrays" (NEP 1), and `numpy/lib/format.py` of
/// NumPy 2.4.
///
/// @param type the type of the elements
/// @param fortranOrder whether the first axis, not the last, runs fastest
/// @param sizes the sizes of the axes, which may be more than fit in a tensor
/// @param length the bytes up to the first element
record NpyHeader(NpyType type, boolean fortranOrder, List<Long> sizes, int length) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;

  /// NumPy leaves room for a first axis of so many digits, so that a file can grow in place.
  private static final int DIGITS = 21;

  /// NumPy reads no more than 10,000 either, unless it is asked to.
  private static final int LONGEST_TEXT = 1 << 16;

  /// The number of elements.
  ///
  /// @throws ArithmeticException if there are 2⁶³ or more
  long count() {
    if (sizes.contains(0L)) {
      return 0;
    }
    return sizes.stream().reduce(1L, Math::multiplyExact);
  }

  // ---- writing --------------------------------------------------------------------------------

  /// The bytes of a header of version 1.0, to the bit as NumPy writes it.
  static byte[] bytes(NpyType type, Shape shape) {
    String sizes =
        Arrays.stream(shape.toArray())
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(", "));
    String text =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }"
            .formatted(type.notation(), shape.rank() == 1 ? sizes + "," : sizes);
    if (shape.rank() > 0) {
      text += " ".repeat(DIGITS - Integer.toString(shape.get(0)).length());
    }
    int before = MAGIC.length + 4;
    int padding = ALIGNMENT - (before + text.length() + 1) % ALIGNMENT;
    text += " ".repeat(padding) + "\n";
    return ByteBuffer.allocate(before + text.length())
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) text.length())
        .put(text.getBytes(StandardCharsets.ISO_8859_1))
        .array();
  }

  // ---- reading --------------------------------------------------------------------------------

  /// Reads a header, and nothing behind it.
  static NpyHeader read(InputStream in, NpySource source) throws IOException {
    byte[] start = in.readNBytes(8);
    if (start.length < 8 || !Arrays.equals(start, 0, 6, MAGIC, 0, 6)) {
      throw source.error(
          source
              .message("this is no npy file")
              .row("wanted", "93 4e 55 4d 50 59")
              .row("found", start.length == 0 ? "nothing" : spaced(start)));
    }
    int version = start[6];
    if (version < 1 || version > 3 || start[7] != 0) {
      throw source.error(
          source
              .message("version %d.%d of the format is unknown".formatted(version, start[7]))
              .row("rule", "versions are 1.0, 2.0 and 3.0"));
    }
    byte[] lengthBytes = in.readNBytes(version == 1 ? 2 : 4);
    if (lengthBytes.length < (version == 1 ? 2 : 4)) {
      throw source.damaged("the file ends inside its header");
    }
    long length = 0;
    for (int i = lengthBytes.length - 1; i >= 0; i--) {
      length = length << 8 | (lengthBytes[i] & 0xff);
    }
    if (length > LONGEST_TEXT) {
      throw source.damaged("the header is %,d bytes long".formatted(length));
    }
    byte[] text = in.readNBytes((int) length);
    if (text.length < length) {
      throw source.damaged("the file ends inside its header");
    }
    String dictionary =
        new String(text, version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    return parse(dictionary, 8 + lengthBytes.length + text.length, source);
  }

  private static NpyHeader parse(String text, int length, NpySource source) throws IOException {
    NpyDictionary dictionary;
    try {
      dictionary = NpyDictionary.parse(text);
    } catch (IllegalArgumentException e) {
      throw source.error(
          source
              .message("the header cannot be read, " + e.getMessage())
              .row("found", text.strip())
              .row("wanted", "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"));
    }
    if (dictionary.structured()) {
      throw source.error(
          source
              .message("the array holds records of several fields")
              .row("help", "save each field by itself: np.save(file, array['field'])"));
    }
    NpyType type = NpyType.parse(dictionary.descr());
    if (!type.isKnown()) {
      Message message =
          source
              .message("the array holds " + type.inWords())
              .row("found", "dtype '" + dictionary.descr() + "'");
      throw source.error(
          type.code().equals("O")
              ? message
                  .row("rule", "they are stored as a pickle, a program that only Python can run")
                  .row("help", "save numbers: np.save(file, np.asarray(array, np.float32))")
              : message.row("rule", "f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, u8, b1 and V2"));
    }
    return new NpyHeader(type, dictionary.fortranOrder(), dictionary.shape(), length);
  }

  /// The shape of the whole array as one tensor.
  Shape shape(NpySource source) throws DataException {
    try {
      return Shape.of(sizes.stream().mapToInt(Math::toIntExact).toArray());
    } catch (ArithmeticException | ShapeException e) {
      throw new DataException(
          source
              .message("the array has more elements than a tensor can hold")
              .row("shape", "(" + sizesInWords() + ")")
              .row("help", "read it in parts: Npy.map(file).rows(from, to)"),
          source.file(),
          e);
    }
  }

  String sizesInWords() {
    return sizes.stream().map(size -> Long.toString(size)).collect(Collectors.joining(", "));
  }

  private static String spaced(byte[] bytes) {
    return HexFormat.ofDelimiter(" ").formatHex(bytes);
  }
}
