package vectorgrad.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vectorgrad.data.SafeFile;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

class SafetensorsTest {
  @TempDir private Path folder;

  /// Written by hand from the format's description.
  private static byte[] golden() {
    byte[] header =
        """
        {"b":{"dtype":"I32","shape":[1],"data_offsets":[8,12]},\
        "a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},\
        "__metadata__":{"format":"pt"}}\
        """
            .getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + header.length + 12)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .putFloat(1.5f)
        .putFloat(-2)
        .putInt(7)
        .array();
  }

  @Test
  void aFileOfAnotherWriterIsRead() throws IOException {
    Path file = Files.write(folder.resolve("golden"), golden());
    var contents = Safetensors.read(file);
    assertEquals(List.of("a", "b"), List.copyOf(contents.tensors().keySet()));
    assertEquals(Shape.of(2, 1), contents.tensors().get("a").shape());
    assertArrayEquals(new float[] {1.5f, -2}, contents.tensors().get("a").toFloats());
    assertArrayEquals(new int[] {7}, contents.tensors().get("b").toInts());
    assertEquals(Map.of("format", "pt"), contents.metadata());
  }

  @Test
  void everythingComesBackAndNothingElseStays() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put(
        "transposed", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, Shape.of(2, 3)).transpose());
    tensors.put("double", Tensor.scalar(Math.PI));
    tensors.put("truth", Tensor.of(true, false, true));
    for (DType dtype : DType.values()) {
      tensors.put("ones " + dtype, Tensor.arange(3, DType.I32).to(dtype));
    }
    tensors.put("empty", Tensor.zeros(Shape.of(0, 3), DType.F32));
    Path file = folder.resolve("all.safetensors");
    new Safetensors(tensors, Map.of("key", "value \"quoted\"")).write(file);
    var contents = Safetensors.read(file);
    assertEquals(tensors.keySet(), contents.tensors().keySet());
    tensors.forEach((name, tensor) -> {
      Tensor read = contents.tensors().get(name);
      assertEquals(tensor.shape(), read.shape());
      assertEquals(tensor.dtype(), read.dtype());
      assertArrayEquals(tensor.toDoubles(), read.toDoubles());
    });
    assertEquals("value \"quoted\"", contents.metadata().get("key"));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void damagedFilesAreNamedAndNeverHalfRead() throws IOException {
    byte[] whole = golden();
    for (int length = 0; length < whole.length; length++) {
      Path file = folder.resolve("cut");
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      var refused = assertThrows(CheckpointException.class, () -> Safetensors.read(file));
      assertTrue(refused.getMessage().contains("damaged"), refused.getMessage());
    }
    assertDamaged("\"data_offsets\":[8,12]", "\"data_offsets\":[4, 8]");
    assertDamaged("\"shape\":[2,1]", "\"shape\":[2,3]");
    assertDamaged("{\"b\":", "{{{{{");
    Path longer =
        Files.write(folder.resolve("long"), java.util.Arrays.copyOf(whole, whole.length + 3));
    assertTrue(
        assertThrows(CheckpointException.class, () -> Safetensors.read(longer))
            .getMessage()
            .startsWith("safetensors: the file is damaged"));
  }

  private void assertDamaged(String text, String replacement) throws IOException {
    String whole = new String(golden(), StandardCharsets.ISO_8859_1);
    assertEquals(text.length(), replacement.length());
    Path file =
        Files.write(
            folder.resolve("damaged"),
            whole.replace(text, replacement).getBytes(StandardCharsets.ISO_8859_1));
    String message =
        assertThrows(CheckpointException.class, () -> Safetensors.read(file)).getMessage();
    assertTrue(message.startsWith("safetensors: the file is damaged"), message);
  }

  @Test
  void unknownTypesAndMissingFilesAreNamed() throws IOException {
    String whole = new String(golden(), StandardCharsets.ISO_8859_1);
    Path file =
        Files.write(
            folder.resolve("b16"),
            whole.replace("\"F32\"", "\"B16\"").getBytes(StandardCharsets.ISO_8859_1));
    String refused =
        assertThrows(CheckpointException.class, () -> Safetensors.read(file)).getMessage();
    assertTrue(refused.contains("B16") && refused.contains(file.toString()), refused);
    Path nowhere = folder.resolve("nowhere");
    assertEquals(
        """
        safetensors: there is no such file
          file   %s
          help   the folder has none at all; vg train leaves them in a folder of runs, or in --out\
        """
            .formatted(nowhere),
        assertThrows(CheckpointException.class, () -> Safetensors.read(nowhere)).getMessage());
    for (String name : List.of("model.safetensors", "checkpoint.safetensors")) {
      Files.write(folder.resolve(name), golden());
    }
    assertEquals(
        """
        safetensors: there is no such file
          file   %s
          help   there are checkpoint.safetensors, model.safetensors\
        """
            .formatted(nowhere),
        assertThrows(CheckpointException.class, () -> Safetensors.read(nowhere)).getMessage());
    assertEquals(
        """
        safetensors: this is not a file
          file   %s
          help   there are checkpoint.safetensors, model.safetensors\
        """
            .formatted(folder),
        assertThrows(CheckpointException.class, () -> Safetensors.read(folder)).getMessage());
    Path deeper = nowhere.resolve("deeper");
    assertEquals(
        """
        safetensors: there is no such file
          file   %s
          help   there is no folder %s either; vg train makes one in runs, or as --out\
        """
            .formatted(deeper, nowhere),
        assertThrows(CheckpointException.class, () -> Safetensors.read(deeper)).getMessage());
  }

  @Test
  void aWriteThatFailsLeavesTheOldFile() throws IOException {
    Path file = Files.writeString(folder.resolve("kept.txt"), "old");
    assertThrows(
        IOException.class,
        () ->
            SafeFile.write(
                file,
                channel -> {
                  channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
                  throw new IOException("disk full");
                }));
    assertEquals("old", Files.readString(file));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }
}
