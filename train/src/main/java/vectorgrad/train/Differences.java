package vectorgrad.train;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Tensor;

/// How the tensors of a file differ from those they are to become, as a table.
final class Differences {
  private static final int SHOWN = 40;
  private static final String NONE = "none";

  private record Row(String name, String wanted, String found) {}

  private Differences() {}

  /// Whether names, shapes and dtypes are the same.
  static boolean fits(Map<String, Tensor> wanted, Map<String, Tensor> found) {
    return wanted.keySet().equals(found.keySet())
        && wanted.keySet().stream()
            .allMatch(name -> describe(wanted, name).equals(describe(found, name)));
  }

  /// Compares names, shapes and dtypes.
  ///
  /// @param wanted what there is in memory
  /// @param found what there is in the file
  /// @throws CheckpointException with the table, if there are differences
  static void refuse(String operation, Map<String, Tensor> wanted, Map<String, Tensor> found)
      throws CheckpointException {
    Set<String> names = new LinkedHashSet<>(wanted.keySet());
    names.addAll(found.keySet());
    List<Row> rows = new ArrayList<>();
    for (String name : names) {
      Row row = new Row(name, describe(wanted, name), describe(found, name));
      if (!row.wanted().equals(row.found())) {
        rows.add(row);
      }
    }
    if (rows.isEmpty()) {
      return;
    }
    int count = rows.size();
    rows.add(0, new Row("name", "here", "in the file"));
    int first = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
    int second = rows.stream().mapToInt(row -> row.wanted().length()).max().orElse(0);
    Message message =
        Message.of(
            operation,
            "the file does not fit, "
                + (count == 1 ? "1 difference" : count + " differences")
                + "; nothing was changed");
    String layout = "%%-%ds   %%-%ds   %%s".formatted(first, second);
    StringBuilder table = new StringBuilder();
    for (Row row : rows.subList(0, Math.min(rows.size(), SHOWN + 1))) {
      table.append("\n  ").append(layout.formatted(row.name(), row.wanted(), row.found()));
    }
    if (count > SHOWN) {
      table.append("\n  … and ").append(count - SHOWN).append(" more");
    }
    table.append("\n  help   load it into the network that it was saved from");
    throw new CheckpointException(message + table.toString());
  }

  private static String describe(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    return tensor == null ? NONE : tensor.shape() + " " + tensor.dtype();
  }
}
