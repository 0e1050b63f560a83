package vectorgrad.nn;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Numbers that another library computed, read from the JSON that a script of `src/test/golden`
/// wrote.
final class GoldenCases {
  /// @param name what was computed
  /// @param inputs from what
  /// @param loss the result
  /// @param gradients of `Σ cos(i)·loss[i]`, by input
  record Case(
      String name, Map<String, Tensor> inputs, Tensor loss, Map<String, Tensor> gradients) {}

  private final String text;
  private int at;

  private GoldenCases(String text) {
    this.text = text;
  }

  static List<Case> read(String resource) {
    try (InputStream in = GoldenCases.class.getResourceAsStream(resource)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      List<Case> cases = new ArrayList<>();
      for (Object each : (List<?>) ((Map<?, ?>) new GoldenCases(text).value()).get("cases")) {
        Map<?, ?> fields = (Map<?, ?>) each;
        cases.add(
            new Case(
                (String) fields.get("name"),
                tensors(fields.get("inputs")),
                tensor(fields.get("loss")),
                tensors(fields.get("gradients"))));
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Tensor> tensors(Object named) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    ((Map<?, ?>) named).forEach((name, value) -> tensors.put((String) name, tensor(value)));
    return tensors;
  }

  private static double[] numbers(Object list) {
    return ((List<?>) list).stream().mapToDouble(number -> (Double) number).toArray();
  }

  private static Tensor tensor(Object object) {
    Map<?, ?> fields = (Map<?, ?>) object;
    int[] sizes = new int[((List<?>) fields.get("shape")).size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = (int) numbers(fields.get("shape"))[i];
    }
    Tensor values = Tensor.of(numbers(fields.get("data")), Shape.of(sizes));
    return fields.get("dtype").equals("i32") ? values.to(DType.I32) : values;
  }

  // ---- as much of JSON as there is --------------------------------------------------------------

  private Object value() {
    return switch (next()) {
      case '{' -> {
        Map<String, Object> object = new LinkedHashMap<>();
        while (text.charAt(at - 1) != '}') {
          next();
          String key = string();
          next(); // the colon
          object.put(key, value());
          next(); // a comma or the end
        }
        yield object;
      }
      case '[' -> {
        List<Object> list = new ArrayList<>();
        if (peek() == ']') {
          next();
        } else {
          do {
            list.add(value());
          } while (next() == ',');
        }
        yield list;
      }
      case '"' -> string();
      default -> {
        int from = at - 1;
        while ("+-.e0123456789".indexOf(text.charAt(at)) >= 0) {
          at++;
        }
        yield Double.valueOf(text.substring(from, at));
      }
    };
  }

  private String string() {
    int from = at;
    at = text.indexOf('"', from) + 1;
    return text.substring(from, at - 1);
  }

  private char peek() {
    while (Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return text.charAt(at);
  }

  private char next() {
    char c = peek();
    at++;
    return c;
  }
}
