package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// What PyTorch computed of layers, as `src/test/golden/waves.py` writes it, and the inputs and
/// parameters that it was computed from.
final class LayerGoldens {
  /// Sums of at most a few dozen numbers near 1, in another order than PyTorch's.
  private static final double TOLERANCE = 1e-12;

  /// Tensors by name, by the case they belong to.
  static final Map<String, Map<String, Tensor>> CASES = read("layers.txt", "further.txt");

  private LayerGoldens() {}

  private static Map<String, Map<String, Tensor>> read(String... files) {
    Map<String, Map<String, Tensor>> cases = new LinkedHashMap<>();
    for (String file : files) {
      for (String line : lines(file)) {
        String[] words = line.split(" ");
        int[] sizes =
            Arrays.stream(words[2].replaceAll("[\\[\\]]", "").split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
        double[] values =
            Arrays.stream(words, 3, words.length).mapToDouble(Double::parseDouble).toArray();
        cases
            .computeIfAbsent(words[0], _ -> new LinkedHashMap<>())
            .put(words[1], Tensor.of(values, Shape.of(sizes)));
      }
    }
    return cases;
  }

  /// The lines of a resource of this package.
  static List<String> lines(String resource) {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                LayerGoldens.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
      return lines.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Tensor wave(Shape shape, IntToDoubleFunction number) {
    return Tensor.of(IntStream.range(0, shape.size()).mapToDouble(number).toArray(), shape);
  }

  static Tensor input(int... sizes) {
    return wave(Shape.of(sizes), i -> Math.sin(0.7 * i + 0.3));
  }

  static <L extends Layer> L filled(L layer) {
    layer.initialize(Seed.of(1)).to(DType.F64);
    int[] k = {1};
    for (Parameter p : layer.parameters()) {
      p.set(wave(p.shape(), i -> 0.3 * Math.cos(1.3 * i + k[0])));
      k[0]++;
    }
    return layer;
  }

  static void assertGolden(String name, String tensor, Tensor found) {
    Tensor expected = CASES.get(name).get(tensor);
    assertEquals(expected.shape(), found.shape(), tensor);
    assertArrayEquals(
        expected.toDoubles(), found.contiguous().toDoubles(), TOLERANCE, name + " " + tensor);
  }

  /// @param name of the case
  /// @param layer with its options
  /// @param x its input
  /// @param forward what is computed of the input
  record Case(String name, Layer layer, Tensor x, Function<Variable, Variable> forward) {
    Case(String name, Layer layer, Tensor x) {
      this(name, layer, x, layer::forward);
    }

    Case(String name, Layer layer, int... shape) {
      this(name, layer, input(shape));
    }

    void run() {
      filled(layer);
      boolean numbers = x.dtype().isFloating();
      Variable in = numbers ? Variable.leaf(x) : Variable.constant(x);
      Variable y = forward.apply(in);
      assertGolden(name, "y", y.value());
      Tensor dy = wave(y.shape(), i -> Math.cos(0.9 * i));
      var gradients = y.mul(Variable.constant(dy)).sum().backward();
      if (numbers) {
        assertGolden(name, "dx", gradients.get(in));
      }
      layer
          .namedParameters()
          .forEach((p, cell) -> assertGolden(name, "d" + p, gradients.get(cell)));
    }
  }
}
