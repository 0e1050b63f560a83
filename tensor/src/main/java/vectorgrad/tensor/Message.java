package vectorgrad.tensor;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// The text of an error: the operation, what is wrong with the values, then aligned rows that show
/// the operands and end with the rule or the cure.
///
/// ```
/// matmul: inner sizes differ, 784 and 10
///   left   (128, 784)
///   right  (10, 784)
///   help   right looks transposed; try b.transpose()
/// ```
public final class Message {
  private final String operation;
  private final StringBuilder text;

  private Message(String operation, String problem) {
    this.operation = operation;
    this.text = new StringBuilder(operation).append(": ").append(problem);
  }

  /// Begins a message: the `operation` that refuses, and the `problem` with its values.
  public static Message of(String operation, String problem) {
    return new Message(operation, problem);
  }

  /// Adds a row of a `name` and a value, such as `left`, `shape`, `rule` or `help`.
  public Message row(String name, Object value) {
    text.append(String.format("%n  %-6s %s", name, value).replace("\r", ""));
    return this;
  }

  /// Which of the `names` was meant by `wanted`, if one differs by letters that were put in, taken
  /// out or changed, half of them and three at most; the first of the nearest ones.
  public static Optional<String> nearest(String wanted, Collection<String> names) {
    return names.stream()
        .min(Comparator.comparingInt(name -> distance(wanted, name)))
        .filter(name -> distance(wanted, name) <= Math.clamp(wanted.length() / 2, 1, 3));
  }

  /// Levenshtein's distance.
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      int corner = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = corner + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        corner = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  /// The operation that refuses.
  public String operation() {
    return operation;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
