package vectorgrad.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Tensor;

/// A run that is stopped, saved and gone on with in another JVM leaves the very file that it would
/// have left without: parameters, buffers, optimizer, averages, losses, all bits.
class ResumeTest {
  private static final int STOP = 10;
  private static final int END = 20;

  @TempDir private Path folder;

  /// Another JVM: which case, how many threads, from which file, to which file.
  static final class Rest {
    private Rest() {}

    public static void main(String[] args) throws IOException {
      Device.threads(Integer.parseInt(args[1]));
      Trainer trainer = ResumeCase.valueOf(args[0]).trainer(Seed.of(99));
      trainer.restore(Checkpoint.read(Path.of(args[2])));
      ResumeCase.until(END, trainer).checkpoint("{}").write(Path.of(args[3]));
    }
  }

  @ParameterizedTest
  @EnumSource(ResumeCase.class)
  void twentyStepsAreTenStepsAFileAnotherJvmAndTenSteps(ResumeCase run) throws Exception {
    int threads = Device.threads();
    Path half = folder.resolve("half.safetensors");
    Path whole = folder.resolve("whole.safetensors");
    try {
      Device.threads(2);
      ResumeCase.until(END, run.trainer(Seed.of(1))).checkpoint("{}").write(whole);
      Device.threads(1);
      ResumeCase.until(STOP, run.trainer(Seed.of(1))).checkpoint("{}").write(half);
    } finally {
      Device.threads(threads);
    }
    Path resumed = folder.resolve("resumed.safetensors");
    elsewhere(run.name(), "1", half.toString(), resumed.toString());
    assertSame(whole, resumed);
    assertFalse(Arrays.equals(Files.readAllBytes(half), Files.readAllBytes(resumed)));
  }

  /// What the cases promise, so that they go on proving something.
  @Test
  void theCasesUseWhatTheySay() {
    Map<String, Tensor> scaler = after(ResumeCase.HALVES).companions();
    assertTrue(scaler.get("scaler.skipped").item() > 0, "steps were skipped");
    assertTrue(scaler.get("scaler.growths").item() > 0, "and the scale has grown again");
    Checkpoint attention = after(ResumeCase.ATTENTION);
    assertEquals(2, attention.companions().get("snapshots.seen").toDoubles()[2]);
    assertTrue(attention.companions().get("best.seen").toDoubles()[1] > 0);
    double[] plateau =
        after(ResumeCase.GROUPS).optimizer().get("10.weight.schedule.plateau").toDoubles();
    assertTrue(plateau[3] < 1, "the plateau has lowered the rate");
    assertEquals(20, after(ResumeCase.SECOND_ORDER).run().steps());
    assertEquals(List.of(), after(ResumeCase.SEQUENCES).run().frozen(), "all has thawed");
  }

  private static Checkpoint after(ResumeCase run) {
    return ResumeCase.until(END, run.trainer(Seed.of(1))).checkpoint("{}");
  }

  private void elsewhere(String... arguments) throws Exception {
    Path output = folder.resolve("output.txt");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-XX:TieredStopAtLevel=1", // most code runs too seldom to be worth more
                "-cp",
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"))
                    + File.pathSeparator
                    + System.getProperty("jdk.module.path", ""),
                Rest.class.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertEquals(0, process.waitFor(), Files.readString(output));
  }

  /// Tells the first difference before it compares the bytes.
  private static void assertSame(Path whole, Path resumed) throws IOException {
    Safetensors expected = Safetensors.read(whole);
    Safetensors found = Safetensors.read(resumed);
    assertEquals(expected.tensors().keySet(), found.tensors().keySet());
    for (Map.Entry<String, Tensor> entry : expected.tensors().entrySet()) {
      assertArrayEquals(
          entry.getValue().toDoubles(),
          found.tensors().get(entry.getKey()).toDoubles(),
          entry.getKey());
    }
    assertEquals(expected.metadata(), found.metadata());
    assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(resumed));
  }
}
