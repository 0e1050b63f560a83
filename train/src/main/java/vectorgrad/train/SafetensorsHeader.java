package vectorgrad.train;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.TensorException;

/// The header of a [Safetensors] file: which tensors lie where.
///
/// @param entries the tensors, in the order they lie in the file
/// @param metadata texts by name
record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata) {
  private static final String METADATA = "__metadata__";
  private static final int ALIGNMENT = 8;

  /// One tensor.
  ///
  /// @param begin where its bytes begin, counted from the end of the header
  /// @param end where they end
  record Entry(String name, DType dtype, Shape shape, long begin, long end) {
    long bytes() {
      return (long) shape.size() * dtype.bytes();
    }
  }

  /// The header of `tensors`, each behind the other. Wide elements come first, so that each lies at
  /// a multiple of its width; otherwise the order stays.
  static SafetensorsHeader of(Map<String, Tensor> tensors, Map<String, String> metadata) {
    List<String> names = new ArrayList<>(tensors.keySet());
    names.sort(Comparator.comparingInt(name -> -tensors.get(name).dtype().bytes()));
    List<Entry> entries = new ArrayList<>();
    long begin = 0;
    for (String name : names) {
      if (name.equals(METADATA)) {
        throw new IllegalArgumentException("safetensors: no tensor can be named " + METADATA);
      }
      Tensor tensor = tensors.get(name);
      long end = begin + (long) tensor.size() * tensor.dtype().bytes();
      entries.add(new Entry(name, tensor.dtype(), tensor.shape(), begin, end));
      begin = end;
    }
    return new SafetensorsHeader(entries, metadata);
  }

  /// The JSON in UTF-8, padded with blanks so that the numbers behind it are aligned.
  byte[] toBytes() throws IOException {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.setHtmlSafe(false);
      json.beginObject();
      if (!metadata.isEmpty()) {
        json.name(METADATA).beginObject();
        for (var entry : metadata.entrySet()) {
          json.name(entry.getKey()).value(entry.getValue());
        }
        json.endObject();
      }
      for (Entry entry : entries) {
        json.name(entry.name()).beginObject();
        json.name("dtype").value(entry.dtype().name());
        json.name("shape").beginArray();
        for (int size : entry.shape().toArray()) {
          json.value(size);
        }
        json.endArray();
        json.name("data_offsets").beginArray().value(entry.begin()).value(entry.end()).endArray();
        json.endObject();
      }
      json.endObject();
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(bytes, Math.ceilDiv(bytes.length, ALIGNMENT) * ALIGNMENT);
    Arrays.fill(padded, bytes.length, padded.length, (byte) ' ');
    return padded;
  }

  /// Reads the JSON of a header.
  ///
  /// @throws CheckpointException if it is not one
  static SafetensorsHeader parse(Path file, String text) throws CheckpointException {
    try {
      JsonReader json = new JsonReader(new StringReader(text));
      json.setStrictness(Strictness.STRICT);
      List<Entry> entries = new ArrayList<>();
      Map<String, String> metadata = new LinkedHashMap<>();
      Set<String> names = new HashSet<>();
      json.beginObject();
      while (json.hasNext()) {
        String name = json.nextName();
        if (!names.add(name)) {
          throw CheckpointException.damaged(file, "\"" + name + "\" is in it twice");
        }
        if (name.equals(METADATA)) {
          json.beginObject();
          while (json.hasNext()) {
            metadata.put(json.nextName(), json.nextString());
          }
          json.endObject();
        } else {
          entries.add(entry(file, name, json));
        }
      }
      json.endObject();
      if (json.peek() != JsonToken.END_DOCUMENT) {
        throw CheckpointException.damaged(file, "something follows the JSON of its header");
      }
      entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
      return new SafetensorsHeader(entries, metadata);
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException | IllegalStateException | NumberFormatException e) {
      throw CheckpointException.damaged(
          file, "its header is not the JSON of a safetensors file", e);
    }
  }

  private static Entry entry(Path file, String name, JsonReader json) throws IOException {
    Optional<String> dtype = Optional.empty();
    Optional<List<Long>> shape = Optional.empty();
    Optional<List<Long>> offsets = Optional.empty();
    json.beginObject();
    while (json.hasNext()) {
      switch (json.nextName()) {
        case "dtype" -> dtype = Optional.of(json.nextString());
        case "shape" -> shape = Optional.of(numbers(json));
        case "data_offsets" -> offsets = Optional.of(numbers(json));
        default -> json.skipValue();
      }
    }
    json.endObject();
    if (dtype.isEmpty() || shape.isEmpty() || offsets.isEmpty() || offsets.get().size() != 2) {
      throw CheckpointException.damaged(
          file, "\"" + name + "\" lacks its dtype, shape or data_offsets");
    }
    return new Entry(
        name,
        dtype(file, name, dtype.get()),
        shape(file, name, shape.get()),
        offsets.get().get(0),
        offsets.get().get(1));
  }

  private static List<Long> numbers(JsonReader json) throws IOException {
    List<Long> numbers = new ArrayList<>();
    json.beginArray();
    while (json.hasNext()) {
      numbers.add(json.nextLong());
    }
    json.endArray();
    return numbers;
  }

  private static DType dtype(Path file, String name, String found) throws CheckpointException {
    for (DType dtype : DType.values()) {
      if (dtype.name().equals(found)) {
        return dtype;
      }
    }
    throw new CheckpointException(
        Message.of("safetensors", "\"%s\" has the dtype %s, unknown here".formatted(name, found))
            .row("file", file)
            .row("known", Arrays.stream(DType.values()).map(DType::name).toList())
            .row("help", "convert it where it was written"));
  }

  private static Shape shape(Path file, String name, List<Long> found) throws CheckpointException {
    try {
      return Shape.of(found.stream().mapToInt(Math::toIntExact).toArray());
    } catch (ArithmeticException | TensorException e) {
      throw CheckpointException.damaged(
          file, "\"" + name + "\" has the impossible shape " + found, e);
    }
  }

  /// Checks that the tensors fill `length` bytes without gaps and overlaps.
  ///
  /// @throws CheckpointException if they do not
  void check(Path file, long length) throws CheckpointException {
    long place = 0;
    for (Entry entry : entries) {
      String found =
          "\"%s\" lies at %,d to %,d".formatted(entry.name(), entry.begin(), entry.end());
      if (entry.begin() != place) {
        throw CheckpointException.damaged(
            file,
            "%s, %s"
                .formatted(found, entry.begin() < place ? "over the one before" : "behind a gap"));
      }
      if (entry.end() - entry.begin() != entry.bytes()) {
        throw CheckpointException.damaged(
            file,
            "%s, and its shape %s takes %,d bytes".formatted(found, entry.shape(), entry.bytes()));
      }
      if (entry.end() > length) {
        throw CheckpointException.damaged(
            file, "%s, and there are %,d bytes of numbers".formatted(found, length));
      }
      place = entry.end();
    }
    if (place != length) {
      throw CheckpointException.damaged(
          file, "%,d bytes follow its last tensor".formatted(length - place));
    }
  }
}
