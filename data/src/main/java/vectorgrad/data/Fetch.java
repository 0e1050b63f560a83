package vectorgrad.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Asks the sources of a published data set, one after the other, and keeps the reason of each that
/// fails.
final class Fetch {
  private final PublishedFiles files;
  private final Sources sources;
  private final List<Attempt> attempts = new ArrayList<>();

  private Fetch(PublishedFiles files, Sources sources) {
    this.files = files;
    this.sources = sources;
  }

  /// Loads `files` from the first of the `sources` that has them.
  ///
  /// @throws DataUnavailableException if none has
  static Pictures load(PublishedFiles files, Sources sources) throws IOException {
    return new Fetch(files, sources).load();
  }

  private Pictures load() throws IOException {
    if (sources.folder().isPresent()) {
      Path folder = sources.folder().get();
      return files.read(folder, new Origin("folder " + folder, List.of()));
    }
    Cache cache = new Cache(sources.cache().resolve(files.name()));
    List<Source> local = new ArrayList<>(List.of(cache));
    files.debian().ifPresent(debian -> local.add(debian.installed()));
    try {
      return firstOf(local, cache);
    } catch (DataUnavailableException e) {
      if (sources.offline()) {
        attempts.add(new Attempt("network", "not asked, by request"));
        throw new DataUnavailableException(files.name(), attempts);
      }
    }
    try (Cache.Lock lock = lock(cache)) {
      List<Source> remote = new ArrayList<>();
      if (lock.waited()) {
        remote.add(cache);
      }
      if (sources.mirror().isPresent()) {
        remote.add(Mirror.at(sources.mirror().get(), files.name()));
      } else {
        files.mirrors().forEach(base -> remote.add(Mirror.at(base)));
      }
      files.debian().ifPresent(debian -> remote.add(debian.fetched()));
      return firstOf(remote, cache);
    }
  }

  private Cache.Lock lock(Cache cache) throws IOException {
    try {
      return cache.lock(sources.progress());
    } catch (IOException e) {
      rethrowInterrupt(e);
      fail(new Attempt("network", "not asked, the cache cannot be written: " + Reason.of(e)));
      throw new DataUnavailableException(files.name(), attempts);
    }
  }

  private Pictures firstOf(List<Source> candidates, Cache cache) throws IOException {
    for (Source source : candidates) {
      sources.progress().on(new Progress.Asking(source.describe()));
      try {
        Path folder = source.provide(files, cache.folder(), sources.progress());
        List<String> notes = attempts.stream().map(Attempt::toString).toList();
        return files.read(folder, new Origin(source.describe(), notes));
      } catch (IOException e) {
        rethrowInterrupt(e);
        String reason = source instanceof Cache damaged ? damaged.examine(files) : Reason.of(e);
        fail(new Attempt(source.describe(), reason));
      }
    }
    throw new DataUnavailableException(files.name(), attempts);
  }

  private void fail(Attempt attempt) {
    attempts.add(attempt);
    sources.progress().on(new Progress.Failed(attempt));
  }

  /// Somebody wants the thread to stop: that is no failure of a source, and no reason to ask the
  /// next.
  private static void rethrowInterrupt(IOException e) throws IOException {
    if (e instanceof InterruptedIOException
        || e instanceof ClosedByInterruptException
        || e instanceof FileLockInterruptionException) {
      throw e;
    }
  }
}
