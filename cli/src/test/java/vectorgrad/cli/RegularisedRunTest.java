package vectorgrad.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The options of `vg train` for averages, patience, snapshots and their like.
class RegularisedRunTest {
  @TempDir private Path folder;

  private Result train(String run, String more) {
    List<String> arguments =
        new ArrayList<>(List.of("train", "--data", "digits", "--limit", "150"));
    arguments.addAll(List.of("--out", folder.resolve(run).toString()));
    arguments.addAll(List.of(more.split(" ")));
    return Result.vg(arguments.toArray(String[]::new));
  }

  private Result resume(String run, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("train", "--resume", folder.resolve(run).toString()));
    arguments.addAll(List.of(more));
    return Result.vg(arguments.toArray(String[]::new));
  }

  private byte[] file(String run, String name) throws IOException {
    return Files.readAllBytes(folder.resolve(run).resolve(name));
  }

  private static void assertOk(Result result) {
    assertEquals(0, result.code(), result::err);
  }

  private static void assertMistake(String expected, Result result) {
    assertEquals(expected, result.err().replace("\r", ""));
    assertEquals(2, result.code());
  }

  @Test
  void aRunWithEverythingGoesOnAsIfItHadNotStopped() throws IOException {
    String all =
        "--mixup 0.3 --max-norm 2 --clip 1 --accumulate 2 --average ema:0.8 --patience 9 --lr 0.01";
    assertOk(train("whole", all + " --epochs 3"));
    assertOk(train("part", all + " --epochs 1"));
    assertOk(resume("part", "--epochs", "3"));
    assertArrayEquals(file("whole", "model.safetensors"), file("part", "model.safetensors"));
    assertOk(train("plain", "--epochs 3 --lr 0.01"));
    assertFalse(
        java.util.Arrays.equals(
            file("whole", "model.safetensors"), file("plain", "model.safetensors")));
    String settings = Files.readString(folder.resolve("whole/settings.json"));
    assertTrue(settings.contains("\"average\": \"ema:0.8\""), settings);
    assertMistake(
        """
        resume: --mixup 0.2 differs from the run's 0.3
          rule   a run keeps its settings; only --epochs may change
        """,
        resume("whole", "--mixup", "0.2"));
    assertMistake(
        """
        resume: the run has no --snapshots
          rule   a run keeps its settings; only --epochs may change
        """,
        resume("whole", "--snapshots", "2"));
  }

  /// Wants to stop from the given question on; steps and batches of validation ask.
  private static final class After implements Interruption {
    private int left;

    After(int questions) {
      left = questions;
    }

    @Override
    public boolean getAsBoolean() {
      return left-- <= 0;
    }

    @Override
    public void close() {}
  }

  @Test
  void aRunThatIsInterruptedAnywhereEndsAsOneThatIsNot() throws IOException {
    String all = "--mixup 0.3 --accumulate 2 --average ema:0.8 --epochs 4 --snapshots 2 --batch 16";
    assertOk(train("whole", all));
    for (int questions : new int[] {0, 5, 13}) {
      String run = "after" + questions;
      List<String> arguments =
          new ArrayList<>(List.of("--data", "digits", "--limit", "150", "--out"));
      arguments.add(folder.resolve(run).toString());
      arguments.addAll(List.of(all.split(" ")));
      StringWriter out = new StringWriter();
      int code =
          new CommandLine(new TrainCommand(() -> new After(questions)))
              .setOut(new PrintWriter(out, true))
              .setErr(new PrintWriter(new StringWriter()))
              .execute(arguments.toArray(String[]::new));
      assertEquals(Vg.INTERRUPTED, code, out::toString);
      assertTrue(out.toString().contains("\nstopped and saved; go on with: vg train --resume "));
      assertOk(resume(run));
      for (String name : List.of("model.safetensors", "ensemble.safetensors")) {
        assertArrayEquals(file("whole", name), file(run, name), run + " " + name);
      }
    }
  }

  @Test
  void patienceEndsTheRunAndKeepsTheBestEpoch() {
    Result result = train("run", "--epochs 50 --patience 1 --lr 0.2"); // far too large
    assertOk(result);
    assertTrue(
        result.out().matches("(?s).*\nepoch \\d+ was the best of \\d+\ntest loss .*"), result::out);
    assertFalse(result.out().contains("epoch 50/50"), result::out);
    Result again = resume("run");
    assertOk(again);
    assertFalse(again.out().contains("  loss "), again::out); // patience has ended already
    assertEquals(result.out().lines().toList().getLast(), again.out().lines().toList().getLast());
  }

  @Test
  void snapshotsAreTestedAsOneNetwork() {
    Result result = train("run", "--epochs 3 --snapshots 2 --lr 0.01");
    assertOk(result);
    assertTrue(
        result.out().contains("\nthe last of 2 snapshots has a test accuracy of 0."), result::out);
    assertTrue(Files.isRegularFile(folder.resolve("run/ensemble.safetensors")));
    assertMistake(
        """
        resume: --epochs 5 differs from the run's 3
          rule   the cycles of --snapshots are as long as the run
        """,
        resume("run", "--epochs", "5"));
  }

  @Test
  void theLastQuarterIsAveraged() {
    Result result = train("run", "--epochs 4 --average swa");
    assertOk(result);
    assertMistake(
        """
        resume: --epochs 8 differs from the run's 4
          rule   --average swa takes the last quarter of the run
        """,
        resume("run", "--epochs", "8"));
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    for (String text : List.of("x", "ema:1", "ema:q", "ema")) {
      assertMistake(
          """
          train: --average is ema:DECAY or swa, found "%s"
            rule   0 <= DECAY < 1: what is kept of the average at each step
            help   ema:0.999 remembers about 1000 steps
          """
              .formatted(text),
          train("x", "--average " + text));
    }
    assertMistake("train: --mixup must be a positive number, found 0.0\n", train("x", "--mixup 0"));
    assertMistake(
        "train: --max-norm must be a positive number, found -1.0\n", train("x", "--max-norm -1"));
    assertMistake("train: --clip must be a positive number, found NaN\n", train("x", "--clip NaN"));
    assertMistake(
        "train: --accumulate must be at least 1, found 0\n", train("x", "--accumulate 0"));
    assertMistake("train: --patience must be at least 1, found 0\n", train("x", "--patience 0"));
    assertMistake("train: --snapshots must be at least 1, found 0\n", train("x", "--snapshots 0"));
  }

  @Test
  void optionsThatDoNotGoTogetherAreRefused() {
    assertMistake(
        """
        train: --snapshots and --schedule do not go together
          rule   the learning rate falls once for every snapshot, along a cosine
        """,
        train("x", "--snapshots 2 --schedule cosine(5)"));
    assertMistake(
        """
        train: --patience and --snapshots do not go together
          rule   snapshots are taken at the ends of cycles, up to the last epoch
        """,
        train("x", "--snapshots 2 --patience 1"));
    assertMistake(
        """
        train: --patience 1 has no validation loss to wait for
          help   hold pictures out with --validation N
        """,
        train("x", "--patience 1 --validation 0"));
    assertMistake(
        """
        train: --average swa takes the last quarter of the epochs
          epochs 3
          help   --epochs 4 or more, or --average ema:0.999
        """,
        train("x", "--average swa --epochs 3"));
    assertMistake(
        """
        train: --snapshots 500 is too many
          rule   each takes 2 steps at least, and there are 6
        """,
        train("x", "--snapshots 500 --epochs 2"));
  }

  @Test
  void aFolderOfARunIsNotUsedTwice() throws IOException {
    assertOk(train("run", "--epochs 1"));
    Path run = folder.resolve("run");
    assertMistake(
        """
        train: another run lies in the folder
          folder %s
          help   name another --out, or go on with it: --resume %s
        """
            .formatted(run, run.resolve("checkpoint.safetensors")),
        train("run", "--epochs 1"));
    Files.delete(run.resolve("checkpoint.safetensors"));
    assertMistake(
        """
        train: another run lies in the folder
          folder %s
          help   name another --out, or delete it: it ended before its first checkpoint
        """
            .formatted(run),
        train("run", "--epochs 1"));
  }
}
