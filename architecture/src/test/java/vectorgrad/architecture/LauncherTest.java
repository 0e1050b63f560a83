package vectorgrad.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How `vg` chooses its JDK. The JDKs here are folders with nothing but what it looks at.
class LauncherTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"25", "25.0.3", "25-ea", "25+36"})
  void takesTheJdk25ThatJavaHomeNames(String version) throws Exception {
    var home = jdk("a b", version);
    assertEquals(home.toString(), chosen(home, System.getenv("PATH")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"17.0.15", "24.0.2", "26", "250.1", "1.8.0_25"})
  void looksOnWhenJavaHomeIsAnotherVersion(String version) throws Exception {
    var home = jdk("other", version);
    var path = jdk("right", "25.0.3").resolve("bin") + ":" + System.getenv("PATH");
    assertEquals(folder.resolve("right").toRealPath().toString(), chosen(home, path));
  }

  @Test
  void looksOnWhenJavaHomeHasNoCompiler() throws Exception {
    var home = jdk("runtime", "25.0.3");
    Files.delete(home.resolve("bin/javac"));
    var path = jdk("right", "25.0.3").resolve("bin") + ":" + System.getenv("PATH");
    assertEquals(folder.resolve("right").toRealPath().toString(), chosen(home, path));
  }

  @Test
  void looksOnWhenJavaHomeDoesNotExist() throws Exception {
    var home = folder.resolve("nowhere");
    assertNotEquals(home.toString(), chosen(home, System.getenv("PATH")));
  }

  @Test
  void asksTheJavaOfAFolderWithoutReleaseFile() throws Exception {
    var home = jdk("silent", "25.0.3");
    Files.delete(home.resolve("release"));
    assertEquals(home.toString(), chosen(home, System.getenv("PATH")));
  }

  @Test
  void followsTheLinkThatJavaOnThePathIs() throws Exception {
    var home = jdk("real", "25.0.3");
    var bin = Files.createDirectories(folder.resolve("links"));
    Files.createSymbolicLink(bin.resolve("java"), Path.of("../real/bin/java"));
    var path = bin + ":" + System.getenv("PATH");
    assertEquals(home.toString(), chosen(folder.resolve("nowhere"), path));
  }

  @Test
  void isTheSameThroughALinkFromElsewhere() throws Exception {
    var home = jdk("home", "25.0.3");
    var link = Files.createSymbolicLink(folder.resolve("vg link"), House.root().resolve("vg"));
    assertEquals(home.toString(), chosen(link, home, System.getenv("PATH")));
  }

  private Path jdk(String name, String version) throws IOException {
    var bin = Files.createDirectories(folder.resolve(name).resolve("bin"));
    for (var tool : List.of("java", "javac")) {
      var file = bin.resolve(tool);
      Files.writeString(file, "#!/bin/sh\necho 'openjdk version \"" + version + "\"' >&2\n");
      assertTrue(file.toFile().setExecutable(true));
    }
    Files.writeString(
        bin.resolveSibling("release"),
        "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\nJAVA_VERSION_DATE=\"25\"\n");
    return bin.getParent().toRealPath();
  }

  private String chosen(Path home, String path) throws Exception {
    return chosen(House.root().resolve("vg"), home, path);
  }

  private String chosen(Path vg, Path home, String path) throws Exception {
    var builder = new ProcessBuilder(vg.toString(), "jdk").directory(folder.toFile());
    builder.environment().put("JAVA_HOME", home.toString());
    builder.environment().put("PATH", path);
    var process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var said = process.inputReader().readAllAsString();
    assertEquals(0, process.waitFor());
    return said.strip();
  }
}
