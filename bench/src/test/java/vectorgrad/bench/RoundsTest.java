package vectorgrad.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.runner.RunnerException;

/// What is measured in which round, with functions instead of JVMs.
class RoundsTest {
  @TempDir Path folder;

  /// Ours has two iterations before those that count, a peer one.
  private static final Plan PLAN = new Plan(2, 2, 2, 1, 3, 10, 1);

  private static final Trial OURS = trial("ours", false, "small");
  private static final Trial PEER = trial("peer", true, "small");
  private static final Trial LARGE = trial("ours", false, "large");

  /// Who ran in which round, after how many iterations of warm-up.
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());

  private static Trial trial(String contender, boolean peer, String size) {
    var parameters = new TreeMap<>(Map.of("size", size));
    return new Trial("vectorgrad.bench.any.X.y", parameters, contender, peer, "");
  }

  private Rounds.Measured measure(Turns.Launcher launcher, Trial... trials) throws IOException {
    Turns.Launcher noted =
        (fork, log, port) -> {
          Trial trial = fork.trial();
          events.add(
              "%d %s %s %d"
                  .formatted(
                      fork.round(),
                      trial.parameters().get("size"),
                      trial.contender(),
                      fork.warmups()));
          return launcher.run(fork, log, port);
        };
    try (var turns = new Turns(noted, Optional.empty())) {
      var rounds = new Rounds(List.of(trials), PLAN, turns, folder.resolve("logs"));
      var out = new PrintWriter(new StringWriter());
      return rounds.measure(new Progress(out, false, rounds.forks(), rounds.seconds()));
    }
  }

  private static Times took(Fork fork, double before, double after) {
    var one = List.of(1.0);
    return new Times(
        fork.round(), List.of(after), one, Collections.nCopies(fork.warmups(), before), one, one);
  }

  @Test
  void aRoundHasTwoJvmsOfOursOneOfTheirsAndThoseOfAWorkTogether() throws IOException {
    var measured = measure((fork, _, _) -> took(fork, 1, 1), OURS, LARGE, PEER);
    assertEquals(
        List.of(
            "1 small ours 2",
            "1 small ours 2",
            "1 small peer 1",
            "1 large ours 2",
            "1 large ours 2", //
            "2 small ours 2",
            "2 small ours 2",
            "2 small peer 1",
            "2 large ours 2",
            "2 large ours 2"),
        events);
    assertEquals(
        List.of(OURS, LARGE, PEER), measured.timings().stream().map(Timing::trial).toList());
    assertEquals(
        List.of(4, 4, 2),
        measured.timings().stream().map(timing -> timing.forks().size()).toList());
  }

  @Test
  void howManyThereWillBe() throws IOException {
    try (var turns = new Turns((fork, _, _) -> took(fork, 1, 1), Optional.empty())) {
      var rounds = new Rounds(List.of(OURS, LARGE, PEER), PLAN, turns, folder);
      assertEquals(10, rounds.forks());
      assertEquals(8 * PLAN.seconds(OURS) + 2 * PLAN.seconds(PEER), rounds.seconds(), 1e-9);
    }
  }

  @Test
  void afterTooShortWarmUpAllOfTheWorkIsMeasuredAgain() throws IOException {
    var measured = measure((fork, _, _) -> took(fork, fork.warmups() > 2 ? 1 : 2, 1), OURS, PEER);
    assertEquals(
        List.of(
            "1 small ours 2",
            "1 small ours 2",
            "1 small peer 1",
            "1 small ours 6",
            "1 small ours 6",
            "1 small peer 1"),
        events.subList(0, 6));
    assertEquals(
        List.of(6, 6, 6, 6),
        measured.timings().getFirst().forks().stream().map(t -> t.warmup().size()).toList());
  }

  @Test
  void aSiblingIsWarmedUpForAsLong() throws IOException {
    var first = new AtomicBoolean(true);
    measure((fork, _, _) -> took(fork, first.getAndSet(false) ? 2 : 1, 1), OURS, PEER);
    assertEquals(
        List.of("1 small ours 6", "1 small ours 6", "1 small peer 1"), events.subList(3, 6));
  }

  @Test
  void whatFailsIsToldAndLeftOut() throws IOException {
    Turns.Launcher launcher =
        (fork, log, _) -> {
          write(log, fork.trial().contender());
          if (fork.trial().peer() && fork.round() == 1) {
            throw new RunnerException("broke");
          }
          return took(fork, 1, 1);
        };
    var measured = measure(launcher, OURS, PEER, LARGE);
    assertEquals(Map.of(PEER, "broke"), measured.failed());
    assertEquals(List.of(OURS, LARGE), measured.timings().stream().map(Timing::trial).toList());
    assertEquals("peer", Files.readString(folder.resolve("logs/failed.log")));
    assertEquals(
        List.of("2 small ours 2", "2 small ours 2", "2 large ours 2", "2 large ours 2"),
        events.subList(events.size() - 4, events.size()));
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
