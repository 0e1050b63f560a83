package vectorgrad.tensor;

/// A matrix does not have what a decomposition needs: it is singular, not positive definite, or
/// holds numbers that are not finite.
public final class LinalgException extends TensorException {
  private static final long serialVersionUID = 1L;

  /// An error with the given `message` about operands of the given `shapes`.
  public LinalgException(Message message, Shape... shapes) {
    super(message, shapes);
  }
}
