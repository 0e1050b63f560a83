package vectorgrad.accel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Which lines of code hold how much of a device's memory. Finding the line takes some microseconds
/// for each tensor, so it is done only where the system property `vectorgrad.opencl.sites` is
/// `true`; otherwise there is one entry for all.
final class Ledger {
  private static final StackWalker WALKER = StackWalker.getInstance();
  private static final String SOMEWHERE = "tensors";

  /// Whose frames are passed over: those who compute for others.
  private static final List<String> FLOORS =
      Stream.of("accel", "autograd", "nn", "optim", "tensor")
          .map(f -> "vectorgrad." + f + ".")
          .toList();

  private final boolean bySite;
  private final Map<String, Holding> holdings = new HashMap<>();

  /// What one line of code holds.
  ///
  /// @param site class, method, file and line
  /// @param count of tensors
  /// @param bytes of all of them
  record Holding(String site, int count, long bytes) {
    private Holding plus(int more, long moreBytes) {
      return new Holding(site, count + more, bytes + moreBytes);
    }

    @Override
    public String toString() {
      return "%,d bytes in %,d from %s".formatted(bytes, count, site);
    }
  }

  Ledger(boolean bySite) {
    this.bySite = bySite;
  }

  /// One that finds sites if the system property says so.
  static Ledger standard() {
    return new Ledger(Boolean.getBoolean("vectorgrad.opencl.sites"));
  }

  /// Whether it knows which line holds what.
  boolean bySite() {
    return bySite;
  }

  /// Notes that memory was lent.
  ///
  /// @return who got it
  String lent(long bytes) {
    String site = bySite ? site() : SOMEWHERE;
    holdings.merge(site, new Holding(site, 1, bytes), (a, b) -> a.plus(b.count, b.bytes));
    return site;
  }

  /// Notes that memory came back.
  void returned(String site, long bytes) {
    holdings.computeIfPresent(site, (_, h) -> h.count == 1 ? null : h.plus(-1, -bytes));
  }

  /// Bytes in use.
  long bytes() {
    return holdings.values().stream().mapToLong(Holding::bytes).sum();
  }

  /// Who holds most, the largest first.
  List<Holding> largest(int count) {
    return holdings.values().stream()
        .sorted(Comparator.comparingLong(Holding::bytes).reversed().thenComparing(Holding::site))
        .limit(count)
        .toList();
  }

  /// Rows of a report or an error.
  List<String> report() {
    List<String> rows = new ArrayList<>();
    rows.add("%,d bytes".formatted(bytes()));
    if (bySite) {
      largest(5).forEach(holding -> rows.add(holding.toString()));
    }
    return rows;
  }

  private static String site() {
    return WALKER.walk(frames ->
        frames
            .filter(frame -> FLOORS.stream().noneMatch(frame.getClassName()::startsWith))
            .findFirst()
            .map(StackWalker.StackFrame::toString)
            .orElse(SOMEWHERE));
  }
}
