package vectorgrad.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import vectorgrad.autograd.Buffer;
import vectorgrad.autograd.Parameter;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Tensor;

/// Values that pass from one model to another, by name: all of them, or none and a table of what
/// does not fit.
final class Transfer {
  /// So many differences are shown.
  private static final int SHOWN = 12;

  private Transfer() {}

  static void copy(
      Parameterized to, Parameterized from, Function<String, Optional<String>> mapping) {
    Map<String, Tensor> sources = values(from);
    Map<String, Tensor> wanted = values(to);
    Map<String, Tensor> found = new LinkedHashMap<>();
    Map<String, String> differences = new LinkedHashMap<>();
    wanted.forEach((name, here) ->
        mapping
            .apply(name)
            .ifPresent(source -> {
              Tensor there = sources.get(source);
              if (there == null) {
                differences.put(name, here.shape() + ", but there is no \"" + source + "\"");
              } else if (!there.shape().equals(here.shape())) {
                differences.put(
                    name, here.shape() + ", but \"" + source + "\" has " + there.shape());
              } else {
                found.put(name, there.to(here.dtype()).to(here.device()));
              }
            }));
    refuse(differences, wanted.size());
    writers(to).forEach((name, write) -> Optional.ofNullable(found.get(name)).ifPresent(write));
  }

  private static void refuse(Map<String, String> differences, int of) {
    if (differences.isEmpty()) {
      return;
    }
    Message message =
        Message.of("copyWeights", differences.size() + " of " + of + " values do not fit");
    differences.entrySet().stream()
        .limit(SHOWN)
        .forEach(row -> message.row(row.getKey(), row.getValue()));
    if (differences.size() > SHOWN) {
      message.row("…", differences.size() - SHOWN + " more");
    }
    throw new IllegalArgumentException(
        message
            .row("help", "map those to Optional.empty() to leave them; nothing was changed")
            .toString());
  }

  private static Map<String, Tensor> values(Parameterized model) {
    Map<String, Tensor> values = new LinkedHashMap<>();
    model.namedParameters().forEach((name, parameter) -> values.put(name, parameter.value()));
    model.namedBuffers().forEach((name, buffer) -> values.put(name, buffer.value()));
    return values;
  }

  private static Map<String, Consumer<Tensor>> writers(Parameterized model) {
    Map<String, Consumer<Tensor>> writers = new LinkedHashMap<>();
    for (Map.Entry<String, Parameter> entry : model.namedParameters().entrySet()) {
      writers.put(entry.getKey(), entry.getValue()::set);
    }
    for (Map.Entry<String, Buffer> entry : model.namedBuffers().entrySet()) {
      writers.put(entry.getKey(), entry.getValue()::set);
    }
    return writers;
  }
}
