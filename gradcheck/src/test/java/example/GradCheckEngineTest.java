package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectUniqueId;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import vectorgrad.autograd.Variable;

/// Annotated methods run as tests.
class GradCheckEngineTest {
  private static EngineExecutionResults run(DiscoverySelector... selected) {
    return EngineTestKit.engine("vectorgrad-gradcheck").selectors(selected).execute();
  }

  private static List<String> names(EngineExecutionResults results) {
    return results.testEvents().started().stream()
        .map(event -> {
          var test = event.getTestDescriptor();
          return test.getParent().orElseThrow().getDisplayName() + ": " + test.getDisplayName();
        })
        .toList();
  }

  private static String failure(EngineExecutionResults results, String method) {
    return results.testEvents().failed().stream()
        .filter(event -> method(event).equals(method))
        .map(event -> event.getRequiredPayload(TestExecutionResult.class))
        .map(result -> result.getThrowable().orElseThrow().getMessage())
        .findFirst()
        .orElseThrow();
  }

  private static String method(Event event) {
    return ((MethodSource) event.getTestDescriptor().getSource().orElseThrow()).getMethodName();
  }

  @Test
  void eachMethodIsCheckedInEachLayout() {
    var results = run(selectClass(OwnChecks.GoodTest.class));
    assertEquals(
        List.of(
            "network: plain inputs",
            "network: permuted inputs",
            "network: sliced inputs",
            "swish: plain inputs",
            "swish: permuted inputs",
            "swish: sliced inputs",
            "swish: expanded inputs"),
        names(results).stream().sorted(Comparator.comparing(name -> name.charAt(0))).toList());
    results.testEvents().assertStatistics(stats -> stats.succeeded(7).failed(0));
  }

  @Test
  void jupitersTestsInTheSameClassAreLeftToJupiter() {
    EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(OwnChecks.GoodTest.class))
        .execute()
        .testEvents()
        .assertStatistics(stats -> stats.started(1).succeeded(1));
  }

  @Test
  void aClassWithoutSubjectsIsNotThere() {
    var results = run(selectClass(GradCheckEngineTest.class));
    assertEquals(1, results.containerEvents().started().count()); // the engine
    assertEquals(0, results.testEvents().started().count());
  }

  @Test
  void aMethodCanBeSelected() {
    var results = run(selectMethod(OwnChecks.GoodTest.class, "swish", Variable.class.getName()));
    assertEquals(4, results.testEvents().started().count());
    results = run(selectMethod(OwnChecks.GoodTest.class, "isTrue"));
    assertEquals(0, results.testEvents().started().count());
  }

  @Test
  void aTestCanBeRunAgainByItsId() {
    var first =
        run(selectClass(OwnChecks.GoodTest.class)).testEvents().started().stream()
            .map(event -> event.getTestDescriptor().getUniqueId())
            .toList();
    var again = run(selectUniqueId(first.get(2)));
    assertEquals(
        first.subList(2, 3),
        again.testEvents().started().stream()
            .map(event -> event.getTestDescriptor().getUniqueId())
            .toList());
  }

  @Test
  void inheritedMethodsAndInnerClassesAreCheckedToo() {
    run(selectClass(OwnChecks.InheritingTest.class))
        .testEvents()
        .assertStatistics(stats -> stats.succeeded(7).failed(0));
    run(selectClass(OwnChecks.OuterTest.class))
        .testEvents()
        .assertStatistics(stats -> stats.succeeded(4).failed(0));
  }

  @Test
  void aPackageCanBeSelected() {
    var classes =
        run(selectPackage("example")).containerEvents().started().stream()
            .map(event -> event.getTestDescriptor().getDisplayName())
            .collect(Collectors.toSet());
    assertTrue(classes.contains("GoodTest"), classes::toString);
  }

  @Test
  void aWrongGradientFailsWithAReport() {
    var results = run(selectClass(OwnChecks.BadTest.class));
    results.testEvents().assertStatistics(stats -> stats.started(10).succeeded(0).failed(10));
    assertEquals(
        """
        minus: the gradient of input 1 (3) is wrong at [1]
          found  -1.88738872437, by the backward pass
          wanted 1.88738872437, by differences down to a step of 0.03125
          error  1.0e+00, where 1.0e-07 passes
          wrong  3 of 9 elements
          why    each wrong element is -1 times what it should be
          inputs plain
          seed   7
          at     example.OwnChecks$BadTest.wrong\
        """,
        failure(results, "wrong"));
  }

  @Test
  void aWrongGradientOfAParameterIsReportedUnderItsName() {
    String report = failure(run(selectClass(OwnChecks.BadTest.class)), "scaled");
    assertTrue(
        report.startsWith("scaled: the gradient of \"scale\" (3) is wrong at [0]\n"), report);
  }

  @Test
  void aMalformedAnnotationFailsItsTests() {
    assertEquals(
        """
        @GradCheck: no shape: "three"; sizes are separated by commas
          method static vectorgrad.autograd.Variable \
        example.OwnChecks$BadTest.misspelt(vectorgrad.autograd.Variable)\
        """,
        failure(run(selectClass(OwnChecks.BadTest.class)), "misspelt"));
  }
}
