package vectorgrad.accel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vectorgrad.tensor.OpenCl;

/// Kernels that outlive their process.
class ProgramsTest {
  private static final String SOURCE =
      "__kernel void run(__global int* a) { a[get_global_id(0)] = 7 * get_global_id(0); }";

  private final Card card = ((OpenClBackend) OpenCl.device().backend()).queue().card();

  @TempDir private Path folder;

  @Test
  void whatWasCompiledOnceIsReadFromItsFile() throws IOException {
    assertArrayEquals(new int[] {0, 7, 14}, answer());
    Path file = files().getFirst();
    byte[] first = Files.readAllBytes(file);
    assertTrue(first.length > 0);
    assertArrayEquals(new int[] {0, 7, 14}, answer()); // from the file
    assertEquals(List.of(file), files());
    assertArrayEquals(first, Files.readAllBytes(file));
  }

  @Test
  void aDamagedFileIsCompiledAnew() throws IOException {
    answer();
    Path file = files().getFirst();
    long size = Files.size(file);
    Files.writeString(file, "this is no program");
    assertArrayEquals(new int[] {0, 7, 14}, answer());
    assertEquals(List.of(file), files());
    assertTrue(Files.size(file) > size / 2, "it is a program again");
  }

  @Test
  void anotherDriverFindsNothing() {
    Binaries binaries = new Binaries(Optional.of(folder), card);
    binaries.keep(SOURCE, new byte[] {1, 2, 3});
    assertArrayEquals(new byte[] {1, 2, 3}, binaries.find(SOURCE).orElseThrow());
    assertTrue(binaries.find(SOURCE + " ").isEmpty());
    assertTrue(new Binaries(Optional.of(folder), newer(card)).find(SOURCE).isEmpty());
  }

  @Test
  void aFolderThatCannotBeWrittenCostsNothing() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    Queue queue = queue(file.resolve("below"));
    assertArrayEquals(new int[] {0, 7, 14}, answer(queue));
  }

  private static Card newer(Card card) {
    return new Card(
        card.platform(),
        card.id(),
        card.name(),
        card.driver() + ".1",
        card.version(),
        card.isGpu(),
        card.units(),
        card.memory(),
        card.largest(),
        card.local(),
        card.group(),
        card.extensions(),
        card.roundsRight());
  }

  /// As a process of its own would compute it.
  private int[] answer() {
    return answer(queue(folder));
  }

  private Queue queue(Path folder) {
    Binaries binaries = new Binaries(Optional.of(folder), card);
    return new Queue(card, binaries, new Ledger(false), false, Optional.empty());
  }

  private static int[] answer(Queue queue) {
    Memory memory = queue.allocate(64 * Integer.BYTES);
    queue.run("answer", () -> SOURCE, () -> "answer", 64, Queue.Argument.of(memory));
    int[] answer = new int[3];
    queue.read(memory, 0, answer);
    return answer;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
