package vectorgrad.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/// What is measured, and what a quick run leaves out.
record Selection(List<Trial> trials, List<Trial> leftOut) {
  /// A quick run leaves out settings at which a library is slower. Of all groups, it measures the
  /// work named by [Quick], without the libraries that win nowhere, see [Peer#outdone()], and
  /// without the [Essay]s.
  static Selection of(List<Trial> all, Optional<String> group, boolean quick) {
    Predicate<Trial> chosen = _ -> true;
    if (quick) {
      chosen = trial -> trial.variant().isEmpty();
    }
    if (quick && group.isEmpty()) {
      Map<String, List<String>> works = new HashMap<>();
      for (Trial trial : all) {
        if (!trial.quick().isEmpty()) {
          works.put(trial.group(), trial.quick());
        }
      }
      chosen =
          chosen
              .and(trial -> !trial.essay() && !trial.outdone())
              .and(trial ->
                  works.getOrDefault(trial.group(), List.of(trial.work())).contains(trial.work()));
    }
    var trials = new ArrayList<Trial>();
    var leftOut = new ArrayList<Trial>();
    for (Trial trial : all) {
      if (group.isEmpty() || trial.group().equals(group.orElseThrow())) {
        (chosen.test(trial) ? trials : leftOut).add(trial);
      }
    }
    return new Selection(List.copyOf(trials), List.copyOf(leftOut));
  }

  /// Whether another library is among them.
  boolean peers() {
    return trials.stream().anyMatch(Trial::peer);
  }

  /// What is left out, in words.
  Optional<String> told() {
    if (leftOut.isEmpty()) {
      return Optional.empty();
    }
    var essays = new TreeSet<>(leftOut.stream().filter(Trial::essay).map(Trial::group).toList());
    long rest = leftOut.stream().filter(trial -> !trial.essay()).count();
    return Optional.of(
        "%d further rows".formatted(rest)
            + (essays.isEmpty() ? "" : " and the essays " + String.join(", ", essays)));
  }
}
