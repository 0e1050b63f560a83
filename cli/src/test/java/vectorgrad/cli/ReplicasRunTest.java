package vectorgrad.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `vg train --device cpu,cpu`.
class ReplicasRunTest {
  @TempDir private Path folder;

  private Result train(String run, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("train", "mlp", "--data", "digits", "--limit", "150"));
    arguments.addAll(List.of("--out", folder.resolve(run).toString()));
    arguments.addAll(List.of(more));
    return Result.vg(arguments);
  }

  private byte[] model(String run) throws IOException {
    return Files.readAllBytes(folder.resolve(run).resolve("model.safetensors"));
  }

  @Test
  void replicasShareEachBatchAndTheRunSaysWhereTheyAre() throws IOException {
    Result result = train("two", "--device", "cpu,cpu", "--epochs", "2", "--threads", "1");
    assertEquals(0, result.code(), result::err);
    List<String> lines = result.out().lines().toList();
    assertTrue(lines.get(0).endsWith(", replicas on"), result::out);
    assertTrue(lines.get(1).startsWith("  cpu: "), result::out);
    assertTrue(lines.get(2).startsWith("  cpu: "), result::out);
    assertTrue(lines.getLast().matches("test accuracy 0\\.\\d{4}"), result::out);
    assertTrue(
        Files.readString(folder.resolve("two").resolve("settings.json"))
            .contains("\"device\": \"" + lines.get(1).substring(7) + "; "));

    // on more threads, and with a stop in between
    assertEquals(
        0, train("part", "--device", "cpu, cpu", "--epochs", "1", "--threads", "2").code());
    Path part = folder.resolve("part");
    Result resumed =
        Result.vg(
            List.of("train", "--resume", part.toString(), "--epochs", "2", "--device", "cpu,cpu"));
    assertEquals(0, resumed.code(), resumed::err);
    assertArrayEquals(model("two"), model("part"));
  }

  @Test
  void theFirstDeviceIsProfiled() throws IOException {
    Result result = train("profile", "--device", "cpu,cpu", "--epochs", "1", "--profile");
    assertEquals(0, result.code(), result::err);
    assertTrue(result.out().contains("cpu was busy for "), result::out);
    assertEquals(0, train("plain", "--device", "cpu,cpu", "--epochs", "1").code());
    assertArrayEquals(model("plain"), model("profile"));
  }

  @Test
  void aDeviceThatIsNotThereIsNamed() {
    Result missing = train("no", "--device", "cpu,gpu");
    assertEquals(Vg.MISTAKE, missing.code());
    assertTrue(missing.err().startsWith("device: there is no device \"gpu\"\n"), missing::err);
    assertTrue(missing.err().contains("  help   one of [cpu, reference"), missing::err);
    Result empty = train("no", "--device", "cpu,");
    assertEquals(Vg.MISTAKE, empty.code());
    assertEquals(
        """
        train: --device has an empty name, found "cpu,"
          help   names with commas between them: --device opencl:0,opencl:1
        """,
        empty.err());
  }
}
