package vectorgrad.data;

/// A place that was asked for a data set, and why it could not give it.
///
/// @param source the place, such as `mirror https://…`
/// @param reason what went wrong, in one line
public record Attempt(String source, String reason) {

  /// The place and the reason, in one line.
  @Override
  public String toString() {
    return source + ": " + reason;
  }
}
