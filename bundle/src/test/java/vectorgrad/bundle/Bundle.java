package vectorgrad.bundle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/// The finished artifact, as the build hands it to the tests.
final class Bundle {
  private Bundle() {}

  /// The floors that the JAR holds.
  static final List<String> FLOORS = List.of("numerics", "tensor", "autograd", "nn", "optim");

  static final Path JAR = artifact("bundle.jar");
  static final Path SOURCES = artifact("bundle.sources");
  static final Path POM = artifact("bundle.pom");

  private static Path artifact(String property) {
    var path = Path.of(System.getProperty(property));
    if (!Files.isRegularFile(path)) {
      throw new IllegalStateException(property + ": no such file, " + path);
    }
    return path;
  }

  /// The names of the files in a JAR, without its folders.
  static List<String> files(Path jar) {
    try (var file = new JarFile(jar.toFile())) {
      return file.stream()
          .filter(entry -> !entry.isDirectory())
          .map(ZipEntry::getName)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The descriptor of one floor, as it was compiled for that floor alone.
  static ModuleDescriptor descriptor(String floor) {
    var compiled = Path.of("..", floor, "target", "classes", "module-info.class");
    try (var in = Files.newInputStream(compiled)) {
      return ModuleDescriptor.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
