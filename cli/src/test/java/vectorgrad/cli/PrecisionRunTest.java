package vectorgrad.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `vg train --precision`.
class PrecisionRunTest {
  @TempDir private Path folder;

  private Result train(String run, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("train", "--data", "digits", "--limit", "150"));
    arguments.addAll(List.of("--out", folder.resolve(run).toString()));
    arguments.addAll(List.of(more));
    return Result.vg(arguments);
  }

  private byte[] model(String run) throws IOException {
    return Files.readAllBytes(folder.resolve(run).resolve("model.safetensors"));
  }

  @Test
  void aRunInF16GoesOnWithItsScalerAndTellsOfIt() throws IOException {
    Result whole = train("whole", "--precision", "f16", "--epochs", "2");
    assertEquals(0, whole.code(), whole::err);
    assertTrue(
        whole
            .out()
            .lines()
            .anyMatch(l ->
                l.matches(
                    "f16: \\d of 6 steps overflowed and were skipped, the scale ended at [\\d,]+")),
        whole::out);
    assertEquals(0, train("part", "--precision", "f16", "--epochs", "1").code());
    Path part = folder.resolve("part");
    Result more = Result.vg(List.of("train", "--resume", part.toString(), "--epochs", "2"));
    assertEquals(0, more.code(), more::err);
    assertArrayEquals(model("whole"), model("part"));
    Result other = Result.vg(List.of("train", "--resume", part.toString(), "--precision", "bf16"));
    assertEquals(
        """
        resume: --precision bf16 differs from the run's f16
          rule   a run keeps its settings; only --epochs may change
        """,
        other.err().replace("\r", ""));
  }

  @Test
  void aRunInBf16HasNothingToTell() throws IOException {
    Result low = train("low", "--precision", "bf16", "--epochs", "1");
    assertEquals(0, low.code(), low::err);
    assertFalse(low.out().contains("skipped"), low::out);
    assertEquals(0, train("full", "--epochs", "1").code());
    assertFalse(Arrays.equals(model("full"), model("low")));
  }

  @Test
  void otherPrecisionsAreRefused() {
    Result result = train("no", "--precision", "f8");
    assertEquals(2, result.code());
    assertEquals(
        """
        train: --precision is f32, bf16 or f16, found "f8"
          help   bf16 reaches as far as f32; f16 has three more bits of fraction
        """,
        result.err().replace("\r", ""));
  }
}
