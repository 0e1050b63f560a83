package vectorgrad.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.spi.Elements;

/// Tensors in NumPy's own format, one array a file.
///
/// ```java
/// Npy.write(Path.of("weights.npy"), weights);   // np.load("weights.npy")
/// Tensor x = Npy.read(Path.of("x.npy"));        // np.save("x.npy", x)
/// ```
///
/// Files of versions 1.0, 2.0 and 3.0 are read, of either byte order, in C and in Fortran order.
/// Written are version 1.0, little-endian, in C order: to the byte what `np.save` writes.
///
/// | in the file | tensor | |
/// |---|---|---|
/// | `f2` `f4` `f8` | `F16` `F32` `F64` | both ways, all bits kept |
/// | `i4` `i8` `u1` `b1` | `I32` `I64` `U8` `BOOL` | both ways |
/// | `V2` | `BF16` | both ways |
/// | `i1` `i2` `u2` | `I32` | read, widened |
/// | `u4` `u8` | `I64` | read, widened; numbers from 2⁶³ on are refused |
///
/// The format has no code for bfloat16. NumPy with `ml_dtypes` writes it as two bytes of no type,
/// `V2`, and so does [#write]; in Python, `np.load(file).view(ml_dtypes.bfloat16)` gives the
/// numbers back. Records, texts, complex numbers and Python objects are refused; nothing in a file
/// is executed.
public final class Npy {
  private static final int CHUNK = 1 << 20;

  private Npy() {}

  /// Reads the array in `file`. One in Fortran order comes as a permuted view.
  ///
  /// @throws DataException if there is none, if it is damaged, shorter or longer than its header
  ///   says, or of a type without a dtype
  public static Tensor read(Path file) throws IOException {
    NpySource source = new NpySource(file, Optional.empty());
    expectFile(source);
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, Files.size(file), source);
    }
  }

  /// Writes `tensor` under a temporary name, then moves it to `file`: there is the whole file, or
  /// what was there before.
  public static void write(Path file, Tensor tensor) throws IOException {
    SafeFile.write(file, channel -> write(Channels.newOutputStream(channel), tensor));
  }

  /// Opens `file` for reading in parts, without reading it: for arrays larger than the memory.
  /// Close it after use.
  ///
  /// @throws DataException as in [#read], and for a single number, which has no rows
  public static MappedArray map(Path file) throws IOException {
    NpySource source = new NpySource(file, Optional.empty());
    expectFile(source);
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      NpyHeader header = NpyHeader.read(Channels.newInputStream(channel), source);
      expectLength(header, channel.size(), source);
      if (header.sizes().isEmpty()) {
        throw source.error(
            source.message("a single number has no rows").row("help", "Npy.read(file) reads it"));
      }
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return new MappedArray(source, header, bytes.asSlice(header.length()), arena);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private static void expectFile(NpySource source) throws DataException {
    if (!Files.isRegularFile(source.file())) {
      throw source.error(
          source.message(
              Files.exists(source.file()) ? "this is not a file" : "there is no such file"));
    }
  }

  /// Reads an array from a stream that has `available` bytes in all.
  static Tensor read(InputStream in, long available, NpySource source) throws IOException {
    NpyHeader header = NpyHeader.read(in, source);
    expectLength(header, available, source);
    Shape shape = header.shape(source);
    NpyType type = header.type();
    Object array = Elements.array(type.dtype(), shape.size());
    int count;
    for (int from = 0; from < shape.size(); from += count) {
      count = Math.min(CHUNK / type.bytes(), shape.size() - from);
      byte[] chunk = in.readNBytes(count * type.bytes());
      if (chunk.length < count * type.bytes()) {
        throw source.damaged("the file ends early");
      }
      decode(header, MemorySegment.ofArray(chunk), 0, array, from, count, source);
    }
    return arranged(array, shape, header.fortranOrder(), type.dtype());
  }

  static void decode(
      NpyHeader header,
      MemorySegment bytes,
      long offset,
      Object array,
      int from,
      int count,
      NpySource source)
      throws DataException {
    try {
      header.type().decode(bytes, offset, array, from, count);
    } catch (ArithmeticException e) {
      throw source.error(
          source
              .message("the number " + e.getMessage() + " does not fit i64")
              .row("found", "dtype '" + header.type().notation() + "'"));
    }
  }

  /// The tensor of the given shape whose elements lie in `array`, with the first axis running
  /// fastest if `fortranOrder`: that is the shape reversed, and the axes reversed again.
  static Tensor arranged(Object array, Shape shape, boolean fortranOrder, DType dtype) {
    if (!fortranOrder || shape.rank() < 2) {
      return Tensor.ofArray(array, shape, dtype);
    }
    int rank = shape.rank();
    int[] reversed = new int[rank];
    int[] order = new int[rank];
    for (int i = 0; i < rank; i++) {
      reversed[i] = shape.get(rank - 1 - i);
      order[i] = rank - 1 - i;
    }
    return Tensor.ofArray(array, Shape.of(reversed), dtype).permute(order);
  }

  private static void expectLength(NpyHeader header, long available, NpySource source)
      throws DataException {
    long found = available - header.length();
    long wanted;
    try {
      wanted = Math.multiplyExact(header.count(), (long) header.type().bytes());
    } catch (ArithmeticException _) {
      throw source.damaged("the header says (" + header.sizesInWords() + ") elements");
    }
    if (found != wanted) {
      Message message =
          source
              .message(found < wanted ? "the file ends early" : "the file goes on after its array")
              .row("wanted", "%,d bytes for (%s)".formatted(wanted, header.sizesInWords()))
              .row("found", "%,d bytes".formatted(found));
      throw source.error(
          found < wanted ? message.row("help", "the copy is incomplete; make it again") : message);
    }
  }

  // ---- writing --------------------------------------------------------------------------------

  /// The bytes that [#write] writes in all.
  static long length(Tensor tensor) {
    NpyType type = NpyType.of(tensor.dtype());
    return NpyHeader.bytes(type, tensor.shape()).length + (long) type.bytes() * tensor.size();
  }

  static void write(OutputStream out, Tensor tensor) throws IOException {
    NpyType type = NpyType.of(tensor.dtype());
    out.write(NpyHeader.bytes(type, tensor.shape()));
    Object array = tensor.toArray();
    byte[] chunk = new byte[Math.min(CHUNK, type.bytes() * Math.min(CHUNK, tensor.size()))];
    int count;
    for (int from = 0; from < tensor.size(); from += count) {
      count = Math.min(chunk.length / type.bytes(), tensor.size() - from);
      type.encode(array, from, MemorySegment.ofArray(chunk), count);
      out.write(chunk, 0, count * type.bytes());
    }
  }
}
