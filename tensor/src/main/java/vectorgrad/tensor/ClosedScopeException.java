package vectorgrad.tensor;

/// A tensor was touched after the scope that owned its memory had closed.
public final class ClosedScopeException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /// An error that names the line where the scope was opened.
  public ClosedScopeException(String openedAt) {
    super(
        Message.of("tensor", "used after its scope closed")
            .row("scope", "opened at " + openedAt)
            .row("help", "call keep() on what must outlive the scope, or read its numbers before")
            .toString());
  }
}
