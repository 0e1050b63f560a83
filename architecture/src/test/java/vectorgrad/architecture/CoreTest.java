package vectorgrad.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.lang.module.ModuleDescriptor.Requires;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// What holds for the floors that are published as one JAR.
class CoreTest {
  static final List<String> CORE = House.CORE;

  private static final DescribedPredicate<JavaClass> IN_CORE =
      resideInAnyPackage(CORE.stream().map(House::packages).toArray(String[]::new));

  private static GivenClassesConjunction noCoreClasses() {
    return noClasses().that(IN_CORE);
  }

  @Test
  void theCoreNeedsNothingButTheJdk() {
    classes()
        .that(IN_CORE)
        .should()
        .onlyDependOnClassesThat(IN_CORE.or(resideInAnyPackage("java..", "jdk.incubator.vector..")))
        .check(House.CLASSES);
  }

  @ParameterizedTest
  @FieldSource("CORE")
  void coreDescriptorsRequireOnlyTheCoreAndTheVectorModule(String floor) {
    var allowed = new TreeSet<>(Set.of("java.base", "jdk.incubator.vector"));
    CORE.forEach(other -> allowed.add("vectorgrad." + other));
    for (var requires : House.descriptors().get(floor).requires()) {
      assertTrue(allowed.contains(requires.name()), requires::toString);
      assertEquals(
          requires.name().equals("jdk.incubator.vector"),
          requires.modifiers().contains(Requires.Modifier.STATIC),
          () -> "the vector module, and nothing else, is optional: " + requires);
    }
  }

  @Test
  void onlyTheTensorFloorKnowsTheVectorModule() {
    var users =
        CORE.stream()
            .filter(floor ->
                House.descriptors().get(floor).requires().stream()
                    .anyMatch(requires -> requires.name().equals("jdk.incubator.vector")))
            .collect(Collectors.toSet());
    assertEquals(Set.of("tensor"), users);
  }

  @Test
  void theCorePrintsNothing() {
    noCoreClasses().should(ACCESS_STANDARD_STREAMS).check(House.CLASSES);
    noCoreClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.IO")
        .check(House.CLASSES);
  }

  @Test
  void theCoreNeverEndsTheProcess() {
    noCoreClasses().should().callMethod(System.class, "exit", int.class).check(House.CLASSES);
    noCoreClasses().should().callMethod(Runtime.class, "halt", int.class).check(House.CLASSES);
  }

  @Test
  void namesSayWhatAThingIs() {
    noClasses()
        .should()
        .haveNameMatching(".*\\.(Abstract[A-Z]\\w*|\\w+(Impl|Utils|Util|Manager|Helper|Builder))")
        .check(House.CLASSES);
  }
}
