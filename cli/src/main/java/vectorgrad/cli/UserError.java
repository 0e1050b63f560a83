package vectorgrad.cli;

import vectorgrad.tensor.Message;

/// A mistake on the command line. The message says what is wrong and what would be right.
final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UserError(Message message) {
    super(message.toString());
  }

  /// What another part refused, which says what would be right as well.
  UserError(IllegalArgumentException refused) {
    super(refused.getMessage(), refused);
  }

  UserError(String operation, String problem) {
    this(Message.of(operation, problem));
  }
}
