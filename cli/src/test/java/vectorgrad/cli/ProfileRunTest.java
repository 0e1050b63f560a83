package vectorgrad.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `vg train --profile`.
class ProfileRunTest {
  @TempDir private Path folder;

  private static String train(Path run, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("train", "--data", "digits", "--limit", "150", "--epochs", "1", "--out"));
    arguments.add(run.toString());
    arguments.addAll(List.of(more));
    Result result = Result.vg(arguments);
    assertEquals(0, result.code(), result::err);
    return result.out();
  }

  @Test
  void aProfiledRunShowsItsKernelsAndLearnsTheSame() throws IOException {
    Path plain = folder.resolve("plain");
    Path profiled = folder.resolve("profiled");
    assertFalse(train(plain).contains("share"));
    List<String> lines = train(profiled, "--profile").lines().toList();
    assertTrue(lines.stream().anyMatch(line -> line.matches("kernel +calls +ms +share .*")));
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("convolution, weight gradient ")));
    assertTrue(lines.stream().anyMatch(line -> line.matches("cpu was busy for \\d+ % of .*")));
    assertTrue(lines.getLast().startsWith("test accuracy "), "still the last line");
    assertArrayEquals(
        Files.readAllBytes(plain.resolve("model.safetensors")),
        Files.readAllBytes(profiled.resolve("model.safetensors")));
    var trace = JsonParser.parseString(Files.readString(profiled.resolve("profile.json")));
    assertTrue(trace.getAsJsonObject().getAsJsonArray("traceEvents").size() > 100);
    assertFalse(Files.exists(plain.resolve("profile.json")));
  }
}
