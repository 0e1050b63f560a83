package vectorgrad.cli;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import vectorgrad.tensor.Message;

/// Names on a command line that are chosen from a list.
final class Choices {
  private Choices() {}

  /// The one of that name, however it is spelt: `L-BFGS` is `lbfgs`.
  ///
  /// @param command who asks
  /// @param kind what they are, in the singular
  /// @throws UserError if there is none, with the nearest name or all of them
  static <T> T of(
      String command, String kind, String name, List<T> choices, Function<T, String> key) {
    String wanted = bare(name);
    for (T choice : choices) {
      if (key.apply(choice).equals(wanted)) {
        return choice;
      }
    }
    List<String> keys = choices.stream().map(key).toList();
    String help =
        Message.nearest(wanted, keys)
            .map(nearest -> "did you mean " + nearest + "?")
            .orElseGet(() -> "there are " + String.join(", ", keys));
    throw new UserError(
        Message.of(command, "there is no %s \"%s\"".formatted(kind, name)).row("help", help));
  }

  private static String bare(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }
}
