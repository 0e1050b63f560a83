package vectorgrad.bench;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
/// @param rung the value among the parameters that is no part of the work, if there is one
record Trial(
    String benchmark,
    SequencedMap<String, String> parameters,
    String contender,
    boolean peer,
    String variant,
    Optional<Rung> rung) {

  private static final String ROOT = Trial.class.getPackageName() + ".";
  private static final String OURS = "Vectorgrad";

  Trial(
      String benchmark,
      SequencedMap<String, String> parameters,
      String contender,
      boolean peer,
      String variant) {
    this(benchmark, parameters, contender, peer, variant, Optional.empty());
  }

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
    Class<?> type = named(entry.getUserClassQName());
    Peer peer = type.getAnnotation(Peer.class);
    var rung = rungs(type, parameters).findFirst();
    if (!rung.map(Rung::here).orElse(true)) {
      return List.of();
    }
    String at = rung.map(value -> ", " + value.label()).orElse("");
    if (peer == null) {
      String contender = (alone ? OURS : OURS + ", " + method) + at;
      return List.of(new Trial(entry.getUsername(), parameters, contender, false, "", rung));
    }
    return Arrays.stream(peer.variants())
        .map(variant ->
            new Trial(
                entry.getUsername(),
                parameters,
                (variant.isEmpty() ? peer.value() : peer.value() + ", " + variant) + at,
                true,
                variant,
                rung))
        .toList();
  }

  /// One that was measured before, perhaps with other classes than these.
  static Trial of(
      String benchmark, SequencedMap<String, String> parameters, String contender, boolean peer) {
    var trial = new Trial(benchmark, parameters, contender, peer, "");
    var rungs =
        trial.type().isPresent()
            ? rungs(trial.type().get(), parameters)
            : parameters.keySet().stream().flatMap(trial::rungNamed);
    return new Trial(benchmark, parameters, contender, peer, "", rungs.findFirst());
  }

  /// The value of a parameter that is named after its type, if that is of rungs: what can be known
  /// of another library's benchmark where its class was not built.
  private Stream<Rung> rungNamed(String parameter) {
    String name = Character.toUpperCase(parameter.charAt(0)) + parameter.substring(1);
    String ofGroup = benchmark.replaceFirst("[^.]+[.][^.]+$", name);
    return Stream.of(ofGroup, Trial.class.getPackageName() + "." + name)
        .flatMap(type -> found(type).stream())
        .filter(type -> Rung.class.isAssignableFrom(type) && type.isEnum())
        .flatMap(type -> Arrays.stream(type.getEnumConstants()))
        .filter(value -> ((Enum<?>) value).name().equals(parameters.get(parameter)))
        .map(Rung.class::cast);
  }

  /// Not initialised: a peer would load its native libraries.
  private static Class<?> named(String type) {
    try {
      return Class.forName(type, false, Trial.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("listed, and not on the class path: " + type, e);
    }
  }

  /// The values of those parameters whose type is of rungs.
  private static Stream<Rung> rungs(Class<?> type, Map<String, String> parameters) {
    return Arrays.stream(type.getFields())
        .filter(field -> Rung.class.isAssignableFrom(field.getType()))
        .filter(field -> parameters.containsKey(field.getName()))
        .flatMap(field ->
            Arrays.stream(field.getType().getEnumConstants())
                .filter(value -> ((Enum<?>) value).name().equals(parameters.get(field.getName())))
                .map(Rung.class::cast));
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
    if (rung.isPresent()) {
      return rung.orElseThrow().base();
    }
    String method = benchmark.substring(benchmark.lastIndexOf('.') + 1);
    return type()
        .filter(type ->
            Stream.of(type.getMethods())
                .anyMatch(m -> m.getName().equals(method) && m.isAnnotationPresent(Baseline.class)))
        .isPresent();
  }

  /// Whose it is, whatever the version.
  String library() {
    return !peer
        ? OURS
        : rung.map(value -> contender.substring(0, contender.length() - value.label().length() - 2))
            .orElse(contender);
  }

  /// Whether it explains instead of compares.
  boolean essay() {
    return type().filter(type -> type.isAnnotationPresent(Essay.class)).isPresent();
  }

  /// The work that stands for all of the group in a quick run of all groups; none if it has no say.
  List<String> quick() {
    return type()
        .map(type -> type.getAnnotation(Quick.class))
        .map(quick -> List.of(quick.value()))
        .orElse(List.of());
  }

  /// Whether it is another library that is never the fastest at this.
  boolean outdone() {
    return type().map(type -> type.getAnnotation(Peer.class)).filter(Peer::outdone).isPresent();
  }

  /// Whether an operation takes so long that few of them must do.
  boolean slow() {
    return rung.filter(Rung::slow).isPresent();
  }

  /// How many samples an operation sees, if that is a parameter.
  OptionalInt samples() {
    return parameters.containsKey("batch")
        ? OptionalInt.of(Integer.parseInt(parameters.get("batch")))
        : OptionalInt.empty();
  }

  /// The class of the benchmark; none, if it is from a class path that is not here.
  private Optional<Class<?>> type() {
    return found(benchmark.substring(0, benchmark.lastIndexOf('.')));
  }

  private static Optional<Class<?>> found(String type) {
    try {
      return Optional.of(Class.forName(type, false, Trial.class.getClassLoader()));
    } catch (ClassNotFoundException e) {
      return Optional.empty();
    }
  }

  /// What is done, whoever does it: the values of the parameters.
  String work() {
    return parameters.entrySet().stream()
        .filter(parameter -> !parameter.getKey().equals(rungName()))
        .map(Map.Entry::getValue)
        .collect(Collectors.joining(" "));
  }

  /// What trials of one work have in common that differ in its size: all but the numbers.
  String family() {
    String words =
        parameters.values().stream()
            .filter(value -> !value.chars().allMatch(Character::isDigit))
            .collect(Collectors.joining(" "));
    return benchmark + " " + contender + " " + words;
  }

  /// The name of the parameter that is the rung.
  private String rungName() {
    if (rung.isPresent() && type().isEmpty()) {
      String name = rung.get().getClass().getSimpleName();
      return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }
    return rung.flatMap(value ->
            type()
                .flatMap(type ->
                    Arrays.stream(type.getFields())
                        .filter(field -> field.getType().isInstance(value))
                        .filter(field -> parameters.containsKey(field.getName()))
                        .map(Field::getName)
                        .findFirst()))
        .orElse("");
  }

  /// What trials have in common that take turns.
  String place() {
    return group() + " " + work();
  }
}
