package vectorgrad.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SourcesTest {
  private static final Path HOME = Path.of("home").toAbsolutePath();
  private static final Path OTHER = Path.of("other").toAbsolutePath();

  private static Path cache(String system, Map<String, String> environment) {
    return Sources.standardCache(environment::get, system, HOME);
  }

  @Test
  void theCacheLiesWhereEachSystemKeepsCaches() {
    assertEquals(HOME.resolve(".cache", "vectorgrad"), cache("Linux", Map.of()));
    assertEquals(HOME.resolve("Library", "Caches", "vectorgrad"), cache("Mac OS X", Map.of()));
    assertEquals(HOME.resolve("AppData", "Local", "vectorgrad"), cache("Windows 11", Map.of()));
    assertEquals(
        OTHER.resolve("vectorgrad"), cache("Windows 11", Map.of("LOCALAPPDATA", OTHER.toString())));
  }

  @Test
  void xdgCacheHomeIsHeardEverywhereIfItIsAbsolute() {
    Map<String, String> xdg = Map.of("XDG_CACHE_HOME", OTHER.toString());
    assertEquals(OTHER.resolve("vectorgrad"), cache("Linux", xdg));
    assertEquals(OTHER.resolve("vectorgrad"), cache("Mac OS X", xdg));
    assertEquals(
        HOME.resolve(".cache", "vectorgrad"), cache("Linux", Map.of("XDG_CACHE_HOME", "relative")));
    assertEquals(
        HOME.resolve(".cache", "vectorgrad"), cache("Linux", Map.of("XDG_CACHE_HOME", "")));
  }

  @Test
  void systemPropertiesNameTheMirrorAndTurnTheNetworkOff() {
    System.setProperty("vectorgrad.mirror", "https://example.org/data");
    System.setProperty("vectorgrad.offline", "true");
    try {
      Sources sources = Sources.standard();
      assertEquals(Optional.of(URI.create("https://example.org/data")), sources.mirror());
      assertTrue(sources.offline());
      System.setProperty("vectorgrad.mirror", "ftp://example.org");
      assertEquals(
          "vectorgrad.mirror: wanted a URL that begins with https:// or http://, found"
              + " ftp://example.org",
          assertThrows(IllegalArgumentException.class, Sources::standard).getMessage());
    } finally {
      System.clearProperty("vectorgrad.mirror");
      System.clearProperty("vectorgrad.offline");
    }
  }

  @Test
  void eachCopyChangesOneThing() {
    Sources sources = Fixtures.sources(HOME, Progress.SILENT);
    Progress progress = event -> {};
    assertEquals(
        new Sources(
            Optional.of(OTHER), OTHER, Optional.of(URI.create("http://a/")), true, progress),
        sources
            .in(OTHER)
            .cachedIn(OTHER)
            .from(URI.create("http://a/"))
            .withoutNetwork()
            .heardBy(progress));
  }
}
