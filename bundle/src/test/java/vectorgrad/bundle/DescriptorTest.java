package vectorgrad.bundle;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleDescriptor.Requires.Modifier;
import java.lang.module.ModuleFinder;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The one module descriptor says what the five it replaces say together.
class DescriptorTest {
  private static final ModuleDescriptor BUNDLE =
      ModuleFinder.of(Bundle.JAR).findAll().iterator().next().descriptor();

  private static <T> Stream<T> ofFloors(Function<ModuleDescriptor, Set<T>> part) {
    return Bundle.FLOORS.stream().map(Bundle::descriptor).flatMap(d -> part.apply(d).stream());
  }

  @Test
  void theModuleIsCalledVectorgradAndIsNeitherOpenNorAutomatic() {
    assertEquals("vectorgrad", BUNDLE.name());
    assertFalse(BUNDLE.isOpen());
    assertFalse(BUNDLE.isAutomatic());
  }

  @Test
  void itRequiresTheVectorModuleIfPresentAndNothingElse() {
    var required = BUNDLE.requires().stream().collect(toSet());
    assertEquals(
        Set.of("java.base", "jdk.incubator.vector"),
        required.stream().map(Requires::name).collect(toSet()));
    for (var requires : required) {
      assertEquals(
          requires.name().equals("java.base") ? Set.of(Modifier.MANDATED) : Set.of(Modifier.STATIC),
          requires.modifiers());
    }
  }

  @Test
  void itRequiresWhatTheFloorsRequireFromOutside() {
    assertEquals(
        new TreeSet<>(
            ofFloors(ModuleDescriptor::requires)
                .map(Requires::name)
                .filter(name -> !name.startsWith("vectorgrad."))
                .toList()),
        new TreeSet<>(BUNDLE.requires().stream().map(Requires::name).toList()));
  }

  @Test
  void itExportsToEveryoneWhatTheFloorsExportToEveryone() {
    var exported =
        ofFloors(ModuleDescriptor::exports)
            .filter(exports -> !exports.isQualified())
            .map(Exports::source)
            .toList();
    assertEquals(new TreeSet<>(exported), new TreeSet<>(sources(BUNDLE.exports())));
    assertFalse(BUNDLE.exports().stream().anyMatch(Exports::isQualified));
  }

  @Test
  void itHidesTheBackends() {
    for (var hidden : Set.of("vectorgrad.tensor.cpu", "vectorgrad.tensor.reference")) {
      assertTrue(BUNDLE.packages().contains(hidden), hidden + " is in the JAR");
      assertFalse(sources(BUNDLE.exports()).contains(hidden), hidden + " is not exported");
    }
  }

  @Test
  void itOpensUsesAndProvidesWhatTheFloorsDo() {
    assertEquals(ofFloors(ModuleDescriptor::opens).collect(toSet()), BUNDLE.opens());
    assertEquals(ofFloors(ModuleDescriptor::uses).collect(toSet()), BUNDLE.uses());
    assertEquals(ofFloors(ModuleDescriptor::provides).collect(toSet()), BUNDLE.provides());
  }

  private static Set<String> sources(Set<Exports> exports) {
    return exports.stream().map(Exports::source).collect(toSet());
  }
}
