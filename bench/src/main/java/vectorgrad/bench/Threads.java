package vectorgrad.bench;

import java.util.List;

/// How many threads compute, ours and theirs: powers of two, as many as there are processors.
public enum Threads implements Rung {
  ONE(1),
  TWO(2),
  FOUR(4),
  EIGHT(8),
  SIXTEEN(16),
  THIRTY_TWO(32),
  SIXTY_FOUR(64);

  private final int number;

  Threads(int number) {
    this.number = number;
  }

  @Override
  public String label() {
    return label(number);
  }

  @Override
  public List<String> flags() {
    return flags(number);
  }

  @Override
  public boolean here() {
    return number <= Runtime.getRuntime().availableProcessors();
  }

  /// `1 thread`.
  public static String label(int number) {
    return number == 1 ? "1 thread" : number + " threads";
  }

  /// What makes a JVM compute with so many.
  public static List<String> flags(int number) {
    return List.of("-Dvectorgrad.threads=" + number);
  }
}
