package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import vectorgrad.gradcheck.Subject;
import vectorgrad.gradcheck.Subjects;
import vectorgrad.gradcheck.Sweep;
import vectorgrad.tensor.Seed;

class SweepTest {
  private static List<Subject> subjects(String... types) {
    return Subjects.find("example").stream()
        .filter(subject -> Stream.of(types).anyMatch(subject.source()::contains))
        .toList();
  }

  @Test
  void rowsStandInTheOrderOfTheSubjectsAndDoNotDependOnThreads() {
    List<Subject> good = subjects("GoodTest", "InheritingTest");
    List<Sweep.Row> told = new ArrayList<>();
    List<Sweep.Row> first = Sweep.AS_DECLARED.of(good, told::add);
    assertEquals(good, first.stream().map(Sweep.Row::subject).toList());
    assertEquals(good.size(), told.size());
    assertEquals(first, Sweep.AS_DECLARED.of(good, _ -> {}));
    assertTrue(first.stream().allMatch(Sweep.Row::passes), first::toString);
    assertTrue(first.stream().allMatch(row -> row.error() < 1e-7 && row.ulps() < 16));
  }

  @Test
  void termsOfTheSweepComeBeforeThoseOfTheSubjects() {
    Sweep sweep = new Sweep(Optional.of(1), Optional.of(Seed.of(5)), true);
    Sweep.Row row = sweep.of(subjects("InnerTest"), _ -> {}).getFirst();
    assertEquals(1, row.orders());
    assertTrue(row.passes());
  }

  @Test
  void aWrongGradientHasAReportAndDoesNotHideTheOthers() {
    List<Sweep.Row> rows = Sweep.AS_DECLARED.of(subjects("BadTest"), _ -> {});
    assertEquals(
        List.of("minus", "misspelt", "scaled"),
        rows.stream().map(row -> row.subject().operation()).toList());
    for (Sweep.Row row : rows) {
      assertFalse(row.passes());
    }
    assertTrue(rows.get(0).error() > 0.1);
    assertTrue(rows.get(0).failures().getFirst().contains(" is wrong at ["), rows::toString);
    assertTrue(Double.isNaN(rows.get(1).error()));
    assertTrue(rows.get(1).failures().getFirst().contains("no shape: \"three\""), rows::toString);
  }
}
