package vectorgrad.architecture;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// README and CONTRIBUTING say what is true.
class PagesTest {
  private static final Pattern JAVA = Pattern.compile("(?ms)^```java\n(.*?)^```$");
  private static final Pattern FILE = Pattern.compile("`(?:(\\w+)/…/)?(?:\\w+/)*(\\w+\\.java)`");

  private static String page(String name) {
    try {
      return Files.readString(House.root().resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> programs(String page) {
    return JAVA.matcher(page(page)).results().map(block -> block.group(1)).toList();
  }

  static List<String> contributions() {
    return programs("CONTRIBUTING.md");
  }

  @Test
  void readmeOpensWithAProgramOfFifteenLinesThatCompiles(@TempDir Path out) {
    var program = programs("README.md").getFirst();
    assertTrue(page("README.md").startsWith("# Vectorgrad\n\n```java\n"));
    assertEquals(15, program.substring(program.indexOf("void main")).lines().count());
    compile(program, out);
  }

  @ParameterizedTest
  @MethodSource("contributions")
  void theRecordsInContributingCompile(String block, @TempDir Path out) {
    var imports =
        List.of("autograd", "nn", "numerics", "tensor").stream()
            .map(floor -> "import vectorgrad." + floor + ".*;\n")
            .collect(joining());
    compile(imports + block + "void main() {}\n", out);
  }

  @Test
  void contributingHasARecordForEachKindOfOperationAndForALayer() {
    assertEquals(3, contributions().size());
  }

  @Test
  void theFilesThatContributingNamesExist() throws IOException {
    var rows = page("CONTRIBUTING.md").lines().filter(line -> FILE.matcher(line).find()).toList();
    assertFalse(rows.isEmpty());
    for (var row : rows) {
      String floor = null;
      for (var name : FILE.matcher(row).results().toList()) {
        floor = name.group(1) == null ? floor : name.group(1);
        assertTrue(exists(floor, name), floor + ": " + name.group(2));
      }
    }
  }

  private static boolean exists(String floor, MatchResult name) throws IOException {
    try (var files = Files.walk(House.root().resolve(floor).resolve("src"))) {
      return files.anyMatch(file -> file.endsWith(name.group(2)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "CONTRIBUTING.md", "CHANGELOG.md"})
  void linksToFilesLeadSomewhere(String page) {
    for (var link :
        Pattern.compile("\\]\\((?!http)([^)#]+)").matcher(page(page)).results().toList()) {
      assertTrue(Files.exists(House.root().resolve(link.group(1))), link.group(1));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "numerics",
    "tensor",
    "autograd",
    "nn",
    "optim",
    "accel",
    "gradcheck",
    "data",
    "train",
    "cli"
  })
  void readmeTellsWhatEachFloorStandsOn(String floor) {
    var row =
        page("README.md")
            .lines()
            .filter(line -> line.startsWith("| `" + floor + "` |"))
            .findFirst();
    var cells = row.orElseThrow().split("\\|");
    for (var below : House.ARROWS.get(floor)) {
      assertTrue(cells[3].contains("`" + below + "`"), row.get());
    }
    assertEquals(
        House.ARROWS.get(floor).size(),
        Pattern.compile("`\\w+`").matcher(cells[3]).results().count());
  }

  static void compile(String program, Path out) {
    var source =
        new SimpleJavaFileObject(URI.create("string:///Page.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return program;
          }
        };
    var said = new StringWriter();
    var options =
        List.of("-proc:none", "-d", out.toString(), "-cp", System.getProperty("java.class.path"));
    var task =
        ToolProvider.getSystemJavaCompiler()
            .getTask(said, null, null, options, null, List.of(source));
    assertTrue(task.call(), () -> said + "\n" + program);
  }
}
