package vectorgrad.bundle;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.jar.JarFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.w3c.dom.Document;

/// What is in the JAR, and what is not.
class ContentsTest {
  static final Iterable<String> FLOORS = Bundle.FLOORS;

  /// An eighty-fourth of the smallest other library. It was 1 MB until every operation of a tensor
  /// had its gradient, and every layer, loss and optimizer that PyTorch has was there, 1.25 until
  /// attention, LSTMs, softmax and convolutions had kernels of their own, 1.3 until products had
  /// epilogues and depthwise convolutions a kernel, 1.33 until layers applied an activation as they
  /// write, 1.34 until products of few rows had kernels of their own, 1.355 until both passes of a
  /// softmax were one, and 1.36 until C2 was told the class of every vector. A seventeenth of the
  /// JAR are the line numbers that debuggers and stack traces show, a tenth the directory of the
  /// archive, since each record is a class.
  private static final int LARGEST = 1_365_000;

  @Test
  void theJarIsSmall() throws IOException {
    assertTrue(Files.size(Bundle.JAR) < LARGEST, () -> Bundle.JAR + " has grown too large");
  }

  @Test
  void theJarHoldsNothingButTheFiveFloors() {
    var ours = "vectorgrad/(" + String.join("|", Bundle.FLOORS) + ")/.*";
    var others =
        Bundle.files(Bundle.JAR).stream()
            .filter(name -> !name.matches(ours))
            .filter(name -> !name.equals("module-info.class"))
            .filter(name -> !name.equals("META-INF/MANIFEST.MF"))
            .filter(name -> !name.startsWith("META-INF/maven/io.vectorgrad/vectorgrad/"))
            .toList();
    assertEquals("", String.join("\n", others));
  }

  @ParameterizedTest
  @FieldSource("FLOORS")
  void theJarHoldsEveryFileOfEachFloor(String floor) throws IOException {
    var classes = Path.of("..", floor, "target", "classes");
    try (var walk = Files.walk(classes)) {
      var compiled =
          walk.filter(Files::isRegularFile)
              .map(file -> classes.relativize(file).toString().replace('\\', '/'))
              .filter(name -> !name.equals("module-info.class"))
              .filter(name -> !name.startsWith("META-INF/"))
              .collect(toCollection(TreeSet::new));
      var held =
          Bundle.files(Bundle.JAR).stream()
              .filter(name -> name.startsWith("vectorgrad/" + floor + "/"))
              .collect(toCollection(TreeSet::new));
      assertTrue(!held.isEmpty(), () -> "nothing of " + floor + " is in the JAR");
      assertEquals(String.join("\n", compiled), String.join("\n", held));
    }
  }

  @Test
  void theSourcesOfEveryClassArePublishedToo() {
    var expected =
        Bundle.files(Bundle.JAR).stream()
            .filter(name -> name.endsWith(".class") && !name.contains("$"))
            .map(name -> name.replaceFirst("\\.class$", ".java"))
            .collect(toCollection(TreeSet::new));
    var found =
        Bundle.files(Bundle.SOURCES).stream()
            .filter(name -> name.endsWith(".java"))
            .collect(toCollection(TreeSet::new));
    expected.removeAll(found);
    assertEquals("", String.join("\n", expected), "classes without sources");
  }

  @Test
  void thePublishedPomNamesNoDependencyAndNoParent() throws Exception {
    assertBare(Files.readAllBytes(Bundle.POM));
  }

  @Test
  void thePomInsideTheJarIsThePublishedOne() throws Exception {
    try (var jar = new JarFile(Bundle.JAR.toFile())) {
      var entry = jar.getJarEntry("META-INF/maven/io.vectorgrad/vectorgrad/pom.xml");
      assertBare(jar.getInputStream(entry).readAllBytes());
    }
  }

  private static void assertBare(byte[] pom) throws Exception {
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(pom));
    assertEquals("vectorgrad", text(document, "artifactId"));
    for (var tag : new String[] {"dependency", "dependencies", "parent"}) {
      assertEquals(0, document.getElementsByTagName(tag).getLength(), tag);
    }
  }

  private static String text(Document document, String tag) {
    return document.getElementsByTagName(tag).item(0).getTextContent();
  }
}
