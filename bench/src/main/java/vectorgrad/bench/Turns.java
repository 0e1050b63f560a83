package vectorgrad.bench;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.openjdk.jmh.runner.RunnerException;

/// Measures trials of the same work in turn, iteration by iteration: each has a JVM of its own, all
/// of them are there, and one of them runs.
///
/// On a machine that others share, memory was seen to be three times as slow for some seconds, and
/// then fast again. Who is measured in one JVM after the other meets such a time with one of two
/// and not with the other; taking turns, both meet it.
final class Turns implements Closeable {
  /// How often it is looked whether a JVM has ended before it came to the table.
  private static final int LOOK_MILLISECONDS = 50;

  private final Launcher launcher;
  private final ServerSocket table;
  private final Optional<FileLock> lock;

  Turns(Launcher launcher, Optional<FileLock> lock) throws IOException {
    this.launcher = launcher;
    this.lock = lock;
    table = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    table.setSoTimeout(LOOK_MILLISECONDS);
  }

  /// With the lock by which JMH knows whether somebody measures on this machine. JMH would take it
  /// for each JVM, and here are several.
  ///
  /// @return none, if somebody does
  static Optional<Turns> open() throws IOException {
    Path file = Path.of(System.getProperty("java.io.tmpdir"), "jmh.lock");
    FileChannel channel = FileChannel.open(file, CREATE, WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      return Optional.empty();
    }
    System.setProperty("jmh.ignoreLock", "true"); // read once, when JMH's runner is loaded
    return Optional.of(new Turns(Fork::run, Optional.of(lock)));
  }

  /// Runs a fork whose iterations ask for their turns.
  @FunctionalInterface
  interface Launcher {
    Times run(Fork fork, Path log, int port) throws RunnerException;
  }

  /// What came of a fork.
  ///
  /// @param times that it took, if it did not fail
  /// @param failure why it did
  /// @param log where JMH wrote what it does
  record Outcome(Fork fork, Optional<Times> times, String failure, Path log) {
    /// Whether the warm-up was too short, which a longer one would mend.
    boolean early() {
      return !fork.trial().peer()
          && !fork.trial().slow()
          && times
              .filter(t -> !t.steady() && !fork.plan().exceeds(Timing.median(t.wall())))
              .isPresent();
    }
  }

  /// One JVM.
  private record Player(
      Fork fork, Path log, CompletableFuture<Times> end, Optional<Socket> socket) {
    /// One iteration, or, with the last of them, all until the JVM has ended.
    void turn() {
      socket.ifPresent(s -> {
        try {
          s.getOutputStream().write(Turn.YOURS);
          if (s.getInputStream().read() != Turn.YOURS) {
            over();
          }
        } catch (IOException _) {
          over(); // its result says why
        }
      });
    }

    /// Waits until the JVM has ended, whatever came of it.
    private void over() {
      end.handle((_, _) -> true).join();
    }

    Outcome outcome() {
      try {
        return new Outcome(fork, Optional.of(end.join()), "", log);
      } catch (CompletionException e) {
        return new Outcome(fork, Optional.empty(), String.valueOf(e.getCause().getMessage()), log);
      }
    }
  }

  /// Measures each of them, warmed up one after the other.
  ///
  /// @param logs the folder for JMH's logs
  /// @param begins is told of each when its JVM starts
  List<Outcome> play(List<Fork> forks, Path logs, Consumer<Fork> begins) throws IOException {
    var players = new ArrayList<Player>();
    try {
      for (Fork fork : forks) {
        begins.accept(fork);
        Player player = seated(fork, logs.resolve("fork-%d.log".formatted(players.size() + 1)));
        players.add(player);
        for (int i = 0; i < fork.warmups(); i++) {
          player.turn();
        }
      }
      int most = forks.stream().mapToInt(Fork::measurements).max().orElse(0);
      for (int i = 0; i < most; i++) {
        for (Player player : players) {
          if (i < player.fork.measurements()) {
            player.turn();
          }
        }
      }
      return players.stream().map(Player::outcome).toList();
    } finally {
      for (Player player : players) {
        if (player.socket.isPresent()) {
          player.socket.get().close(); // a JVM that still waits ends
        }
      }
    }
  }

  /// Starts a JVM and waits until it asks for its first turn, or has failed before.
  private Player seated(Fork fork, Path log) throws IOException {
    var end = new CompletableFuture<Times>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            end.complete(launcher.run(fork, log, table.getLocalPort()));
          } catch (RunnerException | RuntimeException e) {
            end.completeExceptionally(e);
          }
        });
    while (!end.isDone()) {
      try {
        Socket socket = table.accept();
        socket.setTcpNoDelay(true);
        if (socket.getInputStream().read() == Turn.YOURS) {
          return new Player(fork, log, end, Optional.of(socket));
        }
        socket.close();
      } catch (SocketTimeoutException _) {
        // not there yet
      }
    }
    return new Player(fork, log, end, Optional.empty());
  }

  @Override
  public void close() {
    try {
      table.close();
      if (lock.isPresent()) {
        lock.get().acquiredBy().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
