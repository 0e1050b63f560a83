package vectorgrad.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MirrorTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final PublishedFiles files = Fixtures.published();
  private final List<Progress.Event> heard = new ArrayList<>();

  @TempDir Path cache;

  private static byte[] file(Loopback.Request request) {
    List<PublishedFiles.Entry> entries = Fixtures.published().files();
    for (int i = 0; i < entries.size(); i++) {
      if (request.path().endsWith("/" + entries.get(i).compressedName())) {
        return Fixtures.gzip(Fixtures.CONTENTS.get(i));
      }
    }
    throw new IllegalArgumentException(request.path());
  }

  private Path fetch(Loopback server) throws IOException {
    return Mirror.at(server.uri(), "tiny").provide(files, cache, heard::add);
  }

  private void assertAllThere() throws IOException {
    assertEquals(6, files.read(cache, new Origin("", List.of())).train().size());
    try (Stream<Path> left = Files.list(cache)) {
      assertEquals(4, left.count(), "nothing but the four files is left");
    }
  }

  private Path part() {
    return cache.resolve(files.files().getFirst().compressedName() + ".part");
  }

  private byte[] firstFile() {
    return Fixtures.gzip(Fixtures.CONTENTS.getFirst());
  }

  @Test
  void theFilesAreFetchedIntoTheCache() throws IOException {
    try (var server = new Loopback((request, out) -> Loopback.whole(out, file(request)))) {
      assertEquals(cache, fetch(server));
      assertEquals("/tiny/train-images-idx3-ubyte.gz", server.requests().getFirst().path());
    }
    assertAllThere();
    long length = firstFile().length;
    assertTrue(
        heard.contains(
            new Progress.Arriving("train-images-idx3-ubyte.gz", length, OptionalLong.of(length))),
        heard.toString());
  }

  @Test
  void whatIsThereAlreadyIsNotFetchedAgain() throws IOException {
    Files.write(cache.resolve("train-images-idx3-ubyte.gz"), firstFile());
    try (var server = new Loopback((request, out) -> Loopback.whole(out, file(request)))) {
      fetch(server);
      assertEquals(3, server.requests().size());
    }
    assertAllThere();
  }

  @Test
  void aDownloadThatAnEarlierRunLeftIsContinued() throws IOException {
    Files.write(part(), Fixtures.head(firstFile(), 40));
    try (var server =
        new Loopback((request, out) -> Loopback.ranged(request, out, file(request)))) {
      fetch(server);
      assertEquals(OptionalInt.of(40), server.requests().getFirst().rangeStart());
    }
    assertAllThere();
  }

  @Test
  void aBrokenConnectionIsContinuedAtOnce() throws IOException {
    try (var server =
        new Loopback((request, out) -> {
          byte[] body = file(request);
          if (request.rangeStart().isEmpty() && request.path().contains("train-images")) {
            Loopback.head(out, "200 OK", body.length, "");
            out.write(body, 0, 50);
          } else {
            Loopback.ranged(request, out, body);
          }
        })) {
      fetch(server);
      assertEquals(OptionalInt.of(50), server.requests().get(1).rangeStart());
    }
    assertAllThere();
  }

  @Test
  void aServerWithoutRangesSendsItAllAgain() throws IOException {
    Files.write(part(), Fixtures.head(firstFile(), 40));
    try (var server = new Loopback((request, out) -> Loopback.whole(out, file(request)))) {
      fetch(server);
    }
    assertAllThere();
  }

  @Test
  void aFinishedDownloadThatWasNotMovedIsRecognized() throws IOException {
    Files.write(part(), firstFile());
    try (var server =
        new Loopback((request, out) -> {
          if (request.rangeStart().isPresent()) {
            Loopback.status(out, "416 Range Not Satisfiable");
          } else {
            Loopback.whole(out, file(request));
          }
        })) {
      fetch(server);
      assertEquals(4, server.requests().size());
    }
    assertAllThere();
  }

  @Test
  void anotherRangeThanAskedForIsRefused() throws IOException {
    Files.write(part(), Fixtures.head(firstFile(), 40));
    try (var server = new Loopback((request, out) -> Loopback.rest(out, file(request), 20))) {
      assertEquals(
          "the answer was another range than the one asked for",
          assertThrows(IOException.class, () -> fetch(server)).getMessage());
    }
    assertFalse(Files.exists(part()));
  }

  @Test
  void piecesThatDoNotFitAreThrownAwayAndFetchedWhole() throws IOException {
    Files.write(part(), new byte[40]);
    try (var server =
        new Loopback((request, out) -> Loopback.ranged(request, out, file(request)))) {
      fetch(server);
      assertEquals(
          List.of(OptionalInt.of(40), OptionalInt.empty()),
          server.requests().stream().limit(2).map(Loopback.Request::rangeStart).toList());
    }
    assertAllThere();
  }

  @Test
  void anotherFileIsRefusedByItsSumAndNothingIsLeft() throws IOException {
    byte[] other = Fixtures.gzip(Fixtures.idx(new byte[24], 2, 4, 3));
    try (var server = new Loopback((_, out) -> Loopback.whole(out, other))) {
      String message = assertThrows(DataException.class, () -> fetch(server)).getMessage();
      assertTrue(
          message.startsWith(
              "data: what the mirror sent is not train-images-idx3-ubyte.gz\n  wanted md5 "
                  + files.files().getFirst().md5()
                  + "\n  found  Idx: the content differs from the published file; "),
          message);
      assertEquals(1, server.requests().size());
    }
    try (Stream<Path> left = Files.list(cache)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void aPageInPlaceOfTheFileIsQuoted() throws IOException {
    byte[] page = "<html>please log in\n to the network</html>".getBytes(StandardCharsets.US_ASCII);
    try (var server = new Loopback((_, out) -> Loopback.whole(out, page))) {
      String message = assertThrows(DataException.class, () -> fetch(server)).getMessage();
      assertTrue(message.endsWith(", text: <html>please log in; to the network</htm"), message);
    }
  }

  @Test
  void aStatusIsTheReason() throws IOException {
    try (var server = new Loopback((_, out) -> Loopback.status(out, "404 Not Found"))) {
      assertEquals(
          "the answer to train-images-idx3-ubyte.gz was status 404",
          assertThrows(IOException.class, () -> fetch(server)).getMessage());
    }
    assertFalse(Files.exists(part()));
  }

  @Test
  void aServerThatFallsSilentIsLeftAndItsPartKept() throws IOException {
    CountDownLatch end = new CountDownLatch(1);
    try (var server =
        new Loopback((request, out) -> {
          byte[] body = file(request);
          if (request.rangeStart().isEmpty()) {
            Loopback.head(out, "200 OK", body.length, "");
            out.write(body, 0, 30);
          }
          await(end);
        })) {
      Mirror impatient = new Mirror(server.uri().resolve("/tiny/"), Duration.ofMillis(700));
      String message =
          assertThrows(IOException.class, () -> impatient.provide(files, cache, heard::add))
              .getMessage();
      assertEquals("nothing has arrived for 700 ms", message);
      assertArrayEquals(Fixtures.head(firstFile(), 30), Files.readAllBytes(part()));
    } finally {
      end.countDown();
    }
  }

  @Test
  void aMachineWithoutAServerSaysSoQuickly() throws IOException {
    URI closed;
    try (var server = new Loopback((_, out) -> Loopback.status(out, "404 Not Found"))) {
      closed = server.uri();
    }
    IOException refused =
        assertThrows(
            IOException.class, () -> Mirror.at(closed).provide(files, cache, Progress.SILENT));
    assertEquals("the connection was refused", Reason.of(refused));
    IOException unknown =
        assertThrows(
            IOException.class,
            () ->
                new Mirror(URI.create("http://nowhere.invalid/"), PATIENCE)
                    .provide(files, cache, Progress.SILENT));
    assertEquals("the host is unknown; is there a network?", Reason.of(unknown));
  }

  @Test
  void aStreamWithoutEndIsCut() throws IOException {
    try (var server =
        new Loopback((_, out) -> {
          Loopback.head(out, "200 OK", Integer.MAX_VALUE, "");
          byte[] junk = new byte[1 << 16];
          for (int i = 0; i < 1 << 15; i++) {
            out.write(junk);
          }
        })) {
      String message = assertThrows(IOException.class, () -> fetch(server)).getMessage();
      assertTrue(
          message.matches("more arrived than train-images-idx3-ubyte holds, \\d+ bytes"), message);
    }
    assertFalse(Files.exists(part()));
  }

  @Test
  void anInterruptStopsTheDownload() throws IOException {
    CountDownLatch end = new CountDownLatch(1);
    Thread fetching = Thread.currentThread();
    try (var server =
        new Loopback((request, out) -> {
          Loopback.head(out, "200 OK", file(request).length, "");
          out.flush();
          fetching.interrupt();
          await(end);
        })) {
      assertThrows(InterruptedIOException.class, () -> fetch(server));
      assertTrue(Thread.interrupted());
    } finally {
      end.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
