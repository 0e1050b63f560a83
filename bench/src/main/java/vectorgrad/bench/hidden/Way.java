package vectorgrad.bench.hidden;

import java.util.List;
import java.util.stream.Stream;
import vectorgrad.bench.Rung;
import vectorgrad.bench.Threads;

/// How the step is computed.
public enum Way implements Rung {
  /// By [NaiveMlp].
  NAIVE,

  /// By our kernels without vectors.
  SCALAR,

  VECTORS,

  THREADS;

  @Override
  public String label() {
    return switch (this) {
      case NAIVE -> "naive loops";
      case SCALAR -> "no vectors";
      case VECTORS -> Threads.label(1);
      case THREADS -> Threads.label(Cores.NUMBER);
    };
  }

  @Override
  public List<String> flags() {
    return switch (this) {
      case NAIVE, VECTORS -> Threads.flags(1);
      case SCALAR ->
          Stream.concat(Threads.flags(1).stream(), Stream.of("-Dvectorgrad.lanes=0")).toList();
      case THREADS -> Threads.flags(Cores.NUMBER);
    };
  }

  @Override
  public boolean here() {
    return this != THREADS || Cores.NUMBER > 1;
  }
}
