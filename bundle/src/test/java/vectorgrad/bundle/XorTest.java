package vectorgrad.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A program of twenty lines, compiled against the JAR alone, learns XOR wherever it is started.
class XorTest {
  private static final String VECTOR = "jdk.incubator.vector";
  private static final String INCUBATING = "WARNING: Using incubator modules: " + VECTOR;

  @TempDir static Path folder;

  /// What a launched program said and how it ended.
  private record Run(int exitCode, String out, String err) {}

  @BeforeAll
  static void compile() throws IOException {
    var source = Path.of("src", "test", "xor", "Xor.java").toString();
    var plain = module("plain", "");
    var vector = module("vector", "  requires " + VECTOR + ";\n");
    javac(
        "--class-path", Bundle.JAR.toString(), "-d", folder.resolve("classes").toString(), source);
    for (var descriptor : List.of(plain, vector)) {
      javac(
          "--module-path",
          Bundle.JAR.toString(),
          "-d",
          descriptor.getParent().resolve("classes").toString(),
          descriptor.toString(),
          source);
    }
  }

  private static Path module(String name, String requires) throws IOException {
    var home = Files.createDirectories(folder.resolve(name));
    return Files.writeString(
        home.resolve("module-info.java"),
        "module xor {\n  requires vectorgrad;\n" + requires + "}\n");
  }

  private static void javac(String... arguments) {
    var said = new StringWriter();
    var printer = new PrintWriter(said);
    var javac = ToolProvider.findFirst("javac").orElseThrow();
    assertEquals(0, javac.run(printer, printer, arguments), said::toString);
  }

  @Test
  void onTheClassPathWithTheVectorModule() throws Exception {
    assertQuiet(java("--add-modules", VECTOR, "-cp", classPath(), "xor.Xor"));
  }

  @Test
  void onTheClassPathWithoutTheVectorModule() throws Exception {
    assertOneNotice(java("-cp", classPath(), "xor.Xor"));
  }

  @Test
  void onTheModulePathWithTheVectorModule() throws Exception {
    assertQuiet(java("--add-modules", VECTOR, "-p", modulePath("plain"), "-m", "xor/xor.Xor"));
  }

  @Test
  void onTheModulePathOfAModuleThatRequiresTheVectorModule() throws Exception {
    assertQuiet(java("-p", modulePath("vector"), "-m", "xor/xor.Xor"));
  }

  @Test
  void onTheModulePathWithoutTheVectorModule() throws Exception {
    assertOneNotice(java("-p", modulePath("plain"), "-m", "xor/xor.Xor"));
  }

  private static void assertQuiet(Run run) {
    assertLearned(run);
    assertEquals(INCUBATING, run.err.strip(), "only the JVM's own warning");
  }

  private static void assertOneNotice(Run run) {
    assertLearned(run);
    var notices = Pattern.compile(Pattern.quote("--add-modules " + VECTOR)).matcher(run.err);
    assertEquals(1, notices.results().count(), () -> "one notice that names the flag:\n" + run.err);
    // A logger writes a head line with the date above the notice.
    assertTrue(run.err.strip().lines().count() <= 2, () -> "and nothing else:\n" + run.err);
  }

  private static void assertLearned(Run run) {
    assertEquals(0, run.exitCode, run.err);
    var numbers = run.out.lines().map(Double::parseDouble).toList();
    assertEquals(5, numbers.size(), run.out);
    assertTrue(numbers.get(0) < 0.01, () -> "the loss is still " + numbers.get(0));
    var rounded = numbers.subList(1, 5).stream().map(Math::round).toList();
    assertEquals(List.of(0L, 1L, 1L, 0L), rounded);
  }

  private static String classPath() {
    return Bundle.JAR + File.pathSeparator + folder.resolve("classes");
  }

  private static String modulePath(String name) {
    return Bundle.JAR + File.pathSeparator + folder.resolve(name).resolve("classes");
  }

  private static Run java(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(arguments));
    var out = Files.createTempFile(folder, "out", ".txt");
    var err = Files.createTempFile(folder, "err", ".txt");
    var builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    // Options from the environment would change what is tested, and announce themselves.
    builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
    var process = builder.start();
    assertTrue(process.waitFor(2, TimeUnit.MINUTES), "the program did not end");
    return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
  }
}
