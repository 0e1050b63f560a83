package vectorgrad.data;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.spi.Elements;

/// An array in a file that is read in parts, each when it is asked for: see [Npy#map]. The
/// operating system keeps what was read lately in memory, as far as there is room.
///
/// ```java
/// try (var x = Npy.map(Path.of("embeddings.npy"))) {   // (10,000,000, 768)
///   Tensor batch = x.rows(4096, 8192);                 // (4096, 768), a copy
/// }
/// ```
///
/// Any thread may read. The file must not be made shorter meanwhile.
public final class MappedArray implements Closeable {
  private final NpySource source;
  private final NpyHeader header;
  private final MemorySegment bytes;
  private final Arena arena;

  MappedArray(NpySource source, NpyHeader header, MemorySegment bytes, Arena arena) {
    this.source = source;
    this.header = header;
    this.bytes = bytes;
    this.arena = arena;
  }

  /// The sizes of all axes, which may be more than fit in a tensor.
  public List<Long> sizes() {
    return header.sizes();
  }

  /// The size of the first axis.
  public long rows() {
    return header.sizes().getFirst();
  }

  /// The dtype of the tensors that [#rows(long, long)] gives.
  public DType dtype() {
    return header.type().dtype();
  }

  /// The parts of the array from `from` up to but without `to` along the first axis, in a copy. The
  /// whole of an array in C order lies together; one in Fortran order is gathered, and comes as a
  /// permuted view.
  ///
  /// @throws IndexOutOfBoundsException if there are no such rows
  /// @throws ShapeException if they are more than a tensor can hold
  /// @throws IllegalStateException after [#close()]
  public Tensor rows(long from, long to) throws IOException {
    if (from < 0 || from > to || to > rows()) {
      throw new IndexOutOfBoundsException(
          Message.of("rows", "there are no rows " + from + " to " + to)
              .row("file", source.file())
              .row("rule", "rows go from 0 to " + rows())
              .toString());
    }
    if (!arena.scope().isAlive()) {
      throw new IllegalStateException(
          Message.of("rows", "the array is closed").row("file", source.file()).toString());
    }
    Shape shape = shapeOf(to - from);
    int count = (int) (to - from);
    long bytesEach = header.type().bytes();
    Object array = Elements.array(dtype(), shape.size());
    if (shape.size() > 0) {
      int inner = shape.size() / count; // elements of one row
      if (header.fortranOrder()) {
        for (int i = 0; i < inner; i++) {
          long place = (i * rows() + from) * bytesEach;
          Npy.decode(header, bytes, place, array, i * count, count, source);
        }
      } else {
        Npy.decode(header, bytes, from * inner * bytesEach, array, 0, shape.size(), source);
      }
    }
    return Npy.arranged(array, shape, header.fortranOrder(), dtype());
  }

  private Shape shapeOf(long count) {
    long[] sizes = header.sizes().stream().mapToLong(size -> size).toArray();
    sizes[0] = count;
    long product = 1;
    int[] small = new int[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] > Integer.MAX_VALUE || product * sizes[i] > Integer.MAX_VALUE - 8) {
        throw new ShapeException(
            Message.of("rows", "more elements than a tensor can hold")
                .row("file", source.file())
                .row("array", "(" + header.sizesInWords() + ")")
                .row("rows", count)
                .row("help", "read fewer rows at a time"));
      }
      small[i] = (int) sizes[i];
      product *= sizes[i];
    }
    return Shape.of(small);
  }

  /// Gives the file back; what was read stays. Closing twice does nothing.
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
