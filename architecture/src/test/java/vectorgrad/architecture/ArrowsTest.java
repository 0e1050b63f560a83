package vectorgrad.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.module.ModuleDescriptor.Requires;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Arrows run down only.
class ArrowsTest {
  static Set<String> floors() {
    return new TreeSet<>(House.ARROWS.keySet());
  }

  @Test
  void thePlanNamesEveryFloorThatExists() {
    assertEquals(floors(), House.folders());
  }

  @Test
  void nothingStandsOnTheRoof() throws IOException {
    for (String roof : House.ROOF) {
      assertTrue(Files.exists(House.root().resolve(roof).resolve("pom.xml")), roof);
      try (var folders = Files.list(House.root())) {
        for (var pom : folders.map(folder -> folder.resolve("pom.xml")).toList()) {
          assertFalse(
              !pom.getParent().endsWith(roof)
                  && Files.exists(pom)
                  && Files.readString(pom).contains("<artifactId>vectorgrad-" + roof + "<"),
              pom::toString);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("floors")
  void everyFloorIsLivedIn(String floor) {
    var packageName = "vectorgrad." + floor;
    assertTrue(
        House.CLASSES.stream()
            .anyMatch(type ->
                type.getPackageName().startsWith(packageName)
                    && !type.getSimpleName().equals("package-info")),
        () -> "no class was read from " + packageName);
  }

  @ParameterizedTest
  @MethodSource("floors")
  void classesUseTheirOwnFloorAndThoseBelow(String floor) {
    var reach = House.reach(floor);
    var forbidden =
        Stream.concat(
                House.ARROWS.keySet().stream().filter(other -> !reach.contains(other)),
                Stream.of("common", "util"))
            .map(House::packages)
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(House.packages(floor))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .check(House.CLASSES);
  }

  @Test
  void floorsFormNoCycle() {
    slices().matching("vectorgrad.(*)..").should().beFreeOfCycles().check(House.CLASSES);
  }

  @ParameterizedTest
  @MethodSource("floors")
  void descriptorsRequireWhatThePlanSays(String floor) {
    var required =
        House.descriptors().get(floor).requires().stream()
            .map(Requires::name)
            .filter(name -> name.startsWith("vectorgrad."))
            .map(name -> name.substring("vectorgrad.".length()))
            .collect(toCollection(TreeSet::new));
    assertEquals(new TreeSet<>(House.ARROWS.get(floor)), required);
  }
}
