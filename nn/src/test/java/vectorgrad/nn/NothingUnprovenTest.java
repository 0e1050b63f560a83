package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import vectorgrad.autograd.Parameter;

/// No layer and no loss is without its golden numbers, its composition from elementary operations,
/// its initial distribution and its documentation: they are found by reflection, so that a new one
/// without them fails. (Gradient checks: `EveryLayerTest` of `gradcheck`; golden numbers of losses:
/// [LossGoldensTest]; optimizers and schedules: `EveryoneTest` of `optim`.)
class NothingUnprovenTest {
  /// The cells and options inside of [Recurrent] layers, which are proven with them.
  private static final Set<Class<?>> PARTS = Set.of(RecurrentStack.class);

  /// The cases of `golden/sequence.json`, which tests of their own run.
  private static final Map<String, Class<?>> SEQUENCES =
      Map.of(
          "rnn", RNN.class,
          "lstm", LSTM.class,
          "gru", GRU.class,
          "self attention", MultiHeadAttention.class,
          "encoder, norm first", TransformerBlock.class,
          "decoder", TransformerBlock.class);

  /// The concrete public classes of this package that are a `type`, without those of tests.
  private static List<Class<?>> all(Class<?> type) throws Exception {
    Path home =
        Path.of(Layer.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve("vectorgrad/nn");
    List<Class<?>> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(home)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (!name.endsWith(".class") || name.contains("-info") || name.contains("Test")) {
          continue;
        }
        Class<?> c = Class.forName("vectorgrad.nn." + name.replace(".class", ""));
        int modifiers = c.getModifiers();
        boolean concrete =
            Modifier.isPublic(modifiers) && !c.isInterface() && !Modifier.isAbstract(modifiers);
        if (concrete && type.isAssignableFrom(c) && !PARTS.contains(c)) {
          found.add(c);
        }
      }
    }
    return found;
  }

  private static Set<String> names(Stream<? extends Class<?>> classes) {
    return classes.map(Class::getSimpleName).collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> layers() throws Exception {
    Set<String> layers = names(all(Parameterized.class).stream());
    assertTrue(
        layers.containsAll(List.of("Conv2d", "GRU", "Curve", "LSTMCell", "TransformerBlock")),
        () -> "found only " + layers);
    return layers;
  }

  /// The layer, and what it only makes runnable in a test.
  private static Stream<Class<?>> proven(Parameterized layer) {
    return layer instanceof SequenceCompositionsTest.Twice twice
        ? Stream.of(twice.cell().getClass())
        : Stream.of(layer.getClass());
  }

  private static void expectNothingMissing(Set<String> wanted, Set<String> proven, String what) {
    Set<String> missing = new TreeSet<>(wanted);
    missing.removeAll(proven);
    assertEquals(Set.of(), missing, "without " + what);
  }

  private static Stream<Parameterized> golden() {
    return Stream.of(
            GoldenLayersTest.CASES.stream().map(c -> c.layer()),
            FurtherGoldensTest.CASES.stream().map(c -> c.layer()),
            GoldenLayersTest.CURVES.values().stream())
        .flatMap(cases -> cases);
  }

  private static Stream<Parameterized> composed() {
    return Stream.of(
            LayerCompositionsTest.all(),
            WindowCompositionsTest.all(),
            SequenceCompositionsTest.all())
        .flatMap(cases -> cases)
        .map(Composition::layer);
  }

  // ---- layers -----------------------------------------------------------------------------------

  @Test
  void noLayerLacksItsGoldenNumbers() throws Exception {
    Set<String> proven = names(golden().flatMap(NothingUnprovenTest::proven));
    SEQUENCES.forEach((golden, layer) -> {
      assertTrue(SequenceGoldens.has(golden), golden);
      proven.add(layer.getSimpleName());
    });
    expectNothingMissing(layers(), proven, "golden numbers");
  }

  @Test
  void noLayerLacksItsComposition() throws Exception {
    expectNothingMissing(
        layers(), names(composed().flatMap(NothingUnprovenTest::proven)), "a composition");
  }

  /// Those that are functions of [Layers] and no class of their own.
  @Test
  void noFunctionThatIsALayerLacksEither() {
    Set<String> golden =
        Stream.concat(GoldenLayersTest.CASES.stream(), FurtherGoldensTest.CASES.stream())
            .map(c -> c.name())
            .collect(Collectors.toSet());
    Set<String> labels = composed().map(Parameterized::label).collect(Collectors.toSet());
    int count = 0;
    for (Method method : Layers.class.getMethods()) {
      if (method.getReturnType() == Lambda.class && !method.getName().equals("lambda")) {
        String words =
            method.getName().replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT); // as labelled
        assertTrue(golden.contains(method.getName()), method + " has no golden numbers");
        assertTrue(
            labels.stream().anyMatch(label -> label.startsWith("Lambda(" + words)),
            method + " has no composition");
        count++;
      }
    }
    assertTrue(count >= 8, "found only " + count);
  }

  @Test
  void noActivationLacksItsComposition() {
    assertEquals(GoldenLayersTest.CURVES.keySet(), LayerCompositionsTest.CURVES.keySet());
  }

  @Test
  void noLayerWithParametersLacksItsInitialDistribution() throws Exception {
    Predicate<Parameterized> learns = layer -> !layer.parameters().isEmpty();
    Set<String> learning =
        names(
            Stream.concat(golden(), InitialDistributionsTest.layers())
                .filter(learns)
                .flatMap(NothingUnprovenTest::proven));
    learning.retainAll(layers());
    // whose parameters are those of other layers
    learning.removeAll(Set.of("Sequential", "Residual", "Parallel", "Ensemble"));
    expectNothingMissing(
        learning,
        names(InitialDistributionsTest.layers().map(Parameterized::getClass)),
        "a tested distribution");
    assertTrue(learning.size() > 20, learning::toString);
  }

  /// Options that a golden case has under another name, or that change no number.
  private static final Set<String> OTHERWISE =
      Set.of(
          "Dropout.whole", // channelDropout, stochasticDepth
          "Sequential.replace",
          "Sequential.replaceHead",
          "Sequential.slice",
          "Sequential.copy",
          "Sequential.freeze",
          "Sequential.unfreeze",
          "Sequential.initialize",
          "Sequential.to");

  @Test
  void noOptionOfALayerOrALossLacksAGoldenCase() throws Exception {
    StringBuilder golden = new StringBuilder();
    for (String test :
        List.of(
            "GoldenLayersTest",
            "FurtherGoldensTest",
            "LossGoldensTest",
            "RecurrentTest",
            "AttentionTest",
            "TransformerBlockTest")) {
      golden.append(read("src/test/java/vectorgrad/nn/" + test + ".java"));
    }
    Set<String> missing = new TreeSet<>();
    int count = 0;
    List<Class<?>> types = new ArrayList<>(all(Parameterized.class));
    types.addAll(LossGoldensTest.losses());
    for (Class<?> type : types) {
      for (Method option : type.getMethods()) {
        String name = type.getSimpleName() + "." + option.getName();
        boolean fluent = option.getReturnType() == type && option.getDeclaringClass() == type;
        if (fluent
            && !Modifier.isStatic(option.getModifiers())
            && !option.getName().equals("with")) {
          count++;
          if (golden.indexOf("." + option.getName() + "(") < 0 && !OTHERWISE.contains(name)) {
            missing.add(name);
          }
        }
      }
    }
    assertEquals(Set.of(), missing, "never in a golden case");
    assertTrue(count > 80, "found only " + count);
  }

  // ---- losses -----------------------------------------------------------------------------------

  @Test
  void noLossLacksItsComposition() throws Exception {
    Set<String> composed = new TreeSet<>(LossCompositionsTest.names());
    composed.add("GradientPenalty"); // of a linear critic, whose slope is known
    expectNothingMissing(names(LossGoldensTest.losses().stream()), composed, "a composition");
  }

  // ---- documentation ----------------------------------------------------------------------------

  private static final Pattern COMMENT =
      Pattern.compile(
          "\n((?:///[^\n]*\n)+)(?:@[^\n]*\n)*public (?:sealed |final )*(?:record|enum|interface)");

  private static String comment(Class<?> type) throws IOException {
    String source = read("src/main/java/vectorgrad/nn/" + type.getSimpleName() + ".java");
    var comment = COMMENT.matcher(source);
    return comment.find() ? comment.group(1) : "";
  }

  private static String read(String path) throws IOException {
    Path file = Path.of(path);
    return Files.readString(Files.exists(file) ? file : Path.of("nn").resolve(file));
  }

  /// The comment, with those of the interfaces that say what the kind has in common.
  private static String documentation(Class<?> type) throws IOException {
    StringBuilder text = new StringBuilder(comment(type));
    for (Class<?> kind : type.getInterfaces()) {
      boolean general = kind == Layer.class || kind == Parameterized.class || kind == Loss.class;
      if (!general && kind.getPackage() == Layer.class.getPackage()) {
        text.append(documentation(kind));
      }
    }
    return text.toString();
  }

  private static void expect(Class<?> type, String text, String part, String pattern) {
    assertTrue(
        Pattern.compile(pattern).matcher(text).find(), type.getSimpleName() + ": no " + part);
  }

  private static void expectDocumented(Class<?> type) throws IOException {
    String text = documentation(type);
    expect(type, text, "formula", "`[^`]*[=·(][^`]*`|```");
    expect(type, text, "shapes", "\\| shape|Shapes");
    expect(type, text, "cost", "Cost|cost ");
    expect(type, text, "source", "(18|19|20)\\d\\d|PyTorch");
  }

  @Test
  void noLayerLacksItsDocumentation() throws Exception {
    for (Class<?> layer : all(Parameterized.class)) {
      expectDocumented(layer);
      boolean learns =
          Arrays.stream(layer.getRecordComponents())
              .anyMatch(c -> c.getGenericType().getTypeName().contains(Parameter.class.getName()));
      if (learns) {
        expect(layer, documentation(layer), "initial distribution", "begin");
      }
    }
  }

  @Test
  void noLossLacksItsDocumentation() throws Exception {
    for (Class<?> loss : LossGoldensTest.losses()) {
      expectDocumented(loss);
    }
  }
}
