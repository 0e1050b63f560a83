package vectorgrad.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vectorgrad.tensor.Shape;

class PicturesTest {
  private static final Sources NOTHING =
      Fixtures.sources(Path.of("no-such-cache"), Progress.SILENT).withoutNetwork();

  @TempDir Path folder;

  private void replace(String name, byte[] values, int... sizes) throws IOException {
    Files.write(folder.resolve(name + ".gz"), Fixtures.gzip(Fixtures.idx(values, sizes)));
  }

  private String refusal() {
    return assertThrows(DataException.class, () -> Pictures.in(folder))
        .getMessage()
        .replace(folder.toString(), "FOLDER");
  }

  @Test
  void aFolderOfOnesOwnPicturesIsReadUnverified() throws IOException {
    Fixtures.write(folder);
    Pictures pictures = Pictures.named(folder.toString(), NOTHING);
    assertEquals(folder.getFileName().toString(), pictures.name());
    assertEquals(Shape.of(6, 1, 4, 3), pictures.train().images().shape());
    assertEquals(Shape.of(1, 4, 3), pictures.test().inputShape());
    assertArrayEquals(new int[] {0, 1, 2, 0, 1, 2}, pictures.train().labels().toInts());
    assertEquals(List.of("0", "1", "2"), pictures.test().classes());
    assertEquals("folder " + folder, pictures.origin().source());
    assertEquals(
        List.of(folder + " holds pictures of no published data set; they are used unverified"),
        pictures.origin().notes());
  }

  @Test
  void theFilesMayBeUncompressedAndOfOtherUsualNames() throws IOException {
    Fixtures.write(folder);
    List<String> names =
        List.of(
            "train-images-idx3-ubyte",
            "train-labels.idx1-ubyte",
            "t10k-images.idx3-ubyte",
            "t10k-labels-idx1-ubyte");
    for (int i = 0; i < names.size(); i++) {
      Files.delete(folder.resolve(names.get(i).replace(".idx", "-idx") + ".gz"));
      Files.write(folder.resolve(names.get(i)), Fixtures.CONTENTS.get(i));
    }
    assertEquals(6, Pictures.in(folder).train().size());
  }

  @Test
  void anUnknownNameListsTheKnownOnes() {
    assertEquals(
        """
        data: there is no data set and no folder "mist"
          known  fashion-mnist, mnist, digits
          folder FOLDER\
        """
            .replace("FOLDER", Path.of("mist").toAbsolutePath().toString()),
        assertThrows(DataException.class, () -> Pictures.named("mist", NOTHING)).getMessage());
  }

  @Test
  void knownNamesAreLookedForInTheSources() {
    assertEquals(
        "mnist",
        assertThrows(DataUnavailableException.class, () -> Pictures.named("mnist", NOTHING))
            .dataset());
    assertEquals(
        "mnist", assertThrows(DataUnavailableException.class, () -> Mnist.load(NOTHING)).dataset());
    assertEquals(
        "there is no " + folder.resolve("none"),
        Reason.of(new java.nio.file.NoSuchFileException(folder.resolve("none").toString())));
  }

  @Test
  void aFolderWithoutTheFilesNamesTheFirstOne() throws IOException {
    assertEquals(
        """
        data: a file is not in the folder
          folder FOLDER
          wanted train-images-idx3-ubyte.gz or train-images-idx3-ubyte\
        """,
        refusal());
    Path none = folder.resolve("none");
    assertEquals(
        """
        data: there is no such folder
          folder FOLDER/none
          wanted train-images-idx3-ubyte.gz or train-images-idx3-ubyte\
        """
            .replace("FOLDER/none", none.toString()),
        assertThrows(DataException.class, () -> Pictures.in(none)).getMessage());
  }

  @Test
  void everyPictureNeedsOneLabel() throws IOException {
    Fixtures.write(folder);
    replace("train-labels-idx1-ubyte", new byte[5], 5);
    assertEquals(
        """
        data: every picture needs one label
          images (6, 4, 3) in FOLDER/train-images-idx3-ubyte.gz
          labels (5) in FOLDER/train-labels-idx1-ubyte.gz\
        """
            .replace('/', java.io.File.separatorChar),
        refusal());
  }

  @Test
  void trainAndTestPicturesHaveOneSize() throws IOException {
    Fixtures.write(folder);
    replace("t10k-images-idx3-ubyte", new byte[2 * 4 * 4], 2, 4, 4);
    assertEquals(
        """
        data: train and test pictures differ in size
          train  (1, 4, 3) in FOLDER/train-images-idx3-ubyte.gz
          test   (1, 4, 4) in FOLDER/t10k-images-idx3-ubyte.gz\
        """
            .replace('/', java.io.File.separatorChar),
        refusal());
  }

  @Test
  void labelsWhereThePicturesShouldBeAreRefused() throws IOException {
    Fixtures.write(folder);
    replace("train-images-idx3-ubyte", new byte[6], 6);
    assertEquals(
        """
        Idx: the file has rank 1, wanted 3
          file   FOLDER/train-images-idx3-ubyte.gz
          found  (6)
          rule   pictures have rank 3 (count, height, width), labels rank 1 (count)\
        """
            .replace("FOLDER/", "FOLDER" + java.io.File.separator),
        refusal());
  }
}
