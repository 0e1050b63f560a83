package vectorgrad.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The JAR in a class loader of its own, of which the system's knows nothing: so programs run in
/// Spark, in application servers and in plugins.
class ClassLoaderTest {
  @TempDir private Path folder;

  @Test
  void kernelsOfDoublesAreMadeWhereTheLibraryIs() throws Exception {
    var javac = ToolProvider.findFirst("javac").orElseThrow();
    String source = Path.of("src", "test", "doubles", "Doubles.java").toString();
    int status =
        javac.run(
            System.out,
            System.err,
            "--class-path",
            Bundle.JAR.toString(),
            "-d",
            folder.toString(),
            source);
    assertEquals(0, status);
    URL[] places = {Bundle.JAR.toUri().toURL(), folder.toUri().toURL()};
    try (var loader = new URLClassLoader(places, ClassLoader.getPlatformClassLoader())) {
      Object difference = loader.loadClass("doubles.Doubles").getMethod("difference").invoke(null);
      assertEquals(0, (double) difference, 1e-5);
    }
  }
}
