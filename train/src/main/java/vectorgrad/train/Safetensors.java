package vectorgrad.train;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import vectorgrad.data.SafeFile;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.spi.Elements;

/// Tensors by name, as files in the safetensors format, which PyTorch, JAX and others read and
/// write too.
///
/// A file is the length of the header (8 bytes), the header in JSON (for every name its dtype,
/// shape and place, and `__metadata__`, texts by name), padded with blanks, and then the numbers of
/// one tensor behind the other, row-major. Everything is little-endian. Nothing in it is executed,
/// and everything that is read is checked first: a file from a stranger can be refused but cannot
/// do harm.
///
/// Of the format's dtypes F32, F64, I32, I64, U8, BOOL, F16 and BF16 are known here. Bits are kept
/// as they are, those of NaN included.
///
/// Source: the format's description and its reference implementation, version 0.6,
/// github.com/huggingface/safetensors.
///
/// @param tensors the tensors, in the order they lie in the file
/// @param metadata what the writer says about them
public record Safetensors(Map<String, Tensor> tensors, Map<String, String> metadata) {
  private static final int LARGEST_HEADER =
      100_000_000; // the limit of the reference implementation
  private static final int CHUNK = 1 << 20;

  /// Keeps copies of the maps.
  public Safetensors {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata =
        Collections.unmodifiableMap(new TreeMap<>(metadata)); // so equal ones give equal files
  }

  // ---- writing --------------------------------------------------------------------------------

  /// Writes the file under a temporary name, then moves it to its own: there is the whole file, or
  /// what was there before.
  ///
  /// @throws IOException if it cannot be written
  public void write(Path file) throws IOException {
    SafetensorsHeader header = SafetensorsHeader.of(tensors, metadata);
    byte[] json = header.toBytes();
    ByteBuffer start = ByteBuffer.allocate(8 + json.length).order(ByteOrder.LITTLE_ENDIAN);
    start.putLong(json.length).put(json).flip();
    SafeFile.write(
        file,
        channel -> {
          SafeFile.writeFully(channel, start);
          for (SafetensorsHeader.Entry entry : header.entries()) {
            write(channel, tensors.get(entry.name()));
          }
        });
  }

  private static void write(FileChannel channel, Tensor tensor) throws IOException {
    byte[] chunk = new byte[CHUNK];
    MemorySegment view = MemorySegment.ofArray(chunk);
    Object array = tensor.toArray();
    int bytes = tensor.dtype().bytes();
    int count;
    for (int from = 0; from < tensor.size(); from += count) {
      count = Math.min(CHUNK / bytes, tensor.size() - from);
      MemorySegment.copy(array, from, view, element(tensor.dtype()), 0, count);
      SafeFile.writeFully(channel, ByteBuffer.wrap(chunk, 0, count * bytes));
    }
  }

  // ---- reading --------------------------------------------------------------------------------

  /// Reads a file, whoever wrote it.
  ///
  /// @throws CheckpointException if there is none, if it is damaged, or if it holds a dtype unknown
  ///   here
  public static Safetensors read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          Message.of(
                  "safetensors",
                  Files.exists(file) ? "this is not a file" : "there is no such file")
              .row("file", file)
              .row("help", instead(file)));
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long length = channel.size();
      if (length < 8) {
        throw CheckpointException.damaged(file, "it has only " + length + " bytes");
      }
      long json = buffer(file, channel, 8).getLong();
      if (json < 2 || json > Math.min(LARGEST_HEADER, length - 8)) {
        throw CheckpointException.damaged(
            file,
            "it announces a header of %s bytes and has %,d bytes in all"
                .formatted(Long.toUnsignedString(json), length));
      }
      SafetensorsHeader header =
          SafetensorsHeader.parse(file, text(file, buffer(file, channel, (int) json)));
      header.check(file, length - 8 - json);
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      for (SafetensorsHeader.Entry entry : header.entries()) {
        tensors.put(entry.name(), read(file, channel, entry));
      }
      return new Safetensors(tensors, header.metadata());
    }
  }

  /// What could be named instead of a file that is not there: the first few in its folder.
  private static String instead(Path file) throws IOException {
    Path folder = Files.isDirectory(file) ? file : file.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      return "there is no folder " + folder + " either; vg train makes one in runs, or as --out";
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names =
          files
              .map(found -> found.getFileName().toString())
              .filter(name -> name.endsWith(".safetensors"))
              .sorted()
              .limit(5)
              .toList();
      return names.isEmpty()
          ? "the folder has none at all; vg train leaves them in a folder of runs, or in --out"
          : "there are " + String.join(", ", names);
    }
  }

  private static Tensor read(Path file, FileChannel channel, SafetensorsHeader.Entry entry)
      throws IOException {
    int size = entry.shape().size();
    Object array = Elements.array(entry.dtype(), size);
    int bytes = entry.dtype().bytes();
    int count;
    for (int from = 0; from < size; from += count) {
      count = Math.min(CHUNK / bytes, size - from);
      MemorySegment view = MemorySegment.ofBuffer(buffer(file, channel, count * bytes));
      MemorySegment.copy(view, element(entry.dtype()), 0, array, from, count);
    }
    if (entry.dtype() == DType.BOOL) {
      checkTruths(file, entry, (byte[]) array);
    }
    return Tensor.ofArray(array, entry.shape(), entry.dtype());
  }

  private static void checkTruths(Path file, SafetensorsHeader.Entry entry, byte[] values)
      throws CheckpointException {
    for (byte value : values) {
      if (value != 0 && value != 1) {
        throw CheckpointException.damaged(
            file, "\"%s\" has the truth value %d".formatted(entry.name(), value));
      }
    }
  }

  private static ValueLayout element(DType dtype) {
    ValueLayout layout =
        switch (dtype) {
          case F32 -> JAVA_FLOAT_UNALIGNED;
          case F64 -> JAVA_DOUBLE_UNALIGNED;
          case I32 -> JAVA_INT_UNALIGNED;
          case I64 -> JAVA_LONG_UNALIGNED;
          case F16, BF16 -> JAVA_SHORT_UNALIGNED;
          case U8, BOOL -> JAVA_BYTE;
        };
    return layout.withOrder(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer buffer(Path file, FileChannel channel, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw CheckpointException.damaged(file, "it became shorter while it was read");
      }
    }
    return buffer.flip();
  }

  private static String text(Path file, ByteBuffer bytes) throws CheckpointException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw CheckpointException.damaged(file, "its header is not UTF-8", e);
    }
  }
}
