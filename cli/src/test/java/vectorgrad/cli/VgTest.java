package vectorgrad.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class VgTest {
  @TempDir private Path folder;

  private Result train(String out, String... more) {
    var arguments =
        new java.util.ArrayList<>(
            List.of(
                "train",
                "lenet",
                "--data",
                "digits",
                "--limit",
                "200",
                "--out",
                folder.resolve(out).toString()));
    arguments.addAll(List.of(more));
    return Result.vg(arguments.toArray(String[]::new));
  }

  @Test
  void aCommandThatIsReadAloneIsTheOneAmongAll() {
    for (var command : Vg.COMMANDS) {
      CommandLine alone = Vg.commandLine(command.getKey());
      assertEquals(Set.of(command.getKey()), alone.getSubcommands().keySet());
      assertEquals(
          Vg.commandLine().getSubcommands().get(command.getKey()).getUsageMessage(),
          alone.getSubcommands().get(command.getKey()).getUsageMessage());
    }
  }

  @Test
  void aRehearsalIsARunThatWorks() {
    assertDoesNotThrow(Rehearsal::train);
  }

  @Test
  void trainingWritesTheRunFolderAndEndsWithTheAccuracy() {
    Result result = train("run", "--epochs", "2", "--batch", "32");
    assertEquals(0, result.code(), result::err);
    assertTrue(result.lastLine().matches("test accuracy 0\\.\\d{4}"), result::out);
    assertTrue(result.out().startsWith("Vectorgrad "), result::out);
    assertTrue(result.out().contains("epoch 2/2  loss "), result::out);
    for (String file :
        List.of(
            "settings.json",
            "checkpoint.safetensors",
            "model.safetensors",
            "history.csv",
            "curves.png",
            "confusion.png")) {
      assertTrue(Files.isRegularFile(folder.resolve("run").resolve(file)), file);
    }
  }

  @Test
  void theResultDependsOnTheSeedAndNotOnTheThreads() throws IOException {
    Result one = train("one", "--epochs", "1", "--threads", "1");
    Result two = train("two", "--epochs", "1", "--threads", "2");
    Result other = train("other", "--epochs", "1", "--seed", "2");
    assertEquals(one.lastLine(), two.lastLine());
    assertArrayEquals(model("one"), model("two"));
    assertFalse(java.util.Arrays.equals(model("one"), model("other")));
    assertEquals(0, other.code());
  }

  @Test
  void aResumedRunEndsAsAnUninterruptedOne() throws IOException {
    assertEquals(0, train("whole", "--epochs", "2").code());
    assertEquals(0, train("part", "--epochs", "1").code());
    String checkpoint = folder.resolve("part").resolve("checkpoint.safetensors").toString();
    Result resumed = Result.vg("train", "--resume", checkpoint, "--epochs", "2");
    assertEquals(0, resumed.code(), resumed::err);
    assertArrayEquals(model("whole"), model("part"));
    assertEquals(3, Files.readAllLines(folder.resolve("part").resolve("history.csv")).size());
    assertError(
        """
        resume: --seed 7 differs from the run's 1
          rule   a run keeps its settings; only --epochs may change
        """,
        Result.vg("train", "--resume", checkpoint, "--seed", "7"));
  }

  @Test
  void anMlpLearnsTheDigitsAndGoesOnFromItsCheckpoint() {
    String out = folder.resolve("mlp").toString();
    Result result =
        Result.vg(
            "train", "mlp", "--data", "digits", "--epochs", "5", "--lr", "0.003", "--out", out);
    assertEquals(0, result.code(), result::err);
    String accuracy = result.lastLine().replace("test accuracy ", "");
    assertTrue(Double.parseDouble(accuracy) > 0.8, result::out);
    Result resumed = Result.vg("train", "--resume", out, "--epochs", "6");
    assertEquals(0, resumed.code(), resumed::err);
    assertTrue(resumed.out().contains("epoch 6/6"), resumed::out);
  }

  @Test
  void aScheduledRunGoesOnWhereItsScheduleIs() throws IOException {
    String text = "warmup(3) then cosine(9)";
    assertEquals(0, train("whole", "--epochs", "2", "--schedule", text).code());
    assertEquals(0, train("part", "--epochs", "1", "--schedule", text).code());
    assertEquals(0, train("steady", "--epochs", "2").code());
    String checkpoint = folder.resolve("part").resolve("checkpoint.safetensors").toString();
    Result resumed = Result.vg("train", "--resume", checkpoint, "--epochs", "2");
    assertEquals(0, resumed.code(), resumed::err);
    assertArrayEquals(model("whole"), model("part"));
    assertFalse(java.util.Arrays.equals(model("whole"), model("steady")));
    assertError(
        """
        resume: --schedule exponential(0.9) differs from the run's warmup(3) then cosine(9)
          rule   a run keeps its settings; only --epochs may change
        """,
        Result.vg("train", "--resume", checkpoint, "--schedule", "exponential(0.9)"));
    assertError(
        """
        schedule: a number is missing, at column 8
          warmup(
                 ^
          help   numbers are written 500, 10_000, 0.1 or 1e-3
        """,
        train("x", "--schedule", "warmup("));
  }

  private byte[] model(String run) throws IOException {
    return Files.readAllBytes(folder.resolve(run).resolve("model.safetensors"));
  }

  @Test
  void mistakesGetOneClearErrorAndExitCodeTwo() throws IOException {
    assertError("train: --epochs must be at least 1, found 0\n", train("x", "--epochs", "0"));
    assertError("train: --batch must be at least 1, found -3\n", train("x", "--batch", "-3"));
    assertError("train: --lr must be a positive number, found -0.1\n", train("x", "--lr", "-0.1"));
    assertError(
        """
        train: --validation 200 leaves nothing to train on
          rule   there are 200 training pictures
        """,
        train("x", "--validation", "200"));
    assertError(
        """
        train: there is no network "transformer"
          help   there are lenet, mlp
        """,
        Result.vg("train", "transformer"));
    assertError(
        """
        train: there is no network "Le-Nte"
          help   did you mean lenet?
        """,
        Result.vg("train", "Le-Nte"));
    assertError(
        """
        vg: Invalid value for option '--epochs': 'three' is not an int
          help   vg train --help
        """,
        Result.vg("train", "--epochs", "three"));
    Result unknown = Result.vg("train", "--epoch", "3");
    assertEquals(2, unknown.code());
    assertTrue(unknown.err().startsWith("vg: Unknown option"), unknown::err);
    Path nowhere = folder.resolve("nowhere.safetensors");
    assertError(
        """
        safetensors: there is no such file
          file   %s
          help   the folder has none at all; vg train leaves them in a folder of runs, or in --out
        """
            .formatted(nowhere),
        Result.vg("train", "--resume", nowhere.toString()));
    assertFalse(Files.exists(folder.resolve("x")), "nothing is left behind");
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    Result blocked = train("file/run", "--epochs", "1");
    assertEquals(2, blocked.code());
    assertTrue(blocked.err().startsWith("train: the folder of the run cannot"), blocked::err);
    assertEquals("not a folder", Files.readString(file));
  }

  private static void assertError(String expected, Result result) {
    assertEquals(2, result.code());
    assertEquals(expected, result.err().replace("\r", ""));
    assertFalse(result.out().contains("test accuracy"));
  }

  @Test
  void damagedDataAndCheckpointsAreRefused() throws IOException {
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.write(data.resolve("train-images-idx3-ubyte"), new byte[] {0, 0, 8, 3, 0});
    Result damaged = Result.vg("train", "--data", data.toString());
    assertEquals(2, damaged.code(), damaged::err);
    Path checkpoint = Files.write(folder.resolve("checkpoint"), new byte[20]);
    Result broken = Result.vg("train", "--resume", checkpoint.toString());
    assertEquals(2, broken.code());
    assertTrue(broken.err().startsWith("safetensors: the file is damaged"), broken::err);
  }

  @Test
  void doctorNamesWhatItRunsWith() {
    Result doctor = Result.vg("doctor");
    assertEquals(0, doctor.code());
    for (String row : List.of("java", "system", "memory", "vectors", "device", "data", "digits")) {
      assertTrue(doctor.out().contains(row), doctor::out);
    }
    assertTrue(Result.vg("--version").out().startsWith("Vectorgrad "));
    assertTrue(Result.vg("--help").out().contains("train"));
    assertTrue(Result.vg().err().contains("Usage") || Result.vg().out().contains("Usage"));
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there a process cannot be asked to stop")
  void aRunThatIsAskedToStopFinishesTheStepSavesAndSaysHowToGoOn() throws Exception {
    Path run = folder.resolve("stopped");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--module-path",
                System.getProperty("jdk.module.path"),
                "--module",
                "vectorgrad.cli/vectorgrad.cli.Vg",
                "train",
                "--data",
                "digits",
                "--limit",
                "100",
                "--epochs",
                "1000000",
                "--out",
                run.toString())
            .redirectErrorStream(true)
            .start();
    StringBuilder output = new StringBuilder();
    try (var lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        output.append(line).append('\n');
        if (line.startsWith("epoch 2/")) {
          process.toHandle().destroy(); // unlike destroy(), leaves the output open
        }
      }
    }
    process.waitFor();
    String checkpoint = run.resolve("checkpoint.safetensors").toString();
    assertTrue(
        output.toString().endsWith("go on with: vg train --resume " + checkpoint + "\n"),
        output::toString);
    assertTrue(Files.isRegularFile(run.resolve("curves.png")));
    int done = Files.readAllLines(run.resolve("history.csv")).size() - 1;
    Result resumed =
        Result.vg("train", "--resume", checkpoint, "--epochs", Integer.toString(done + 1));
    assertEquals(0, resumed.code(), resumed::err);
    assertTrue(resumed.lastLine().startsWith("test accuracy 0."), resumed::out);
  }
}
