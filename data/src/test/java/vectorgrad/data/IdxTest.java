package vectorgrad.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vectorgrad.tensor.Shape;

class IdxTest {
  private static final byte[] PICTURES = Fixtures.idx(Fixtures.ramp(24), 2, 4, 3);

  @TempDir Path folder;

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("some-idx3-ubyte"), content);
  }

  private String refusal(byte[] content) throws IOException {
    Path file = file(content);
    DataException refusal = assertThrows(DataException.class, () -> Idx.read(file));
    assertEquals(file, refusal.file());
    assertTrue(refusal.getMessage().contains("  file   " + file + "\n"), refusal.getMessage());
    return refusal.getMessage().replace(file.toString(), "FILE");
  }

  @Property(tries = 50)
  void whatIsWrittenIsRead(
      @ForAll @Size(max = 4) List<@IntRange(max = 5) Integer> axes, @ForAll boolean compressed)
      throws IOException {
    int[] sizes = axes.stream().mapToInt(Integer::intValue).toArray();
    byte[] values = Fixtures.ramp(Shape.of(sizes).size());
    byte[] content = Fixtures.idx(values, sizes);
    Path file = Files.createTempFile("idx", "");
    try {
      Files.write(file, compressed ? Fixtures.gzip(content) : content);
      Idx idx = Idx.read(file);
      assertEquals(Shape.of(sizes), idx.shape());
      assertArrayEquals(values, idx.values());
      assertEquals(Fixtures.md5(content), idx.md5());
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void aMissingFileIsNamed() {
    Path file = folder.resolve("none");
    assertEquals(
        "Idx: there is no such file\n  file   " + file,
        assertThrows(DataException.class, () -> Idx.read(file)).getMessage());
  }

  @Test
  void anotherKindOfFileShowsItsFirstBytes() throws IOException {
    assertEquals(
        """
        Idx: this is no IDX file
          file   FILE
          wanted 00 00 08 rank
          found  3c 68 74 6d\
        """,
        refusal("<html>".getBytes(StandardCharsets.US_ASCII)));
    assertTrue(refusal(new byte[0]).endsWith("found  nothing"));
  }

  @Test
  void otherElementTypesAreNamed() throws IOException {
    assertEquals(
        """
        Idx: the elements are 32-bit floating-point numbers, not unsigned bytes
          file   FILE
          wanted type 08
          found  type 0d\
        """,
        refusal(new byte[] {0, 0, 0x0d, 1, 0, 0, 0, 1, 0, 0, 0, 0}));
    assertTrue(refusal(new byte[] {0, 0, 0x33, 0}).contains("are of an unknown type"));
  }

  @Test
  void aTruncatedHeaderSaysHowLongItShouldBe() throws IOException {
    assertEquals(
        """
        Idx: the file ends inside its header
          file   FILE
          wanted 16 bytes for rank 3
          found  10 bytes\
        """,
        refusal(Fixtures.head(PICTURES, 10)));
  }

  @Test
  void aTruncatedFileSaysHowManyValuesAreThere() throws IOException {
    assertEquals(
        """
        Idx: the file ends early
          file   FILE
          wanted (2, 4, 3), 24 values
          found  20 values
          help   the copy is incomplete; fetch it again\
        """,
        refusal(Fixtures.head(PICTURES, PICTURES.length - 4)));
  }

  @Test
  void bytesBehindTheLastValueAreRefused() throws IOException {
    assertEquals(
        """
        Idx: the file goes on after its last value
          file   FILE
          wanted (2, 4, 3), 24 values
          found  2 bytes more\
        """,
        refusal(Fixtures.head(PICTURES, PICTURES.length + 2)));
  }

  @Test
  void aTruncatedCompressedFileSaysSo() throws IOException {
    byte[] gzip = Fixtures.gzip(PICTURES);
    assertEquals(
        """
        Idx: the compressed file ends early
          file   FILE
          found  30 bytes
          help   the copy is incomplete; fetch it again\
        """,
        refusal(Fixtures.head(gzip, 30)));
  }

  @Test
  void aDamagedCompressedFileSaysSo() throws IOException {
    byte[] gzip = Fixtures.gzip(PICTURES);
    gzip[gzip.length - 6] ^= 1;
    assertEquals(
        """
        Idx: the compressed file is damaged, Corrupt GZIP trailer
          file   FILE
          help   fetch it again\
        """,
        refusal(gzip));
  }

  @Test
  void aHeaderThatPromisesTooMuchIsRefusedBeforeAnythingIsAllocated() throws IOException {
    byte[] header = ByteBuffer.allocate(12).putInt(0x0802).putInt(-1).putInt(-1).array();
    assertEquals(
        """
        Idx: the header says more values than an array can hold
          file   FILE
          found  [4294967295, 4294967295]\
        """,
        refusal(header));
    // Two gigabytes are promised and none is there: reading must not take two gigabytes.
    byte[] promise = ByteBuffer.allocate(8).putInt(0x0801).putInt(2_000_000_000).array();
    assertTrue(refusal(promise).contains("found  0 values"));
  }

  @Test
  void anotherRankIsRefused() throws IOException {
    Path file = file(PICTURES);
    assertEquals(
        """
        Idx: the file has rank 3, wanted 1
          file   FILE
          found  (2, 4, 3)
          rule   pictures have rank 3 (count, height, width), labels rank 1 (count)\
        """,
        assertThrows(DataException.class, () -> Idx.read(file).expectRank(1))
            .getMessage()
            .replace(file.toString(), "FILE"));
  }

  @Test
  void otherContentIsRefusedByItsSum() throws IOException {
    Path file = file(PICTURES);
    String md5 = Fixtures.md5(PICTURES);
    assertEquals(Shape.of(2, 4, 3), Idx.read(file).expectMd5(md5).shape());
    assertEquals(
        """
        Idx: the content differs from the published file
          file   FILE
          wanted md5 0123
          found  md5 %s, (2, 4, 3)
          rule   sums are of the uncompressed content\
        """
            .formatted(md5),
        assertThrows(DataException.class, () -> Idx.read(file).expectMd5("0123"))
            .getMessage()
            .replace(file.toString(), "FILE"));
  }
}
