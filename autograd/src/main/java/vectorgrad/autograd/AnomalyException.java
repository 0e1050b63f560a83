package vectorgrad.autograd;

import vectorgrad.tensor.Message;

/// The first NaN or infinity of a computation under [Anomaly#detect].
public final class AnomalyException extends ArithmeticException {
  private static final long serialVersionUID = 1L;

  private final String operation;

  AnomalyException(Message message) {
    super(message.toString());
    this.operation = message.operation();
  }

  /// The operation that made it, or whose backward did.
  public String operation() {
    return operation;
  }
}
