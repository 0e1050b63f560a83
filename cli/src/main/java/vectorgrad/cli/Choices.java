package vectorgrad.cli;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import vectorgrad.tensor.Message;

/// Names on a command line that are chosen from a list.
final class Choices {
  private static final int TYPING_MISTAKES = 2;

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
    String nearest =
        keys.stream().min(Comparator.comparingInt(k -> distance(wanted, k))).orElse("");
    String help =
        distance(wanted, nearest) <= TYPING_MISTAKES
            ? "did you mean " + nearest + "?"
            : "there are " + String.join(", ", keys);
    throw new UserError(
        Message.of(command, "there is no %s \"%s\"".formatted(kind, name)).row("help", help));
  }

  private static String bare(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }

  /// How many letters must be put in, taken out or changed.
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
