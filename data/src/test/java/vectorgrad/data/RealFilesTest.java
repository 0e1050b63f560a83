package vectorgrad.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The published files themselves, where the machine has them: `-Dvectorgrad.test.mnist=FOLDER
/// -Dvectorgrad.test.fashion-mnist=FOLDER`.
class RealFilesTest {

  private static Path folder(String dataset) {
    String property = "vectorgrad.test." + dataset;
    String folder = System.getProperty(property, "");
    assumeTrue(
        Files.isDirectory(Path.of(folder)) && !folder.isEmpty(),
        () -> "needs the published files; name their folder with -D" + property);
    return Path.of(folder);
  }

  @Test
  void mnistIsRecognizedInAFolder() throws IOException {
    Pictures mnist = Pictures.in(folder("mnist"));
    assertEquals("mnist", mnist.name());
    assertEquals(List.of(), mnist.origin().notes());
    assertEquals(60_000, mnist.train().size());
    assertEquals(10_000, mnist.test().size());
    assertArrayEquals(
        new int[] {5, 0, 4, 1, 9, 2, 1, 3, 1, 4}, mnist.train().take(10).labels().toInts());
    // The numbers that everybody normalizes MNIST with.
    Normalization normalization = Normalization.of(mnist.train());
    assertEquals(0.1307, normalization.mean(0), 5e-5);
    assertEquals(0.3081, normalization.std(0), 5e-5);
  }

  @Test
  void fashionMnistIsVerifiedInAFolder() throws IOException {
    Pictures fashion = FashionMnist.load(Sources.standard().in(folder("fashion-mnist")));
    assertEquals("fashion-mnist", fashion.name());
    assertEquals("Ankle boot", fashion.train().classes().get(9));
    assertArrayEquals(
        new int[] {6000, 6000, 6000, 6000, 6000, 6000, 6000, 6000, 6000, 6000},
        fashion.train().classCounts());
    Normalization normalization = Normalization.of(fashion.train());
    assertEquals(0.2860, normalization.mean(0), 5e-5);
    assertEquals(0.3530, normalization.std(0), 5e-5);
  }
}
