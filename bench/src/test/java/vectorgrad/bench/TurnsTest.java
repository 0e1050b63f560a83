package vectorgrad.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.runner.RunnerException;

/// Who runs when, with threads instead of JVMs.
class TurnsTest {
  @TempDir Path folder;

  /// Ours has two iterations before those that count, a peer one.
  private static final Plan PLAN = new Plan(1, 1, 2, 1, 3, 10, 1);

  /// What happened, in the order in which it did.
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());

  private static Fork fork(String name, boolean peer) {
    return new Fork(
        new Trial("vectorgrad.bench.any.X.y", new TreeMap<>(), name, peer, ""), PLAN, 1);
  }

  /// Notes its iterations, begun and ended.
  private Times run(Fork fork, Path log, int port) throws RunnerException {
    String name = fork.trial().contender();
    if (name.equals("absent")) {
      throw new RunnerException("could not start");
    }
    var turn = new Turn(port);
    for (int i = 0; i < fork.warmups() + fork.measurements(); i++) {
      turn.beforeIteration(null, null);
      events.add(name + i);
      if (name.equals("broken") && i == 2) {
        turn.close();
        throw new RunnerException("broke");
      }
      LockSupport.parkNanos(1000); // whoever runs as well gets in between
      events.add("|");
    }
    turn.close();
    return new Times(List.of(1.0), List.of(1.0));
  }

  private List<Turns.Outcome> play(Fork... forks) throws IOException {
    try (var turns = new Turns(this::run, Optional.empty())) {
      return turns.play(List.of(forks), folder, fork -> events.add(fork.trial().contender()));
    }
  }

  @Test
  void iterationsThatCountAreInTurn() throws IOException {
    var outcomes = play(fork("A", false), fork("B", true), fork("C", true));
    assertEquals(
        "A A0 | A1 | B B0 | C C0 | A2 | B1 | C1 | A3 | B2 | C2 | A4 | B3 | C3 |",
        String.join(" ", events));
    assertTrue(outcomes.stream().allMatch(outcome -> outcome.times().isPresent()));
  }

  @Test
  void whoFailsIsLeftOut() throws IOException {
    var outcomes = play(fork("absent", false), fork("broken", true), fork("C", true));
    assertEquals(
        "absent broken broken0 | C C0 | broken1 | C1 | broken2 C2 | C3 |",
        String.join(" ", events));
    assertEquals(
        List.of("could not start", "broke", ""),
        outcomes.stream().map(Turns.Outcome::failure).toList());
  }
}
