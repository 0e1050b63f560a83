package vectorgrad.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The plan of the house: which floor stands on which, and where to find its classes and sources.
final class House {
  private House() {}

  /// Each floor and the floors it stands on directly.
  static final Map<String, Set<String>> ARROWS =
      Map.of(
          "numerics", Set.of(),
          "tensor", Set.of("numerics"),
          "autograd", Set.of("tensor"),
          "nn", Set.of("autograd"),
          "optim", Set.of("autograd"),
          "accel", Set.of("tensor"),
          "gradcheck", Set.of("nn"),
          "data", Set.of("tensor"),
          "train", Set.of("nn", "optim", "data"),
          "cli", Set.of("train", "gradcheck", "accel"));

  /// What stands on everything and has nothing above it: measured on the class path, without a
  /// module descriptor, and never published. It is no floor.
  static final Set<String> ROOF = Set.of("bench");

  /// The floors that are published together as one JAR without dependencies.
  static final List<String> CORE = List.of("numerics", "tensor", "autograd", "nn", "optim");

  /// Every class of every floor, without tests.
  static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("vectorgrad");

  /// A floor and everything below it.
  static Set<String> reach(String floor) {
    var found = new TreeSet<String>();
    collect(floor, found);
    return found;
  }

  private static void collect(String floor, Set<String> found) {
    if (found.add(floor)) {
      ARROWS.get(floor).forEach(below -> collect(below, found));
    }
  }

  /// The package pattern of a floor, in ArchUnit's notation.
  static String packages(String floor) {
    return "vectorgrad." + floor + "..";
  }

  /// The compiled module descriptors on the class path, by the name of their floor.
  static Map<String, ModuleDescriptor> descriptors() {
    var found = new TreeMap<String, ModuleDescriptor>();
    try {
      for (var url :
          Collections.list(House.class.getClassLoader().getResources("module-info.class"))) {
        try (var in = url.openStream()) {
          var descriptor = ModuleDescriptor.read(in);
          if (descriptor.name().startsWith("vectorgrad.")) {
            found.put(descriptor.name().substring("vectorgrad.".length()), descriptor);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /// The folders beside this one that are modules with sources of their own, but the roof.
  static Set<String> folders() {
    var found = new TreeSet<String>();
    try (var entries = Files.list(root())) {
      entries
          .filter(folder -> Files.isDirectory(folder.resolve("src/main/java/vectorgrad")))
          .filter(folder -> !ROOF.contains(folder.getFileName().toString()))
          .forEach(folder -> found.add(folder.getFileName().toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /// The sources of a floor, without its descriptor.
  static List<Path> sources(String floor) {
    try (var files = Files.walk(root().resolve(floor).resolve("src/main/java/vectorgrad"))) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path root() {
    return Path.of("").toAbsolutePath().getParent();
  }
}
