package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Compares a layer with what `golden/sequence.py` had from PyTorch 1.13: outputs, and the
/// gradients of inputs and of every parameter.
final class SequenceGoldens {
  // values were written with 12 digits and are of the order of 1; gradients are sums of a few dozen
  private static final double TOLERANCE = 1e-10;

  private SequenceGoldens() {}

  /// `0.6·sin(1.3·i + start)` at place `i`: parameters and inputs of all cases.
  static Tensor sines(double start, int... sizes) {
    Shape shape = Shape.of(sizes);
    double[] values =
        IntStream.range(0, shape.size())
            .mapToDouble(i -> 0.6 * Math.sin(1.3 * i + start))
            .toArray();
    return Tensor.of(values, shape);
  }

  private static Variable weighed(Variable y) {
    double[] cosines = IntStream.range(0, y.size()).mapToDouble(i -> Math.cos(0.9 * i)).toArray();
    return y.mul(Variable.constant(Tensor.of(cosines, y.shape()))).sum();
  }

  /// Gives the parameters the values of the case.
  static <P extends Parameterized> P filled(P model) {
    model.to(DType.F64);
    int k = 0;
    for (Parameter parameter : model.parameters()) {
      parameter.set(sines(k++ + 0.5, parameter.shape().toArray()));
    }
    return model;
  }

  /// Runs the case called `name`: `run` gives its outputs by name from its inputs by name.
  static void check(
      String name,
      Parameterized model,
      Map<String, Tensor> inputs,
      Function<Map<String, Variable>, Map<String, Variable>> run) {
    filled(model);
    Map<String, Variable> leaves = new LinkedHashMap<>();
    inputs.forEach((key, value) -> leaves.put(key, Variable.leaf(value)));
    Map<String, Variable> outputs = run.apply(leaves);
    Variable loss =
        outputs.values().stream().map(SequenceGoldens::weighed).reduce(Variable::add).orElseThrow();
    Gradients gradients = loss.backward();
    Map<String, Tensor> found = new LinkedHashMap<>();
    outputs.forEach((key, value) -> found.put(key, value.value()));
    leaves.forEach((key, value) -> found.put("d " + key, gradients.get(value)));
    model.namedParameters().forEach((key, value) -> found.put("d " + key, gradients.get(value)));
    Map<String, double[]> expected = read(name);
    assertEquals(new TreeSet<>(expected.keySet()), new TreeSet<>(found.keySet()));
    expected.forEach((key, values) ->
        assertArrayEquals(
            values, found.get(key).contiguous().toDoubles(), TOLERANCE, name + ": " + key));
  }

  /// Whether there is a case of this name.
  static boolean has(String name) {
    return text().contains('"' + name + "\": {");
  }

  private static String text() {
    Path file = Path.of("src/test/golden/sequence.json");
    try {
      return Files.readString(Files.exists(file) ? file : Path.of("nn").resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, double[]> read(String name) {
    String text = text();
    int start = text.indexOf('"' + name + "\": {");
    Matcher entry =
        Pattern.compile("\"([^\"]+)\": \\[([^]]*)]")
            .matcher(text.substring(start, text.indexOf('}', start)));
    Map<String, double[]> values = new LinkedHashMap<>();
    while (entry.find()) {
      values.put(
          entry.group(1),
          Arrays.stream(entry.group(2).split(",")).mapToDouble(Double::parseDouble).toArray());
    }
    return values;
  }
}
