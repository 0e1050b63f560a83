package vectorgrad.tensor.spi;

/// Hears what a device computed, and when: how a profile is made.
@FunctionalInterface
public interface KernelListener {
  /// Something ran. Several threads may say so at once.
  ///
  /// @param kernel what it was; the same text for the same work
  /// @param begin when it began, on the clock of [System#nanoTime()]
  /// @param end when it ended
  void ran(String kernel, long begin, long end);
}
