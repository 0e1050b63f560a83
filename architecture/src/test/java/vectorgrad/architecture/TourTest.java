package vectorgrad.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the tour shows is what happens.
///
/// | block of a page | what is tested |
/// |---|---|
/// | `java` with a `main` | it compiles, runs, and prints the `text` block that follows |
/// | `java` without | the code stands like that in a source file, however it is broken into lines |
/// | a link | the file is there |
class TourTest {
  private static final Pattern BLOCK =
      Pattern.compile("(?ms)^```java\n(.*?)^```$(?:\\s*^```text\n(.*?)^```$)?");

  /// A block of code in a page, and what it is said to print.
  record Block(String page, String code, String output) {
    boolean isProgram() {
      return code.contains("void main(");
    }

    @Override
    public String toString() {
      return page + ": " + code.lines().findFirst().orElse("");
    }
  }

  private static Path tour() {
    return House.root().resolve("docs").resolve("tour");
  }

  static List<String> pages() {
    try (var files = Files.list(tour())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".md"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(String page) {
    try {
      return Files.readString(tour().resolve(page));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    for (String page : pages()) {
      for (var found : BLOCK.matcher(text(page)).results().toList()) {
        String output = found.group(2);
        blocks.add(new Block(page, found.group(1), output == null ? "" : output));
      }
    }
    return blocks;
  }

  static List<Block> programs() {
    return blocks().stream().filter(Block::isProgram).toList();
  }

  static List<Block> quotations() {
    return blocks().stream().filter(block -> !block.isProgram()).toList();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void programsPrintWhatThePageSays(Block program, @TempDir Path out) throws Exception {
    PagesTest.compile(program.code(), out);
    var printed = new ByteArrayOutputStream();
    var console = System.out;
    try (var loader = new URLClassLoader(new java.net.URL[] {out.toUri().toURL()})) {
      var constructor = loader.loadClass("Page").getDeclaredConstructor();
      constructor.setAccessible(true);
      var main = loader.loadClass("Page").getDeclaredMethod("main");
      main.setAccessible(true);
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      main.invoke(constructor.newInstance());
    } finally {
      System.setOut(console);
    }
    assertEquals(program.output(), printed.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("quotations")
  void quotationsStandInTheSources(Block quotation) {
    String wanted = withoutSpace(quotation.code());
    boolean found =
        House.folders().stream()
            .flatMap(floor -> House.sources(floor).stream())
            .anyMatch(source -> withoutSpace(read(source)).contains(wanted));
    assertTrue(found, () -> "nowhere in the sources:\n" + quotation.code());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksLeadSomewhere(String page) {
    for (var link :
        Pattern.compile("\\]\\((?!http|#)([^)#]+)").matcher(text(page)).results().toList()) {
      assertTrue(Files.exists(tour().resolve(link.group(1))), link.group(1));
    }
  }

  @Test
  void theFirstPageNamesEveryOther() {
    String first = text("README.md");
    for (String page : pages()) {
      assertTrue(page.equals("README.md") || first.contains("](" + page + ")"), page);
    }
  }

  private static String read(Path source) {
    try {
      return Files.readString(source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Code without its white space and comment marks.
  private static String withoutSpace(String code) {
    return code.replaceAll("(?m)^\\s*///?", "").replaceAll("\\s+", "");
  }
}
