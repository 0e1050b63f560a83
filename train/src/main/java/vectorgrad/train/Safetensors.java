package vectorgrad.train;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Reads and writes the safetensors format, which PyTorch, JAX and others share.
///
/// A file is the length of the header (8 bytes, little endian), the header in JSON (for every name
/// its dtype, shape and place, and `__metadata__`, a map of strings), and the numbers in row-major
/// order, little endian, one tensor behind the other.
///
/// Source: the format's description at huggingface.co/docs/safetensors.
public final class Safetensors {
  private static final int LARGEST_HEADER = 100_000_000; // the limit of the original implementation
  private static final int ALIGNMENT = 8;

  private Safetensors() {}

  /// What a file holds.
  ///
  /// @param tensors by name, in the order they lie in the file
  /// @param metadata what the writer added
  public record Contents(Map<String, Tensor> tensors, Map<String, String> metadata) {}

  /// Writes `tensors` and `metadata`, to a temporary name first.
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    JsonObject header = new JsonObject();
    JsonObject extra = new JsonObject();
    metadata.forEach(extra::addProperty);
    header.add("__metadata__", extra);
    long place = 0;
    for (var entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      long end = place + (long) tensor.size() * tensor.dtype().bytes();
      JsonArray shape = new JsonArray();
      for (int size : tensor.shape().toArray()) {
        shape.add(size);
      }
      JsonArray offsets = new JsonArray();
      offsets.add(place);
      offsets.add(end);
      JsonObject description = new JsonObject();
      description.addProperty("dtype", tensor.dtype().name());
      description.add("shape", shape);
      description.add("data_offsets", offsets);
      header.add(entry.getKey(), description);
      place = end;
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    int padding = Math.floorMod(-json.length, ALIGNMENT);
    SafeFile.write(
        file,
        temporary -> {
          try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            ByteBuffer start = little(8 + json.length + padding);
            start
                .putLong(json.length + padding)
                .put(json)
                .put(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
            writeFully(channel, start.flip());
            for (Tensor tensor : tensors.values()) {
              writeFully(channel, bytes(tensor));
            }
            channel.force(true);
          }
        });
  }

  /// Reads a file written by anyone.
  ///
  /// @throws CheckpointException if the file is damaged, or holds a dtype that is not known here
  public static Contents read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          Message.of("safetensors", "there is no file " + file)
              .row("help", "runs keep theirs as runs/<name>/checkpoint.safetensors"));
    }
    try (FileChannel channel = FileChannel.open(file)) {
      long length = channel.size();
      if (length < 8) {
        throw damaged(file, "it ends within the header's length");
      }
      long headerLength = read(channel, 0, 8).getLong();
      if (headerLength < 2 || headerLength > LARGEST_HEADER || 8 + headerLength > length) {
        throw damaged(file, "a header of " + headerLength + " bytes in a file of " + length);
      }
      String json = StandardCharsets.UTF_8.decode(read(channel, 8, (int) headerLength)).toString();
      return contents(file, channel, 8 + headerLength, length, json);
    }
  }

  private record Entry(String name, DType dtype, Shape shape, long from, long to) {}

  private static Contents contents(
      Path file, FileChannel channel, long start, long length, String json) throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>();
    List<Entry> entries = new ArrayList<>();
    try {
      for (var entry : JsonParser.parseString(json).getAsJsonObject().entrySet()) {
        if (entry.getKey().equals("__metadata__")) {
          entry
              .getValue()
              .getAsJsonObject()
              .entrySet()
              .forEach(e -> metadata.put(e.getKey(), e.getValue().getAsString()));
        } else {
          entries.add(entry(file, entry.getKey(), entry.getValue().getAsJsonObject()));
        }
      }
    } catch (JsonParseException
        | IllegalStateException
        | UnsupportedOperationException
        | NumberFormatException
        | NullPointerException
        | IndexOutOfBoundsException e) {
      throw damaged(file, "the header is not the JSON of a safetensors file");
    }
    entries.sort(Comparator.comparingLong(Entry::from));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    long place = 0;
    for (Entry entry : entries) {
      long size = (long) entry.shape().size() * entry.dtype().bytes();
      if (entry.from() != place || entry.to() - entry.from() != size) {
        throw damaged(file, "the numbers of \"" + entry.name() + "\" overlap or leave gaps");
      }
      if (start + entry.to() > length) {
        throw damaged(file, "it ends within the numbers of \"" + entry.name() + "\"");
      }
      tensors.put(entry.name(), tensor(entry, read(channel, start + entry.from(), (int) size)));
      place = entry.to();
    }
    if (start + place != length) {
      throw damaged(file, (length - start - place) + " bytes follow the last tensor");
    }
    return new Contents(tensors, metadata);
  }

  private static Entry entry(Path file, String name, JsonObject description) throws IOException {
    String dtype = description.get("dtype").getAsString();
    JsonArray offsets = description.get("data_offsets").getAsJsonArray();
    int[] sizes =
        description.get("shape").getAsJsonArray().asList().stream()
            .mapToInt(JsonElement::getAsInt)
            .toArray();
    for (DType known : DType.values()) {
      if (known.name().equals(dtype)) {
        return new Entry(
            name, known, Shape.of(sizes), offsets.get(0).getAsLong(), offsets.get(1).getAsLong());
      }
    }
    throw new CheckpointException(
        Message.of("safetensors", "\"" + name + "\" has dtype " + dtype)
            .row("file", file)
            .row("rule", "F32, F64, I32 and BOOL can be read"));
  }

  private static Tensor tensor(Entry entry, ByteBuffer bytes) {
    int size = entry.shape().size();
    return switch (entry.dtype()) {
      case F32 -> {
        float[] values = new float[size];
        bytes.asFloatBuffer().get(values);
        yield Tensor.of(values, entry.shape());
      }
      case F64 -> {
        double[] values = new double[size];
        bytes.asDoubleBuffer().get(values);
        yield Tensor.of(values, entry.shape());
      }
      case I32 -> {
        int[] values = new int[size];
        bytes.asIntBuffer().get(values);
        yield Tensor.of(values, entry.shape());
      }
      case BOOL -> {
        boolean[] values = new boolean[size];
        for (int i = 0; i < size; i++) {
          values[i] = bytes.get(i) != 0;
        }
        yield Tensor.of(values).reshape(entry.shape());
      }
    };
  }

  private static ByteBuffer bytes(Tensor tensor) {
    Tensor here = tensor.to(Device.CPU);
    ByteBuffer buffer = little(here.size() * here.dtype().bytes());
    switch (here.dtype()) {
      case F32 -> buffer.asFloatBuffer().put(here.toFloats());
      case F64 -> buffer.asDoubleBuffer().put(here.toDoubles());
      case I32 -> buffer.asIntBuffer().put(here.toInts());
      case BOOL -> {
        boolean[] values = here.toBooleans();
        for (int i = 0; i < values.length; i++) {
          buffer.put(i, (byte) (values[i] ? 1 : 0));
        }
      }
    }
    return buffer;
  }

  private static ByteBuffer little(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer read(FileChannel channel, long place, int length) throws IOException {
    ByteBuffer buffer = little(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, place + buffer.position()) < 0) {
        throw new IOException("the file became shorter while it was read");
      }
    }
    return buffer.flip();
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static CheckpointException damaged(Path file, String how) {
    return new CheckpointException(
        Message.of("safetensors", "the file is damaged: " + how)
            .row("file", file)
            .row("help", "use another checkpoint, or train again"));
  }
}
