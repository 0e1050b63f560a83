package vectorgrad.cli;

import com.google.gson.GsonBuilder;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import vectorgrad.gradcheck.Subject;
import vectorgrad.gradcheck.Subjects;
import vectorgrad.gradcheck.Sweep;
import vectorgrad.gradcheck.WithoutDerivative;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Seed;

/// `vg gradcheck`: every annotated function, its gradients compared with differences and its f32
/// kernels with f64, as a table.
@Command(
    name = "gradcheck",
    mixinStandardHelpOptions = true,
    description = {
      "Compares every gradient with differences, and every f32 kernel with f64.",
      "",
      "Checked are the operations, layers and losses of Vectorgrad; with --classpath the functions annotated @GradCheck there."
    },
    versionProvider = Vg.Version.class,
    sortOptions = false)
final class GradcheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "PATTERN",
      description = "Part of an operation's name or of a class; * stands for anything.")
  private List<String> patterns = new ArrayList<>();

  @Option(
      names = "--classpath",
      paramLabel = "PATH",
      description = "JARs and folders of classes whose annotated functions are checked instead.")
  private Optional<String> classpath;

  @Option(
      names = "--orders",
      paramLabel = "N",
      description = "How often is differentiated; as each function says unless given.")
  private Optional<Integer> orders;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "What inputs and directions are drawn from; as each function says unless given.")
  private Optional<Long> seed;

  @Option(names = "--jacobian", description = "Compares the whole Jacobian of each function too.")
  private boolean jacobian;

  @Option(names = "--by-name", description = "Sorts by name; the worst stands first unless given.")
  private boolean byName;

  @Option(names = "--json", paramLabel = "FILE", description = "Writes the rows to a file too.")
  private Optional<Path> json;

  @Option(
      names = "--without",
      description = "Lists the operations on tensors that have no derivative, and why, instead.")
  private boolean without;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (without) {
      listWithout(out);
      return 0;
    }
    if (orders.isPresent() && orders.get() < 1) {
      throw new UserError("gradcheck", "orders begin with 1, found " + orders.get());
    }
    json.ifPresent(GradcheckCommand::expectFolder);
    try (URLClassLoader loader = loader()) {
      List<Subject> subjects = found(loader);
      Sweep sweep = new Sweep(orders, seed.map(Seed::of), jacobian);
      long start = System.nanoTime();
      List<Sweep.Row> rows;
      try (var progress =
          new GradcheckProgress(
              spec.commandLine().getErr(), Terminal.ofStandardError(), subjects.size())) {
        rows = sweep.of(subjects, progress);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      GradcheckTable table = new GradcheckTable(rows, byName);
      table.print(out, Terminal.ofStandardOutput().width());
      out.println(table.summary(seconds));
      out.flush();
      if (json.isPresent()) {
        write(rows, json.get());
      }
      return rows.stream().allMatch(Sweep.Row::passes) ? 0 : Vg.FAILED;
    }
  }

  /// Refuses a file that could not be written, before the work is done.
  private static void expectFolder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new UserError(
          Message.of("gradcheck", "--json has no folder to be written to")
              .row("file", file)
              .row("help", "mkdir -p " + folder));
    }
  }

  private URLClassLoader loader() throws IOException {
    List<URL> urls = new ArrayList<>();
    for (String part :
        classpath.map(path -> path.split(File.pathSeparator)).orElse(new String[0])) {
      Path file = Path.of(part);
      if (!Files.exists(file)) {
        throw new UserError(
            Message.of("gradcheck", "there is no such JAR or folder").row("file", file));
      }
      urls.add(file.toUri().toURL());
    }
    return new URLClassLoader(urls.toArray(URL[]::new), Subject.class.getClassLoader());
  }

  private List<Subject> found(URLClassLoader loader) {
    List<Subject> subjects;
    try {
      subjects = classpath.isPresent() ? Subjects.findIn(loader) : Subjects.find("vectorgrad");
    } catch (IllegalArgumentException e) {
      throw new UserError(e);
    }
    List<Subject> chosen = subjects.stream().filter(this::isChosen).toList();
    if (chosen.isEmpty()) {
      throw new UserError(
          subjects.isEmpty()
              ? Message.of("gradcheck", "no function here is annotated @GradCheck")
                  .row(
                      "help",
                      "--classpath names the folder of the compiled classes: target/test-classes")
              : Message.of(
                      "gradcheck",
                      "no operation or class is called like " + String.join(" or ", patterns))
                  .row("among", subjects.size() + " functions annotated @GradCheck")
                  .row("help", "vg gradcheck --by-name lists them all; * stands for anything"));
    }
    return chosen;
  }

  private boolean isChosen(Subject subject) {
    return patterns.isEmpty()
        || patterns.stream()
            .map(text -> Pattern.quote(text).replace("*", "\\E.*\\Q"))
            .map(text -> Pattern.compile(text, Pattern.CASE_INSENSITIVE))
            .anyMatch(pattern ->
                pattern.matcher(subject.operation()).find()
                    || pattern.matcher(subject.source()).find());
  }

  /// The reasons, each with its operations.
  private static void listWithout(PrintWriter out) {
    Map<String, List<String>> operations = new TreeMap<>();
    new TreeMap<>(WithoutDerivative.reasons())
        .forEach((operation, reason) ->
            operations.computeIfAbsent(reason, _ -> new ArrayList<>()).add(operation));
    operations.forEach((reason, names) -> {
      out.println(reason);
      StringBuilder line = new StringBuilder(" ");
      for (String name : names) {
        if (line.length() + name.length() > 78) {
          out.println(line);
          line.setLength(1);
        }
        line.append(' ').append(name);
      }
      out.println(line);
    });
    out.flush();
  }

  private static void write(List<Sweep.Row> rows, Path file) throws IOException {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Sweep.Row row : rows) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("operation", row.subject().operation());
      fields.put("orders", row.orders());
      fields.put(
          "inputs",
          row.subject().layouts().stream().map(vectorgrad.gradcheck.Layouts::label).toList());
      fields.put("error", number(row.error()));
      fields.put("f32Ulps", number(row.ulps()));
      fields.put("source", row.subject().source());
      fields.put("origin", row.subject().origin());
      fields.put("failures", row.failures());
      all.add(fields);
    }
    Files.writeString(
        file,
        new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(all) + "\n");
  }

  /// JSON has no NaN and no infinity.
  private static Object number(double value) {
    return Double.isFinite(value) ? value : String.format(Locale.ROOT, "%s", value);
  }
}
