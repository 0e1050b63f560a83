package vectorgrad.bench;

import java.util.List;

/// A value that makes a contender of its own: a version of a kernel, a number of threads. The
/// values are an enum, from slow to fast, and a benchmark has them as a public `@Param` field; they
/// are then no part of its work.
public interface Rung {
  /// As in a table.
  String label();

  /// Whether the others of the same library are compared with it; the first one unless said.
  default boolean base() {
    return this == getClass().getEnumConstants()[0];
  }

  /// What the JVM that measures it is told, beside what all are told.
  default List<String> flags() {
    return List.of();
  }

  /// Whether it makes sense on this machine.
  default boolean here() {
    return true;
  }

  /// Whether an operation takes so long that few of them must do.
  default boolean slow() {
    return false;
  }
}
