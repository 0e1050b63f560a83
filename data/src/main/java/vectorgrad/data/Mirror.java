package vectorgrad.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import vectorgrad.tensor.Message;

/// A folder on the web, as a source.
///
/// A file is downloaded into `NAME.gz.part`, verified, and only then moved to `NAME.gz`. What is
/// left of a broken download is kept and continued with an HTTP range, in the next round or by the
/// next run; whether the pieces fit is decided by the sum of the whole.
///
/// @param base the folder's address, which ends with a slash
/// @param patience how long nothing may arrive before the download counts as broken
record Mirror(URI base, Duration patience) implements Source {
  /// Short, so that a machine without a network gets to the next source quickly.
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofMillis(100);

  /// How often one file is asked for in one run, as long as each time something arrives.
  private static final int ROUNDS = 5;

  /// The mirror whose folder has the address `base`.
  static Mirror at(URI base) {
    String text = base.toString();
    return new Mirror(text.endsWith("/") ? base : URI.create(text + "/"), PATIENCE);
  }

  /// The folder `name` inside the mirror at `base`.
  static Mirror at(URI base, String name) {
    return at(at(base).base().resolve(name));
  }

  @Override
  public String describe() {
    return "mirror " + base;
  }

  @Override
  public Path provide(PublishedFiles files, Path cache, Progress progress) throws IOException {
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    try {
      for (PublishedFiles.Entry entry : files.files()) {
        if (entry.locate(cache).isEmpty()) {
          new Download(client, entry, cache, progress).run();
        }
      }
    } finally {
      client.shutdownNow();
    }
    return cache;
  }

  /// The download of one file.
  private final class Download {
    private final HttpClient client;
    private final PublishedFiles.Entry entry;
    private final Path part;
    private final Path target;
    private final Progress progress;

    Download(HttpClient client, PublishedFiles.Entry entry, Path cache, Progress progress) {
      this.client = client;
      this.entry = entry;
      this.part = cache.resolve(entry.compressedName() + ".part");
      this.target = cache.resolve(entry.compressedName());
      this.progress = progress;
    }

    void run() throws IOException {
      for (int round = 1; ; round++) {
        long before = length();
        try {
          request(before);
        } catch (InterruptedIOException e) {
          throw e;
        } catch (IOException e) {
          if (round == ROUNDS || length() <= before) {
            throw e;
          }
          continue;
        }
        try {
          entry.read(part);
          Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
          return;
        } catch (DataException e) {
          String beginning = beginning();
          Files.delete(part);
          // A continued file may consist of pieces of two different ones: once more, from nothing.
          if (before == 0 || round == ROUNDS) {
            throw new DataException(
                Message.of("data", "what the mirror sent is not " + entry.compressedName())
                    .row("wanted", "md5 " + entry.md5())
                    .row("found", Reason.of(e) + beginning),
                part,
                e);
          }
        }
      }
    }

    /// Asks for the file from byte `from` on and writes what arrives.
    private void request(long from) throws IOException {
      HttpRequest.Builder builder =
          HttpRequest.newBuilder(base.resolve(entry.compressedName()))
              .header("User-Agent", "vectorgrad");
      if (from > 0) {
        builder.header("Range", "bytes=" + from + "-");
      }
      AtomicLong total = new AtomicLong(-1);
      CompletableFuture<HttpResponse<Path>> answer =
          client.sendAsync(builder.build(), info -> receiver(info, from, total));
      HttpResponse<Path> response = await(answer, total);
      int status = response.statusCode();
      if (status == 206 && !start(response.headers()).equals(Optional.of(from))) {
        Files.delete(part);
        throw new IOException("the answer was another range than the one asked for");
      }
      boolean complete = status == 200 || status == 206;
      // 416: there is nothing after what is here already; the sum decides whether that is the file.
      if (!complete && !(status == 416 && from > 0)) {
        throw new IOException("the answer to " + entry.compressedName() + " was status " + status);
      }
      report(total);
    }

    /// Decides from the headers where the body goes: behind what is here, in its place, or nowhere.
    private HttpResponse.BodySubscriber<Path> receiver(
        HttpResponse.ResponseInfo info, long from, AtomicLong total) {
      long length = info.headers().firstValueAsLong("Content-Length").orElse(-1);
      if (info.statusCode() == 206 && start(info.headers()).equals(Optional.of(from))) {
        total.set(length < 0 ? -1 : from + length);
        return HttpResponse.BodySubscribers.ofFile(
            part, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
      }
      if (info.statusCode() == 200) {
        total.set(length);
        return HttpResponse.BodySubscribers.ofFile(
            part,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING);
      }
      return HttpResponse.BodySubscribers.replacing(part);
    }

    /// The first byte of `Content-Range: bytes FIRST-LAST/TOTAL`.
    private static Optional<Long> start(HttpHeaders headers) {
      return headers
          .firstValue("Content-Range")
          .filter(value -> value.matches("bytes \\d{1,18}-.*"))
          .map(value -> Long.valueOf(value.substring("bytes ".length(), value.indexOf('-'))));
    }

    /// Waits for the whole body, as long as something arrives now and then.
    private HttpResponse<Path> await(CompletableFuture<HttpResponse<Path>> answer, AtomicLong total)
        throws IOException {
      long seen = -1;
      long seenAt = System.nanoTime();
      while (true) {
        try {
          return answer.get(POLL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          long length = length();
          if (length != seen) {
            seen = length;
            seenAt = System.nanoTime();
            report(total);
          } else if (System.nanoTime() - seenAt > patience.toNanos()) {
            answer.cancel(true);
            throw new IOException("nothing has arrived for " + patience.toMillis() + " ms", e);
          }
          if (length > entry.bytes() + (1 << 20)) {
            answer.cancel(true);
            Files.deleteIfExists(part);
            throw new IOException(
                "more arrived than " + entry.name() + " holds, " + length + " bytes", e);
          }
        } catch (InterruptedException e) {
          answer.cancel(true);
          Thread.currentThread().interrupt();
          throw new InterruptedIOException("interrupted while fetching " + entry.name());
        } catch (ExecutionException e) {
          throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
      }
    }

    private void report(AtomicLong total) throws IOException {
      OptionalLong known = total.get() < 0 ? OptionalLong.empty() : OptionalLong.of(total.get());
      progress.on(new Progress.Arriving(entry.compressedName(), length(), known));
    }

    private long length() throws IOException {
      return Files.exists(part) ? Files.size(part) : 0;
    }

    /// The first characters, where they are text: a page that says "not found" explains itself.
    private String beginning() throws IOException {
      byte[] head;
      try (var in = Files.newInputStream(part)) {
        head = in.readNBytes(40);
      }
      for (byte b : head) {
        if ((b < ' ' || b > '~') && b != '\n' && b != '\r' && b != '\t') {
          return "";
        }
      }
      return head.length == 0
          ? ""
          : ", text: " + Reason.oneLine(new String(head, StandardCharsets.US_ASCII));
    }
  }
}
