package vectorgrad.data;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import vectorgrad.tensor.ClosedScopeException;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// Against files that NumPy wrote, see `golden/npy.py`.
class NpyTest {
  private static final double[] NUMBERS = {0, 1, 2, 3, 100, 127};

  @TempDir Path folder;

  private static Path golden(String name) {
    try {
      return Path.of(NpyTest.class.getResource("npy/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static Tensor read(String name) throws IOException {
    return Npy.read(golden(name + ".npy"));
  }

  // ---- reading --------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "f2, F16", "f4, F32", "f8, F64", "i1, I32", "i2, I32", "i4, I32", "i8, I64", "u1, U8",
    "u2, I32", "u4, I64", "u8, I64"
  })
  void everyTypeIsReadInBothByteOrders(String code, DType dtype) throws IOException {
    for (String order : code.endsWith("1") ? List.of("little") : List.of("little", "big")) {
      Tensor x = read(code + "-" + order);
      assertEquals(dtype, x.dtype());
      assertEquals(Shape.of(2, 3), x.shape());
      assertArrayEquals(NUMBERS, x.to(DType.F64).toDoubles());
    }
  }

  @Test
  void truthAndBfloat16AreRead() throws IOException {
    assertArrayEquals(
        new boolean[] {false, true, false, true, false, true}, read("b1").toBooleans());
    assertEquals(DType.BF16, read("V2").dtype());
    assertArrayEquals(NUMBERS, read("V2").to(DType.F64).toDoubles());
  }

  @Test
  void newerVersionsAreRead() throws IOException {
    assertArrayEquals(NUMBERS, read("version-2").toDoubles());
    assertArrayEquals(NUMBERS, read("version-3").toDoubles());
  }

  @Test
  void anArrayInFortranOrderIsAPermutedView() throws IOException {
    Tensor x = read("fortran");
    assertEquals(Shape.of(2, 3, 4), x.shape());
    assertEquals(Tensor.arange(24, DType.I32).reshape(2, 3, 4).toString(), x.toString());
    assertEquals(1, x.layout().stride(0));
  }

  @Test
  void numbersVectorsAndNothingAreRead() throws IOException {
    assertEquals(Shape.SCALAR, read("scalar").shape());
    assertEquals(2.5, read("scalar").item());
    assertEquals(Shape.of(2, 0, 3), read("empty").shape());
    assertArrayEquals(new double[] {0, 1, 2, 3, 4}, read("vector").toDoubles());
  }

  @ParameterizedTest
  @CsvSource({
    "i1, -128, 127",
    "i2, -32768, 32767",
    "i8, -9223372036854775808, 9223372036854775807",
    "u1, 0, 255",
    "u2, 0, 65535",
    "u4, 0, 4294967295",
    "u8, 0, 9223372036854775807"
  })
  void theLimitsOfWholeNumbersAreKept(String code, long least, long most) throws IOException {
    assertArrayEquals(new long[] {least, most}, read("limits-" + code).to(DType.I64).toLongs());
  }

  @Test
  void theBitsOfSpecialNumbersAreKept() throws IOException {
    double[] expected = {Double.NaN, 1 / 0.0, -1 / 0.0, -0.0, Double.MIN_VALUE, Double.MAX_VALUE};
    assertArrayEquals(expected, read("special").toDoubles());
    short[] bits = (short[]) read("half").toArray();
    assertArrayEquals(new short[] {0x2e66, 0x7bff, 0x7c00, 0x7e00, (short) 0x8000, 1}, bits);
  }

  // ---- writing --------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f2-little",
        "f4-little",
        "f8-little",
        "i4-little",
        "i8-little",
        "u1-little",
        "b1",
        "V2",
        "scalar",
        "empty",
        "vector",
        "special",
        "half"
      })
  void filesAreToTheByteWhatNumPyWrites(String name) throws IOException {
    Path file = folder.resolve("x.npy");
    Npy.write(file, read(name));
    assertArrayEquals(Files.readAllBytes(golden(name + ".npy")), Files.readAllBytes(file));
  }

  @Property(tries = 60)
  void whatIsWrittenIsRead(
      @ForAll @Size(max = 4) List<@IntRange(max = 5) Integer> axes, @ForAll DType dtype)
      throws IOException {
    Shape shape = Shape.of(axes.stream().mapToInt(Integer::intValue).toArray());
    Tensor x = Tensor.uniform(Seed.of(1), 0, shape, DType.F32).mul(100).to(dtype);
    Tensor view = shape.rank() > 1 ? x.transpose() : x;
    Path file = Files.createTempFile("x", ".npy");
    try {
      Npy.write(file, view);
      Tensor y = Npy.read(file);
      assertEquals(view.toString(), y.toString());
      assertTrue(Arrays.equals(view.to(DType.F64).toDoubles(), y.to(DType.F64).toDoubles()));
      assertEquals(0, (Files.size(file) - (long) x.size() * dtype.bytes()) % 64);
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void anArrayOfSeveralChunksIsWrittenAndRead() throws IOException {
    Tensor x = Tensor.arange(300_001, DType.I64);
    Path file = folder.resolve("x.npy");
    Npy.write(file, x);
    assertArrayEquals(x.toLongs(), Npy.read(file).toLongs());
    try (MappedArray mapped = Npy.map(file)) {
      assertEquals(300_000, mapped.rows(300_000, 300_001).to(DType.I32).item());
    }
  }

  @Test
  void aFailedWriteLeavesTheOldFile() throws IOException {
    Path file = Files.writeString(folder.resolve("x.npy"), "old");
    Tensor lost = lost();
    assertThrows(ClosedScopeException.class, () -> Npy.write(file, lost));
    assertEquals("old", Files.readString(file));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }

  private static Tensor lost() {
    try (var _ = Scope.open()) {
      return Tensor.ones(Shape.of(2), DType.F32);
    }
  }

  // ---- parts ----------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {"fortran", "f8-big", "i1-little", "u2-big", "b1", "V2", "vector", "empty"})
  void rowsOfAMappedFileAreThoseOfTheTensor(String name) throws IOException {
    Tensor whole = read(name);
    try (MappedArray mapped = Npy.map(golden(name + ".npy"))) {
      assertEquals(whole.dtype(), mapped.dtype());
      assertEquals(whole.size(0), mapped.rows());
      assertEquals(whole.rank(), mapped.sizes().size());
      for (int from = 0; from <= mapped.rows(); from++) {
        for (int to = from; to <= mapped.rows(); to++) {
          Tensor part = mapped.rows(from, to);
          Tensor expected = whole.slice(0, from, to);
          assertEquals(expected.shape(), part.shape());
          assertEquals(expected.toString(), part.toString());
        }
      }
    }
  }

  /// 2³¹ rows of 1 byte, of which the file system stores next to none.
  @Test
  void aFileLargerThanATensorIsReadInParts() throws IOException {
    Path file = folder.resolve("large.npy");
    byte[] header = header("'|u1'", "False", "(2147483648,)");
    try (var channel = FileChannel.open(file, CREATE_NEW, SPARSE, WRITE)) {
      channel.write(ByteBuffer.wrap(header));
      channel.write(ByteBuffer.wrap(new byte[] {7}), header.length + 2147483647L);
    }
    try (MappedArray mapped = Npy.map(file)) {
      assertEquals(2147483648L, mapped.rows());
      assertArrayEquals(new byte[] {0, 7}, mapped.rows(2147483646L, 2147483648L).toBytes());
      assertEquals(
          """
          rows: more elements than a tensor can hold
            file   FILE
            array  (2147483648)
            rows   2147483648
            help   read fewer rows at a time\
          """
              .replace("FILE", file.toString()),
          assertThrows(ShapeException.class, () -> mapped.rows(0, 2147483648L)).getMessage());
    }
    assertEquals(
        """
        Npy: the array has more elements than a tensor can hold
          file   FILE
          shape  (2147483648)
          help   read it in parts: Npy.map(file).rows(from, to)\
        """,
        refusal(file));
  }

  @Test
  void aMappedArrayRefusesRowsItDoesNotHaveAndWhatComesAfterItsEnd() throws IOException {
    Path file = golden("vector.npy");
    MappedArray mapped = Npy.map(file);
    assertEquals(
        """
        rows: there are no rows 3 to 6
          file   FILE
          rule   rows go from 0 to 5\
        """
            .replace("FILE", file.toString()),
        assertThrows(IndexOutOfBoundsException.class, () -> mapped.rows(3, 6)).getMessage());
    Tensor kept = mapped.rows(0, 2);
    mapped.close();
    mapped.close();
    assertArrayEquals(new double[] {0, 1}, kept.toDoubles());
    assertEquals(
        "rows: the array is closed\n  file   " + file,
        assertThrows(IllegalStateException.class, () -> mapped.rows(0, 1)).getMessage());
  }

  @Test
  void aSingleNumberHasNoRows() {
    DataException refusal = assertThrows(DataException.class, () -> Npy.map(golden("scalar.npy")));
    assertTrue(refusal.getMessage().startsWith("Npy: a single number has no rows\n"));
  }

  // ---- refusals -------------------------------------------------------------------------------

  private static String refusal(Path file) {
    DataException refusal = assertThrows(DataException.class, () -> Npy.read(file));
    assertEquals(file, refusal.file());
    return refusal.getMessage().replace(file.toString(), "FILE");
  }

  private String refusal(byte[] content) throws IOException {
    return refusal(Files.write(folder.resolve("x.npy"), content));
  }

  private static byte[] header(String descr, String fortran, String shape) {
    String text =
        "{'descr': %s, 'fortran_order': %s, 'shape': %s, }\n".formatted(descr, fortran, shape);
    return bytes("\u0093NUMPY\1\0" + (char) text.length() + "\0" + text);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void typesWithoutADTypeAreRefusedWithTheReason() {
    assertEquals(
        """
        Npy: the array holds records of several fields
          file   FILE
          help   save each field by itself: np.save(file, array['field'])\
        """,
        refusal(golden("refused-records.npy")));
    assertEquals(
        """
        Npy: the array holds Python objects
          file   FILE
          found  dtype '|O'
          rule   they are stored as a pickle, a program that only Python can run
          help   save numbers: np.save(file, np.asarray(array, np.float32))\
        """,
        refusal(golden("refused-objects.npy")));
    assertEquals(
        """
        Npy: the array holds text
          file   FILE
          found  dtype '<U3'
          rule   f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, u8, b1 and V2\
        """,
        refusal(golden("refused-text.npy")));
    assertTrue(refusal(golden("refused-complex.npy")).contains("complex numbers"));
    assertEquals(
        """
        Npy: the number 9223372036854775808 does not fit i64
          file   FILE
          found  dtype '<u8'\
        """,
        refusal(golden("too-large-u8.npy")));
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void aFileCutAnywhereIsRefusedAndNeverReadInPart(DType dtype) throws IOException {
    Path whole = folder.resolve("whole.npy");
    Npy.write(whole, Tensor.ones(Shape.of(2, 3), dtype));
    byte[] content = Files.readAllBytes(whole);
    for (int length = 0; length < content.length; length++) {
      Path cut = Files.write(folder.resolve("cut.npy"), Arrays.copyOf(content, length));
      assertThrows(DataException.class, () -> Npy.read(cut));
      assertThrows(DataException.class, () -> Npy.map(cut).close());
    }
  }

  @Test
  void damagedFilesAreRefusedWithWhatIsWrong() throws IOException {
    assertEquals("Npy: there is no such file\n  file   FILE", refusal(folder.resolve("none.npy")));
    assertEquals("Npy: this is not a file\n  file   FILE", refusal(folder));
    assertEquals(
        """
        Npy: this is no npy file
          file   FILE
          wanted 93 4e 55 4d 50 59
          found  50 4b 03 04\
        """,
        refusal(new byte[] {'P', 'K', 3, 4}).replaceAll("(04).*", "$1"));
    assertEquals(
        """
        Npy: version 4.0 of the format is unknown
          file   FILE
          rule   versions are 1.0, 2.0 and 3.0\
        """,
        refusal(bytes("\u0093NUMPY\4\0\0\0")));
    assertEquals(
        """
        Npy: the file ends early
          file   FILE
          wanted 16 bytes for (4)
          found  0 bytes
          help   the copy is incomplete; make it again\
        """,
        refusal(header("'<f4'", "False", "(4,)")));
    assertEquals(
        """
        Npy: the file goes on after its array
          file   FILE
          wanted 0 bytes for (0)
          found  1 bytes\
        """,
        refusal(
            bytes(
                new String(header("'|u1'", "False", "(0,)"), StandardCharsets.ISO_8859_1) + "x")));
    assertEquals(
        """
        Npy: the header says (900000000000000000, 11) elements
          file   FILE
          help   the copy is damaged or incomplete; make it again\
        """,
        refusal(header("'<f4'", "False", "(900000000000000000, 11)")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'<f4'  | 0     | (1,)    | expected True or False at character 34",
        "'<f4   | False | (1,)    | expected '}' at character 17",
        "7      | False | (1,)    | expected a text in quotes at character 10",
        "'<f4'  | False | (-1,)   | expected a size at character 51",
        "'<f4'  | False | [1]     | expected '(' at character 50",
        "[('a'  | False | (1,)    | expected the end of the list at character 58",
      })
  void aHeaderThatCannotBeReadSaysWhere(String descr, String fortran, String shape, String problem)
      throws IOException {
    String message = refusal(header(descr, fortran, shape));
    assertTrue(message.startsWith("Npy: the header cannot be read, " + problem), message);
    assertTrue(message.contains("wanted {'descr': '<f4', 'fortran_order'"), message);
  }

  @Test
  void headersOfOtherWritersAreRead() throws IOException {
    String text = "{\"shape\":(2L,),'fortran_order' :False, 'descr':\"|u1\"}";
    Path file = folder.resolve("x.npy");
    Files.write(file, bytes("\u0093NUMPY\2\0" + (char) text.length() + "\0\0\0" + text + "ab"));
    assertArrayEquals(new byte[] {'a', 'b'}, Npy.read(file).toBytes());
  }

  // ---- archives -------------------------------------------------------------------------------

  @Test
  void archivesThatNumPyWroteAreReadInOrder() throws IOException {
    for (String name : List.of("stored.npz", "compressed.npz")) {
      Map<String, Tensor> arrays = Npz.read(golden(name));
      assertEquals(List.of("weight", "steps", "mask"), List.copyOf(arrays.keySet()));
      assertArrayEquals(NUMBERS, arrays.get("weight").toDoubles());
      assertEquals(7, arrays.get("steps").to(DType.I32).item());
      assertArrayEquals(new boolean[] {true, false}, arrays.get("mask").toBooleans());
    }
  }

  @Test
  void archivesAreWrittenAndReadAndEqualOnesHaveEqualBytes() throws IOException {
    Map<String, Tensor> arrays = Npz.read(golden("stored.npz"));
    Path stored = folder.resolve("stored.npz");
    Path compressed = folder.resolve("compressed.npz");
    Npz.write(stored, arrays);
    Npz.writeCompressed(compressed, arrays);
    assertTrue(Files.size(compressed) < Files.size(stored));
    for (Path file : List.of(stored, compressed)) {
      Map<String, Tensor> again = Npz.read(file);
      assertEquals(arrays.toString(), again.toString());
    }
    byte[] once = Files.readAllBytes(stored);
    Npz.write(stored, arrays);
    assertArrayEquals(once, Files.readAllBytes(stored));
  }

  @Test
  void damagedArchivesAreRefused() throws IOException {
    byte[] content = Files.readAllBytes(golden("stored.npz"));
    byte[] flipped = content.clone();
    flipped[190] ^= 1; // in the numbers of the first array
    Path file = Files.write(folder.resolve("x.npz"), flipped);
    assertEquals(
        """
        Npz: the sum of the array is wrong
          file   FILE
          entry  weight.npy
          help   the copy is damaged or incomplete; make it again\
        """
            .replace("FILE", file.toString()),
        assertThrows(DataException.class, () -> Npz.read(file)).getMessage());
    for (int length = 0; length < content.length; length += 7) {
      Files.write(file, Arrays.copyOf(content, length));
      assertThrows(DataException.class, () -> Npz.read(file));
    }
    byte[] compressed = Files.readAllBytes(golden("compressed.npz"));
    for (int place = 0; place < compressed.length; place++) {
      byte[] damaged = compressed.clone();
      damaged[place] ^= 0x55;
      Files.write(file, damaged);
      try {
        Npz.read(file); // some bytes, as those of dates, do not matter
      } catch (DataException e) {
        assertEquals(file, e.file());
      }
    }
  }

  @Test
  void anArchiveOfOtherThingsIsRefused() throws IOException {
    Path file = folder.resolve("x.zip");
    try (var zip = new java.util.zip.ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new java.util.zip.ZipEntry("readme.txt"));
      zip.closeEntry();
    }
    assertEquals(
        """
        Npz: the archive holds something else than arrays
          file   FILE
          entry  readme.txt\
        """
            .replace("FILE", file.toString()),
        assertThrows(DataException.class, () -> Npz.read(file)).getMessage());
    Path npy = golden("vector.npy");
    assertTrue(
        assertThrows(DataException.class, () -> Npz.read(npy))
            .getMessage()
            .contains("help   a single array is read by Npy.read(file)"));
  }
}
