package vectorgrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vectorgrad.gradcheck.Subjects;
import vectorgrad.gradcheck.Sweep;

class GradcheckCommandTest {
  private static final String OWN =
      """
      import vectorgrad.autograd.*;
      import vectorgrad.gradcheck.GradCheck;
      import vectorgrad.nn.*;
      import vectorgrad.tensor.*;

      class Own {
        record Twice() implements Op.Unary {
          public Tensor forward(Tensor x) { return x.mul(2); }
          public Variable backward(Variable dy, Variable x, Variable y) { return dy; }
        }

        final Layer layer = Layers.linear(4, 3).initialize(Seed.of(1));

        @GradCheck
        static Variable twice(Variable x) {
          return x.apply(new Twice());
        }

        @GradCheck(shapes = "2,4")
        Variable linear(Variable x) {
          return layer.forward(x).sigmoid();
        }
      }
      """;

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int vg(String... arguments) {
    return Vg.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  /// The folder of the compiled class.
  private Path compiled() throws IOException, InterruptedException {
    Path source = Files.writeString(folder.resolve("Own.java"), OWN);
    String path =
        Stream.of("java.class.path", "jdk.module.path")
            .map(name -> System.getProperty(name, ""))
            .collect(Collectors.joining(File.pathSeparator));
    Process javac =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "javac").toString(),
                "-proc:none",
                "-cp",
                path,
                source.toString())
            .inheritIO()
            .start();
    assertEquals(0, javac.waitFor());
    return folder;
  }

  @Test
  void operationsAreChosenByPartsOfTheirNames() throws IOException {
    Path file = folder.resolve("rows.json");
    assertEquals(0, vg("gradcheck", "linear", "conv2*of", "--orders", "1", "--json", "" + file));
    List<String> lines = out.toString().lines().toList();
    assertTrue(
        lines.getFirst().startsWith("operation orders inputs   error   f32  source"),
        out::toString);
    assertTrue(
        lines.stream()
            .anyMatch(
                line -> line.matches("Linear +1 pmse +\\S+ +\\S+  LayerSamples.linear · \\S+")),
        out::toString);
    assertTrue(lines.get(lines.size() - 2).startsWith("all agree: "), out::toString);
    assertTrue(Files.readString(file).contains("\"operation\": \"Linear\""));
  }

  @Test
  void onesOwnOperationsAndLayersAreFoundOnAClassPath() throws Exception {
    assertEquals(1, vg("gradcheck", "--classpath", compiled().toString(), "--seed", "3"));
    List<String> lines = out.toString().lines().toList();
    assertTrue(lines.get(1).startsWith("twice "), out::toString); // what fails stands first
    assertTrue(lines.get(2).startsWith("linear "), out::toString);
    assertTrue(
        out.toString().contains("\ntwice: the gradient of input 0 (3, 4) is wrong at ["),
        out::toString);
    assertTrue(
        out.toString().contains("\n  why    each wrong element is 0.5 times what it should be\n"),
        out::toString);
    assertTrue(out.toString().contains("\n  seed   3\n  at     Own.twice\n"), out::toString);
    assertTrue(
        out.toString().contains("\n1 wrong: 2 functions of 2 operations in "), out::toString);
  }

  @Test
  void theTableFitsTheWindow() {
    GradcheckTable table =
        new GradcheckTable(
            Sweep.AS_DECLARED.of(
                Subjects.find("vectorgrad.gradcheck.samples").subList(0, 4), _ -> {}),
            true);
    for (int width : new int[] {40, 80, 120}) {
      StringWriter text = new StringWriter();
      table.print(new PrintWriter(text, true), width);
      assertTrue(text.toString().lines().allMatch(line -> line.length() <= width), text::toString);
    }
  }

  @Test
  void operationsWithoutADerivativeHaveReasons() {
    assertEquals(0, vg("gradcheck", "--without"));
    assertTrue(
        out.toString().contains("answers a question: its output is BOOL\n  all any "),
        out::toString);
    assertTrue(out.toString().lines().allMatch(line -> line.length() <= 80), out::toString);
  }

  @Test
  void whatIsNotThereIsNamed() {
    assertEquals(2, vg("gradcheck", "--classpath", "nowhere.jar"));
    assertEquals(
        "gradcheck: there is no such JAR or folder\n  file   nowhere.jar\n", err.toString());
    assertEquals(2, vg("gradcheck", "--classpath", folder.toString()));
    assertTrue(
        err.toString()
            .endsWith(
                """
                gradcheck: no function here is annotated @GradCheck
                  help   --classpath names the folder of the compiled classes: target/test-classes
                """),
        err::toString);
    assertEquals(2, vg("gradcheck", "nosuchoperation"));
    assertTrue(
        err.toString().contains("no operation or class is called like nosuchoperation"),
        err::toString);
    Path nowhere = folder.resolve("nowhere").resolve("rows.json");
    assertEquals(2, vg("gradcheck", "relu", "--json", nowhere.toString()));
    assertTrue(
        err.toString()
            .endsWith(
                "gradcheck: --json has no folder to be written to\n  file   "
                    + nowhere
                    + "\n  help   mkdir -p "
                    + nowhere.getParent()
                    + "\n"),
        err::toString);
    assertEquals(2, vg("gradcheck", "--orders", "0"));
    assertTrue(err.toString().contains("orders begin with 1, found 0"), err::toString);
  }
}
