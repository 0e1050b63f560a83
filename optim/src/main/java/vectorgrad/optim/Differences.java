package vectorgrad.optim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import vectorgrad.tensor.Cell;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Tensor;

/// How a saved state differs from the one it is to become.
final class Differences {
  private static final int SHOWN = 8;

  private Differences() {}

  /// @throws IllegalArgumentException if names or shapes differ, listing the first of them
  static void refuse(String operation, Map<String, Cell> wanted, Map<String, Tensor> saved) {
    List<String[]> rows = new ArrayList<>();
    wanted.forEach((name, cell) -> {
      Tensor found = saved.get(name);
      if (found == null) {
        rows.add(new String[] {"miss", "\"" + name + "\" " + cell.value().shape()});
      } else if (!found.shape().equals(cell.value().shape())) {
        rows.add(
            new String[] {
              "shape", "\"" + name + "\" " + found.shape() + ", expected " + cell.value().shape()
            });
      }
    });
    saved.forEach((name, found) -> {
      if (!wanted.containsKey(name)) {
        rows.add(new String[] {"extra", "\"" + name + "\" " + found.shape()});
      }
    });
    if (!rows.isEmpty()) {
      Message message =
          Message.of(
              operation,
              "the saved state does not fit, "
                  + rows.size()
                  + (rows.size() == 1 ? " difference" : " differences"));
      rows.stream().limit(SHOWN).forEach(row -> message.row(row[0], row[1]));
      if (rows.size() > SHOWN) {
        message.row("more", rows.size() - SHOWN);
      }
      throw new IllegalArgumentException(message.toString());
    }
  }
}
