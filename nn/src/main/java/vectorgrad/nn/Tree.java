package vectorgrad.nn;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import vectorgrad.autograd.Buffer;
import vectorgrad.autograd.Parameter;

/// Prints a model: one line for each record, with the shapes of its own cells and their count.
///
/// ```
/// Sequential                582,026
///   0  Conv2d(1, 32, 5×5)       832  weight (32, 1, 5, 5) bias (32)
///   1  ReLU
/// ```
final class Tree {
  private record Line(String structure, long count, String cells) {}

  private final IdentityHashMap<Object, String> named = new IdentityHashMap<>();
  private final List<Line> lines = new ArrayList<>();

  private Tree() {}

  static String of(Parameterized root) {
    Tree tree = new Tree();
    tree.add("", "", "", root);
    return tree.print();
  }

  /// Adds the line of `owner` and those below it; returns how many numbers are new in them.
  private long add(String indent, String name, String path, Parameterized owner) {
    int place = lines.size();
    lines.add(null);
    List<String> cells = new ArrayList<>();
    long[] count = new long[1];
    Components.visitOwn(
        owner,
        (component, value) -> {
          String full = path.isEmpty() ? component : path + "." + component;
          if (value instanceof Parameterized nested) {
            count[0] += add(indent + "  ", component, full, nested);
            return;
          }
          String first = named.putIfAbsent(value, full);
          if (first != null) {
            cells.add(component + " = " + first);
          } else if (value instanceof Parameter parameter) {
            count[0] += parameter.shape().size();
            cells.add(
                component + " " + parameter.shape() + (parameter.trainable() ? "" : " frozen"));
          } else if (value instanceof Buffer buffer) {
            cells.add(component + " " + buffer.value().shape() + " buffer");
          }
        });
    String structure = indent + (name.isEmpty() ? "" : name + "  ") + owner.label();
    lines.set(place, new Line(structure, count[0], String.join(", ", cells)));
    return count[0];
  }

  private String print() {
    int width = lines.stream().mapToInt(line -> line.structure().length()).max().orElse(0);
    int digits = lines.stream().mapToInt(line -> number(line.count()).length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (Line line : lines) {
      String row =
          String.format(
              Locale.ROOT,
              "%-" + width + "s  %" + digits + "s  %s",
              line.structure(),
              line.count() == 0 ? "" : number(line.count()),
              line.cells());
      text.append(row.stripTrailing()).append('\n');
    }
    return text.substring(0, text.length() - 1);
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
