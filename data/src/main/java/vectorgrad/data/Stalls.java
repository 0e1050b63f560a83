package vectorgrad.data;

/// How long a consumer stood still because the next batch was not ready: whether the data or the
/// network sets the pace.
///
/// @param batches the batches handed over
/// @param waits how many of them had to be waited for
/// @param nanos the time spent waiting
public record Stalls(long batches, long waits, long nanos) {
  static final Stalls NONE = new Stalls(0, 0, 0);

  /// One batch more, without a wait.
  Stalls ready() {
    return new Stalls(batches + 1, waits, nanos);
  }

  /// One batch more, after a wait.
  Stalls waited(long moreNanos) {
    return new Stalls(batches + 1, waits + 1, nanos + moreNanos);
  }

  /// The time spent waiting.
  public double seconds() {
    return nanos * 1e-9;
  }
}
