package vectorgrad.bench.hidden;

import java.util.List;
import vectorgrad.bench.Rung;
import vectorgrad.bench.Threads;

/// One of the machine's cores, or all: what other libraries compute with.
public enum Cores implements Rung {
  ONE,
  ALL;

  static final int NUMBER = Runtime.getRuntime().availableProcessors();

  private int number() {
    return this == ONE ? 1 : NUMBER;
  }

  @Override
  public String label() {
    return Threads.label(number());
  }

  /// All are compared with our naive loops.
  @Override
  public boolean base() {
    return false;
  }

  @Override
  public List<String> flags() {
    return Threads.flags(number());
  }

  @Override
  public boolean here() {
    return this == ONE || NUMBER > 1;
  }
}
