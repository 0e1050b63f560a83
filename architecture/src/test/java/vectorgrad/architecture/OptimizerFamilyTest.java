package vectorgrad.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import vectorgrad.autograd.Parameter;
import vectorgrad.optim.Optimizer;
import vectorgrad.tensor.Tensor;
import vectorgrad.train.FamilyPicture;
import vectorgrad.train.OptimizerFamily;
import vectorgrad.train.Race;
import vectorgrad.train.RaceAnimation;
import vectorgrad.train.RacePicture;
import vectorgrad.train.Valley;

/// No optimizer is without its place in the family and in the race, and the tour shows what the
/// code draws. When an optimizer changes, what this test draws takes the pictures' place: it lies
/// in `target`.
class OptimizerFamilyTest {
  /// They run what others bring.
  private static final Set<String> RUNNERS = Set.of("FormulaOptimizer", "Groups");

  @Test
  void everyOptimizerIsInTheFamilyAndInTheRace() {
    Set<String> optimizers =
        House.CLASSES.stream()
            .filter(c -> c.getPackageName().equals("vectorgrad.optim"))
            .filter(c -> c.isAssignableTo(Optimizer.class))
            .filter(c -> !c.isInterface() && !c.getModifiers().contains(JavaModifier.ABSTRACT))
            .map(c -> c.getSimpleName())
            .filter(name -> !RUNNERS.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    assertTrue(optimizers.contains("Adam"), "none were found");
    Set<String> living =
        OptimizerFamily.living().stream()
            .map(member -> member.over(List.of(Parameter.of(Tensor.of(1.0)))))
            .map(optimizer -> optimizer.getClass().getSimpleName())
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(optimizers, living);
  }

  @Test
  void theTreeOfTheTourIsTheFamilys() throws IOException {
    assertShown("optimizer-family.svg", FamilyPicture.svg());
  }

  @Test
  void theRaceOfTheTourIsTheOneThatTheyRun() throws IOException {
    assertShown("race.svg", RaceAnimation.svg(race(Valley.BEALE)));
  }

  @Test
  void theStripOfTheTourIsTheRaceDownTheRavine() throws IOException {
    assertShown("ravine.svg", RacePicture.svg(race(Valley.RAVINE)));
  }

  private static Race race(Valley valley) {
    return Race.of(valley, OptimizerFamily.living(), valley.steps());
  }

  private static void assertShown(String name, String drawn) throws IOException {
    Path file = Path.of("target", name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, drawn);
    Path shown = House.root().resolve("docs").resolve("tour").resolve(name);
    String before = Files.exists(shown) ? Files.readString(shown).replace("\r", "") : "";
    assertTrue(before.equals(drawn), () -> "no longer what is drawn: see " + file.toAbsolutePath());
    assertTrue(drawn.length() < 200_000, "too large for a page");
  }
}
