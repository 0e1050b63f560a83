package vectorgrad.bench;

import java.util.Collection;
import java.util.Comparator;
import vectorgrad.tensor.Message;

/// A group by its name.
final class Choice {
  private static final int TYPING_MISTAKES = 2;

  private Choice() {}

  /// What to say of a name that no group has.
  static Message unknown(String name, Collection<String> groups) {
    String nearest =
        groups.stream().min(Comparator.comparingInt(group -> distance(name, group))).orElse("");
    return Message.of("vg bench", "there is no group \"" + name + "\"")
        .row(
            "help",
            distance(name, nearest) <= TYPING_MISTAKES
                ? "did you mean " + nearest + "?"
                : "there are " + String.join(", ", groups));
  }

  /// How many letters must be put in, taken out or changed.
  private static int distance(String a, String b) {
    var row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
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
