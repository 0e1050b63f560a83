package vectorgrad.tensor;

/// A tensor was touched after the scope that owned its memory had closed.
public final class ClosedScopeException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /// An error that says which scope it was: the line where it was opened, or the term of a [Lease].
  public ClosedScopeException(String scope) {
    super(
        Message.of("tensor", "used after its scope closed")
            .row("scope", scope)
            .row("help", "call keep() on what must outlive the scope, or read its numbers before")
            .toString());
  }
}
