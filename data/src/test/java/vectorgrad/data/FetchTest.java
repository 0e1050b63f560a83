package vectorgrad.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FetchTest {
  private final List<Progress.Event> heard = new ArrayList<>();

  @TempDir Path caches;

  private Path cache() {
    return caches.resolve("tiny");
  }

  private Sources sources() {
    return Fixtures.sources(caches, heard::add);
  }

  /// A mirror that serves the files under /tiny.
  private static Loopback mirror() throws IOException {
    List<PublishedFiles.Entry> entries = Fixtures.published().files();
    return new Loopback((request, out) -> {
      for (int i = 0; i < entries.size(); i++) {
        if (request.path().equals("/tiny/" + entries.get(i).compressedName())) {
          Loopback.whole(out, Fixtures.gzip(Fixtures.CONTENTS.get(i)));
          return;
        }
      }
      Loopback.status(out, "404 Not Found");
    });
  }

  @Test
  void theCacheIsEnough() throws IOException {
    Fixtures.write(cache());
    Pictures pictures = Fetch.load(Fixtures.published(), sources().withoutNetwork());
    assertEquals("tiny", pictures.name());
    assertEquals(new Origin("cache " + cache(), List.of()), pictures.origin());
    assertEquals(6, pictures.train().size());
    assertEquals(Fixtures.CLASSES, pictures.train().classes());
    assertArrayEquals(new int[] {2, 1}, pictures.test().labels().toInts());
    assertEquals(List.of(new Progress.Asking("cache " + cache())), heard);
  }

  @Test
  void theMirrorFillsTheCache() throws IOException {
    try (var mirror = mirror()) {
      Pictures first = Fetch.load(Fixtures.published(), sources().from(mirror.uri()));
      assertEquals("mirror " + mirror.uri() + "/tiny/", first.origin().source());
      assertEquals(List.of("cache " + cache() + ": nothing there yet"), first.origin().notes());
    }
    Pictures second = Fetch.load(Fixtures.published(), sources());
    assertEquals("cache " + cache(), second.origin().source());
  }

  @Test
  void aDamagedFileInTheCacheIsSetAsideAndFetchedAgain() throws IOException {
    Fixtures.write(cache());
    Path images = cache().resolve("train-images-idx3-ubyte.gz");
    byte[] damaged = Files.readAllBytes(images);
    damaged[30] ^= 1;
    Files.write(images, damaged);
    try (var mirror = mirror()) {
      Pictures pictures = Fetch.load(Fixtures.published(), sources().from(mirror.uri()));
      assertEquals(1, mirror.requests().size());
      String note = pictures.origin().notes().getFirst();
      assertTrue(note.startsWith("cache " + cache() + ": Idx: the "), note);
      assertTrue(note.endsWith("; set aside as train-images-idx3-ubyte.gz.damaged"), note);
    }
    assertArrayEquals(
        damaged, Files.readAllBytes(cache().resolve("train-images-idx3-ubyte.gz.damaged")));
    assertEquals("cache " + cache(), Fetch.load(Fixtures.published(), sources()).origin().source());
  }

  @Test
  void anotherContentInTheCacheIsNeverUsed() throws IOException {
    Fixtures.write(cache());
    byte[] other = Fixtures.idx(new byte[6], 6);
    Files.write(cache().resolve("train-labels-idx1-ubyte.gz"), Fixtures.gzip(other));
    assertThrows(
        DataUnavailableException.class,
        () -> Fetch.load(Fixtures.published(), sources().withoutNetwork()));
    assertFalse(Files.exists(cache().resolve("train-labels-idx1-ubyte.gz")));
  }

  @Test
  void everySourceThatFailsKeepsItsReason() throws IOException {
    DebianPackage none =
        new DebianPackage("tiny-data", caches.resolve("usr"), "no-such-apt-get", "no-such-dpkg");
    URI closed;
    try (var mirror = mirror()) {
      closed = mirror.uri();
    }
    DataUnavailableException failure =
        assertThrows(
            DataUnavailableException.class,
            () -> Fetch.load(Fixtures.published(Optional.of(none)), sources().from(closed)));
    assertEquals(
        """
        tiny: could not be had
          cache CACHE: nothing there yet
          installed package tiny-data: not installed, there is no USR
          mirror MIRROR/tiny/: the connection was refused
          Debian package tiny-data: the command no-such-apt-get is not on this machine
          help   put its four IDX files in a folder and name the folder\
        """
            .replace("CACHE", cache().toString())
            .replace("USR", caches.resolve("usr").toString())
            .replace("MIRROR", closed.toString()),
        failure.getMessage());
    assertEquals("tiny", failure.dataset());
    assertEquals(4, failure.attempts().size());
    assertEquals(
        "tiny could not be had (cache CACHE: nothing there yet; "
            .replace("CACHE", cache().toString()),
        failure.summary().substring(0, failure.summary().indexOf("installed")));
    assertEquals(
        failure.attempts(),
        heard.stream()
            .filter(Progress.Failed.class::isInstance)
            .map(event -> ((Progress.Failed) event).attempt())
            .toList());
  }

  @Test
  void withoutNetworkNothingRemoteIsAsked() {
    DataUnavailableException failure =
        assertThrows(
            DataUnavailableException.class,
            () -> Fetch.load(Fixtures.published(), sources().withoutNetwork()));
    assertEquals(new Attempt("network", "not asked, by request"), failure.attempts().getLast());
  }

  @Test
  void aCacheThatCannotBeWrittenIsTheReason() throws IOException {
    Path file = Files.createFile(caches.resolve("file"));
    DataUnavailableException failure =
        assertThrows(
            DataUnavailableException.class,
            () -> Fetch.load(Fixtures.published(), sources().cachedIn(file)));
    assertTrue(
        failure
            .attempts()
            .getLast()
            .reason()
            .startsWith("not asked, the cache cannot be written: "),
        failure.getMessage());
  }

  @Test
  void aFolderThatWasNamedIsTheOnlySource() throws IOException {
    Path folder = Fixtures.write(caches.resolve("mine"));
    Fixtures.write(cache());
    Pictures pictures = Fetch.load(Fixtures.published(), sources().in(folder));
    assertEquals("folder " + folder, pictures.origin().source());
    Files.delete(folder.resolve("t10k-images-idx3-ubyte.gz"));
    assertEquals(
        """
        data: a file is not in the folder
          folder FOLDER
          wanted t10k-images-idx3-ubyte.gz or t10k-images-idx3-ubyte\
        """
            .replace("FOLDER", folder.toString()),
        assertThrows(
                DataException.class, () -> Fetch.load(Fixtures.published(), sources().in(folder)))
            .getMessage());
  }

  @Test
  void aSecondFetcherWaitsAndThenFindsTheCacheFilled() throws Exception {
    Cache cache = new Cache(cache());
    Pictures[] result = new Pictures[1];
    Thread second;
    try (Cache.Lock _ = cache.lock(Progress.SILENT)) {
      second =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  result[0] = Fetch.load(Fixtures.published(), sources());
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      while (second.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      Fixtures.write(cache());
    }
    second.join();
    assertEquals("cache " + cache(), result[0].origin().source());
    assertInstanceOf(
        Progress.Note.class,
        heard.stream().filter(e -> e instanceof Progress.Note).findFirst().orElseThrow());
  }
}
