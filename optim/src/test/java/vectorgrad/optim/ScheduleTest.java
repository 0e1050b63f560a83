package vectorgrad.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void warmUpMovesAtOnceAndArrives() {
    Schedule warmup = Schedule.warmup(4);
    assertEquals(0.25, warmup.rate(0));
    assertEquals(1, warmup.rate(3));
    assertEquals(1, warmup.rate(100));
  }

  @Test
  void cosineGoesFromOneToItsFloor() {
    assertEquals(1, Schedule.cosine(10).rate(0));
    assertEquals(0.5, Schedule.cosine(10).rate(5), 1e-15);
    assertEquals(0, Schedule.cosine(10).rate(10), 1e-15);
    assertEquals(0, Schedule.cosine(10).rate(1000), 1e-15);
    assertEquals(0.55, Schedule.cosine(10, 0.1).rate(5), 1e-15);
    assertEquals(0.1, Schedule.cosine(10, 0.1).rate(10), 1e-15);
  }

  @Test
  void stepsExponentialAndInverseFollowTheirFormulas() {
    assertEquals(1, Schedule.step(30, 0.1).rate(29));
    assertEquals(0.1, Schedule.step(30, 0.1).rate(30));
    assertEquals(0.01, Schedule.step(30, 0.1).rate(89), 1e-17);
    assertEquals(Math.pow(0.99, 50), Schedule.exponential(0.99).rate(50));
    assertEquals(0.5, Schedule.inverse(0.1).rate(10));
    assertEquals(0.5, Schedule.linear(1, 0, 10).rate(5));
    assertEquals(0, Schedule.linear(1, 0, 10).rate(12));
  }

  @Test
  void schedulesAreJoinedEndToEnd() {
    Schedule rate = Schedule.warmup(500).then(Schedule.cosine(10_000)).times(1e-3);
    assertEquals(10_500, rate.length());
    assertEquals(1e-3 / 500, rate.rate(0), 1e-18);
    assertEquals(1e-3, rate.rate(499));
    assertEquals(1e-3, rate.rate(500));
    assertEquals(5e-4, rate.rate(5500), 1e-15);
    assertEquals(0, rate.rate(10_500), 1e-15);
  }

  @Test
  void nothingComesAfterAnEndlessSchedule() {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Schedule.exponential(0.99).then(Schedule.constant(1)));
    assertEquals(
        """
        Schedule: nothing comes after a schedule that does not end
          help   give it a length: exponential(0.99).until(1000).then(…)\
        """,
        e.getMessage());
    Schedule cut = Schedule.exponential(0.5).until(2).then(Schedule.constant(7));
    assertEquals(0.5, cut.rate(1));
    assertEquals(7, cut.rate(2));
  }

  @Test
  void aPartNeedsAStep() {
    var e = assertThrows(IllegalArgumentException.class, () -> Schedule.cosine(0));
    assertEquals("Schedule: it needs at least one step, found 0", e.getMessage());
  }

  @Property
  void joiningIsAssociative(
      @ForAll @IntRange(min = 1, max = 9) int a,
      @ForAll @IntRange(min = 1, max = 9) int b,
      @ForAll @IntRange(min = 0, max = 40) int step) {
    Schedule first = Schedule.warmup(a);
    Schedule second = Schedule.cosine(b);
    Schedule third = Schedule.exponential(0.9);
    assertEquals(
        first.then(second).then(third).rate(step), first.then(second.then(third)).rate(step));
  }
}
