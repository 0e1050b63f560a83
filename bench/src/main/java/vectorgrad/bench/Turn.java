package vectorgrad.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;

/// The side of [Turns] in the JVM that is measured: no iteration begins before it is asked to.
///
/// It measures nothing. But of all that JMH lets be hung into an iteration, a profiler alone sees
/// every one of them from outside.
public final class Turn implements InternalProfiler {
  /// The name of the property that is the port.
  static final String PORT = "vectorgrad.turn";

  /// Says one of the two that the other has its turn.
  static final int YOURS = 1;

  private final Integer port;
  private Socket table;

  public Turn() {
    this(Integer.getInteger(PORT));
  }

  /// @param port where it asks; if none, it is its turn always
  Turn(Integer port) {
    this.port = port;
  }

  @Override
  public String getDescription() {
    return "waits for its turn";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    if (port == null) {
      return;
    }
    try {
      if (table == null) {
        table = new Socket(InetAddress.getLoopbackAddress(), port);
      }
      table.getOutputStream().write(YOURS);
      if (table.getInputStream().read() != YOURS) {
        throw new IllegalStateException("who measures has gone");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// As the end of the JVM would.
  void close() {
    try {
      table.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    return List.of();
  }
}
