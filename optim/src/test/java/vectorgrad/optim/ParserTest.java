package vectorgrad.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/// Schedules as text.
class ParserTest {
  @Test
  void aTextIsTheScheduleThatMethodsMake() {
    assertEquals(
        Schedule.warmup(500).then(Schedule.cosine(10_000)),
        Schedule.parse("warmup(500) then cosine(10_000)"));
    assertEquals(
        Schedule.warmup(500).then(Schedule.cosine(10_000)).times(1e-3),
        Schedule.parse("1e-3 * (warmup(500) then cosine(10000))"));
    assertEquals(
        Schedule.warmup(5).then(Schedule.step(30, 0.1).times(0.5)),
        Schedule.parse(" warmup( 5 )then step(30)*0.5 "));
    assertEquals(
        Schedule.exponential(0.99).until(100).then(Schedule.constant(0.01)),
        Schedule.parse("exponential(0.99) until 100 then 0.01"));
    assertEquals(Schedule.triangular(40, 40, 0.1), Schedule.parse("triangular(40, floor=0.1)"));
    assertEquals(
        Schedule.oneCycle(100).rise(0.2).straight().threePhases(),
        Schedule.parse("oneCycle(100, linear=yes, threePhase, rise=.2)"));
    assertEquals(Schedule.multiStep(0.1, 30, 60, 80), Schedule.parse("multiStep(0.1, 30, 60, 80)"));
    assertEquals(Schedule.constant(0.1, 5), Schedule.parse("constant(0.1, 5)"));
  }

  @Test
  void aScheduleIsPrintedAsItIsWritten() {
    for (String text :
        List.of(
            "warmup(500) then cosine(10000)",
            "(warmup(500) then cosine(10000, floor=0.1)) times 0.001",
            "(warmup(5) then step(30)) until 100 then constant(0.01)",
            "oneCycle(100, rise=0.2, linear, threePhase)",
            "multiStep(0.1, 30, 60)",
            "exponential(0.99) until 100 times 0.5",
            "expRange(4, down=8, gamma=0.99)")) {
      assertEquals(text, Schedule.parse(text).toString());
    }
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void whatIsPrintedIsReadAgain(@ForAll("schedules") Schedule schedule) {
    assertEquals(schedule, Schedule.parse(schedule.toString()));
  }

  @Provide
  Arbitrary<Schedule> schedules() {
    Arbitrary<Long> steps = Arbitraries.longs().between(4, 100_000);
    Arbitrary<Double> number = Arbitraries.doubles().between(0, 0.999).ofScale(6);
    Arbitrary<Schedule> ending =
        Arbitraries.oneOf(
            steps.map(Schedule::warmup),
            Combinators.combine(steps, number).as(Schedule::cosine),
            Combinators.combine(steps, number, number).as(Schedule::polynomial),
            Combinators.combine(number, number, steps).as(Schedule::linear),
            Combinators.combine(number, steps).as(Schedule::constant),
            steps.map(n -> Schedule.oneCycle(n).divide(7)));
    Arbitrary<Schedule> endless =
        Arbitraries.oneOf(
            Combinators.combine(steps, number).as(Schedule::step),
            Combinators.combine(number, steps, steps)
                .as((factor, a, b) -> Schedule.multiStep(factor, a, a + b)),
            number.map(Schedule::exponential),
            number.map(Schedule::inverse),
            number.map(Schedule::constant),
            steps.map(Schedule::inverseSqrt),
            Combinators.combine(steps, Arbitraries.longs().between(1, 4), number)
                .as(Schedule::warmRestarts),
            Combinators.combine(steps, steps, number).as(Schedule::triangular),
            Combinators.combine(steps, steps, number).as(Schedule::triangular2),
            Combinators.combine(steps, steps, number, number).as(Schedule::expRange));
    Arbitrary<Schedule> joined =
        Combinators.combine(ending, ending, endless, number, steps)
            .as((a, b, c, factor, n) -> a.then(b.times(factor)).then(c).until(n).then(b));
    return Arbitraries.oneOf(ending, endless, joined, joined.map(s -> s.times(0.001)));
  }

  private static void refused(String text, String message) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> Schedule.parse(text)).getMessage());
  }

  @Test
  void aMistakeIsShownWhereItIsWithItsCure() {
    refused(
        "warmpu(500) then cosine(10000)",
        """
        schedule: there is no schedule warmpu, at column 1
          warmpu(500) then cosine(10000)
          ^
          help   did you mean warmup(steps)?\
        """);
    refused(
        "warmup(500) then sinusoidalwave(3)",
        """
        schedule: there is no schedule sinusoidalwave, at column 18
          warmup(500) then sinusoidalwave(3)
                           ^
          help   there are constant, linear, warmup, cosine, polynomial, step, multiStep, exponential, inverse, \
        inverseSqrt, warmRestarts, triangular, triangular2, expRange, oneCycle\
        """);
    refused(
        "exponential(0.99) then cosine(500)",
        """
        schedule: nothing comes after a schedule that does not end, at column 19
          exponential(0.99) then cosine(500)
                            ^
          help   give it a length: exponential(0.99) until 1000 then cosine(500)\
        """);
    refused(
        "cosine()",
        """
        schedule: cosine lacks steps, at column 1
          cosine()
          ^
          help   cosine(steps, floor=0)\
        """);
    refused(
        "cosine(10, 0.1, 5)",
        """
        schedule: cosine takes no more numbers, at column 17
          cosine(10, 0.1, 5)
                          ^
          help   cosine(steps, floor=0)\
        """);
    refused(
        "cosine(10.5)",
        """
        schedule: steps are whole numbers, found 10.5, at column 1
          cosine(10.5)
          ^
          help   cosine(steps, floor=0)\
        """);
    refused(
        "cosine(0)",
        """
        schedule: it needs at least one step, found 0, at column 1
          cosine(0)
          ^
          help   cosine(steps, floor=0)\
        """);
    refused(
        "warmup(500) cosine(100)",
        """
        schedule: nothing belongs here, at column 13
          warmup(500) cosine(100)
                      ^
          help   parts are joined by then: warmup(500) then cosine(10000)\
        """);
    refused(
        "",
        """
        schedule: a schedule is missing, at column 1
         \s
          ^
          help   write for example warmup(500) then cosine(10000)\
        """);
    refused(
        "plateau(3)",
        """
        schedule: there is no schedule plateau, at column 1
          plateau(3)
          ^
          help   it needs a metric, which only a program has: new Plateau(schedule)\
        """);
  }

  @Test
  void mistakesInTheArgumentsAreToldApart() {
    refused(
        "cosine(10, roof=1)",
        """
        schedule: cosine has no roof, at column 12
          cosine(10, roof=1)
                     ^
          help   cosine(steps, floor=0)\
        """);
    refused(
        "cosine(10, steps=5)",
        """
        schedule: steps is said twice, at column 12
          cosine(10, steps=5)
                     ^
          help   cosine(steps, floor=0)\
        """);
    refused(
        "cosine(steps=10, 0.1)",
        """
        schedule: numbers in order come before those by name, at column 18
          cosine(steps=10, 0.1)
                           ^
          help   cosine(steps, floor=0)\
        """);
    refused(
        "cosine(steps)",
        """
        schedule: steps lacks its number, at column 13
          cosine(steps)
                      ^
          help   write for example steps=0.5\
        """);
    refused(
        "warmup 500",
        """
        schedule: expected ( but found 5, at column 8
          warmup 500
                 ^
          help   write for example cosine(10000)\
        """);
    refused(
        "cosine(10",
        """
        schedule: expected , or ) but found the end, at column 10
          cosine(10
                   ^
          help   write for example cosine(10000)\
        """);
    refused(
        "oneCycle(10, linear=maybe)",
        """
        schedule: yes or no is expected, at column 21
          oneCycle(10, linear=maybe)
                              ^
          help   its name alone means yes\
        """);
    refused(
        "oneCycle(10, rise=0.05)",
        """
        schedule: oneCycle: a rise of 0.05 leaves a part without steps, at column 1
          oneCycle(10, rise=0.05)
          ^
          help   oneCycle(steps, rise=0.3, divide=25, finalDivide=10000, linear=no, threePhase=no)\
        """);
    refused(
        "step(3) times",
        """
        schedule: a factor is missing, at column 14
          step(3) times
                       ^
          help   numbers are written 500, 10_000, 0.1 or 1e-3\
        """);
  }
}
