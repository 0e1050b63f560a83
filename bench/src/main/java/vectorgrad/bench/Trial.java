package vectorgrad.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/// One benchmark with one choice of its parameters.
///
/// @param benchmark the method, with its class and package
/// @param parameters their values, by name; trials of the same values do the same work
/// @param contender who does the work
/// @param peer whether that is another library
/// @param variant of that library, see [Peer#variants()]; empty of others
record Trial(
    String benchmark,
    SequencedMap<String, String> parameters,
    String contender,
    boolean peer,
    String variant) {

  private static final String ROOT = Trial.class.getPackageName() + ".";

  /// Every trial on the class path, the work in the order of its parameters and, for each, ours
  /// before theirs.
  static List<Trial> all() {
    var silent = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
    var found = new ArrayList<Trial>();
    var entries = BenchmarkList.defaultList().find(silent, List.of(Pattern.quote(ROOT)), List.of());
    for (var entry : entries) {
      boolean alone =
          entries.stream()
                  .filter(other -> other.getUserClassQName().equals(entry.getUserClassQName()))
                  .count()
              == 1;
      for (var parameters : choices(entry)) {
        found.addAll(of(entry, parameters, alone));
      }
    }
    // a stable sort: within a group the first trial of some parameters gives the work its place
    var order = new ArrayList<String>();
    for (Trial trial : found) {
      if (!order.contains(trial.place())) {
        order.add(trial.place());
      }
    }
    found.sort((a, b) -> {
      int work = Integer.compare(order.indexOf(a.place()), order.indexOf(b.place()));
      return work != 0 ? work : Boolean.compare(a.peer, b.peer);
    });
    return found;
  }

  /// @param alone whether the class has no other benchmark, which the name need tell apart
  private static List<Trial> of(
      BenchmarkListEntry entry, SequencedMap<String, String> parameters, boolean alone) {
    String method = entry.getUsername().substring(entry.getUsername().lastIndexOf('.') + 1);
    try {
      // not initialised: a peer would load its native libraries
      Peer peer =
          Class.forName(entry.getUserClassQName(), false, Trial.class.getClassLoader())
              .getAnnotation(Peer.class);
      if (peer == null) {
        String contender = alone ? "Vectorgrad" : "Vectorgrad, " + method;
        return List.of(new Trial(entry.getUsername(), parameters, contender, false, ""));
      }
      return Arrays.stream(peer.variants())
          .map(variant ->
              new Trial(
                  entry.getUsername(),
                  parameters,
                  variant.isEmpty() ? peer.value() : peer.value() + ", " + variant,
                  true,
                  variant))
          .toList();
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("listed, and not on the class path: " + entry, e);
    }
  }

  private static List<SequencedMap<String, String>> choices(BenchmarkListEntry entry) {
    var choices = new ArrayList<SequencedMap<String, String>>();
    choices.add(new TreeMap<>());
    var declared = new TreeMap<>(entry.getParams().orElse(Map.of()));
    declared.forEach((name, values) -> {
      var before = List.copyOf(choices);
      choices.clear();
      for (var choice : before) {
        for (String value : values) {
          var longer = new TreeMap<>(choice);
          longer.put(name, value);
          choices.add(longer);
        }
      }
    });
    return choices;
  }

  /// The package below this one: what is run together.
  String group() {
    String rest = benchmark.substring(ROOT.length());
    return rest.substring(0, rest.indexOf('.'));
  }

  /// Whether the others of the same work are compared with it.
  boolean baseline() {
    int dot = benchmark.lastIndexOf('.');
    try {
      return Stream.of(
              Class.forName(benchmark.substring(0, dot), false, Trial.class.getClassLoader())
                  .getMethods())
          .anyMatch(method ->
              method.getName().equals(benchmark.substring(dot + 1))
                  && method.isAnnotationPresent(Baseline.class));
    } catch (ClassNotFoundException e) {
      return false; // of a class path that is not here
    }
  }

  /// What is done, whoever does it: the values of the parameters.
  String work() {
    return String.join(" ", parameters.values());
  }

  private String place() {
    return group() + " " + work();
  }
}
