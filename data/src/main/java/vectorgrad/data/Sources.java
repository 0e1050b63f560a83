package vectorgrad.data;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Where published data sets are looked for, and who hears about it.
///
/// A data set is taken from the first of these that has it whole and undamaged:
///
/// 1. `folder`, if there is one: then nothing else is asked, so that data somebody pointed to is
///    never silently replaced by other data;
/// 2. the `cache`;
/// 3. the Debian package, if it is installed;
/// 4. public mirrors, or the one given here, into the cache; broken downloads are resumed;
/// 5. the Debian package, fetched and unpacked without root, into the cache.
///
/// The last two need a network and are skipped when `offline`. Every file is checked against the
/// md5 of its uncompressed content, each time it is read.
///
/// | property | environment | meaning |
/// |----------|-------------|---------|
/// | `vectorgrad.mirror` | `VECTORGRAD_MIRROR` | asked instead of the public mirrors: `URL/NAME/FILE.gz` |
/// | `vectorgrad.offline` | `VECTORGRAD_OFFLINE` | `true` or `1`: no network |
/// | | `XDG_CACHE_HOME` | the folder that holds the cache folder `vectorgrad` |
///
/// @param folder the only folder to look in, if given
/// @param cache the folder that holds one folder per data set
/// @param mirror the mirror asked instead of the public ones, if given
/// @param offline whether to stay away from the network
/// @param progress hears what happens
public record Sources(
    Optional<Path> folder, Path cache, Optional<URI> mirror, boolean offline, Progress progress) {

  /// The sources that the system properties and the environment name, silent.
  ///
  /// @throws IllegalArgumentException if the mirror they name is no URL
  public static Sources standard() {
    return new Sources(
        Optional.empty(),
        standardCache(name -> System.getenv(name), System.getProperty("os.name"), home()),
        setting("vectorgrad.mirror").map(Sources::mirrorUri),
        setting("vectorgrad.offline").map(Sources::isYes).orElse(false),
        Progress.SILENT);
  }

  /// These sources, but only the given folder is looked in.
  public Sources in(Path folder) {
    return new Sources(Optional.of(folder), cache, mirror, offline, progress);
  }

  /// These sources with another cache.
  public Sources cachedIn(Path cache) {
    return new Sources(folder, cache, mirror, offline, progress);
  }

  /// These sources with the given mirror instead of the public ones.
  public Sources from(URI mirror) {
    return new Sources(folder, cache, Optional.of(mirror), offline, progress);
  }

  /// These sources without the network.
  public Sources withoutNetwork() {
    return new Sources(folder, cache, mirror, true, progress);
  }

  /// These sources, heard by `progress`.
  public Sources heardBy(Progress progress) {
    return new Sources(folder, cache, mirror, offline, progress);
  }

  /// The cache folder by the habits of each system: `XDG_CACHE_HOME` wherever it is set, then
  /// `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows, `~/.cache` elsewhere.
  static Path standardCache(UnaryOperator<String> environment, String system, Path home) {
    String os = system.toLowerCase(Locale.ROOT);
    Optional<Path> xdg = absolute(environment.apply("XDG_CACHE_HOME"));
    Path caches;
    if (xdg.isPresent()) {
      caches = xdg.get();
    } else if (os.startsWith("mac")) {
      caches = home.resolve("Library", "Caches");
    } else if (os.startsWith("windows")) {
      caches =
          absolute(environment.apply("LOCALAPPDATA"))
              .orElseGet(() -> home.resolve("AppData", "Local"));
    } else {
      caches = home.resolve(".cache");
    }
    return caches.resolve("vectorgrad");
  }

  /// The XDG specification has relative paths ignored.
  private static Optional<Path> absolute(String path) {
    return Optional.ofNullable(path)
        .filter(p -> !p.isBlank())
        .map(Path::of)
        .filter(Path::isAbsolute);
  }

  private static Path home() {
    return Path.of(System.getProperty("user.home"));
  }

  private static Optional<String> setting(String property) {
    String variable = property.toUpperCase(Locale.ROOT).replace('.', '_');
    return Optional.ofNullable(System.getProperty(property, System.getenv(variable)))
        .filter(value -> !value.isBlank());
  }

  private static URI mirrorUri(String value) {
    URI uri = URI.create(value);
    if (!"http".equals(uri.getScheme()) && !"https".equals(uri.getScheme())) {
      throw new IllegalArgumentException(
          "vectorgrad.mirror: wanted a URL that begins with https:// or http://, found " + value);
    }
    return uri;
  }

  private static boolean isYes(String value) {
    return value.equals("1") || Boolean.parseBoolean(value);
  }
}
