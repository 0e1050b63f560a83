package vectorgrad.tensor;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The odd cases of slicing, moving, scanning, sorting and indexing, as NumPy 2.4.6 has them:
/// `src/test/golden/indexing.py` prints the file with its results.
class NumPyIndexingTest {
  /// A few roundings in f64 of numbers up to 1000; most results are exact.
  private static final double ROUNDED = 1e-12;

  private record Golden(String name, Shape shape, List<Double> values) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Golden> goldens() {
    var file = NumPyIndexingTest.class.getResourceAsStream("indexing.txt");
    try (var lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      return lines.lines().map(NumPyIndexingTest::golden).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Golden golden(String line) {
    String[] parts = line.split("\\|", -1);
    int[] sizes = words(parts[1]).mapToInt(Integer::parseInt).toArray();
    List<Double> values =
        words(parts[2].replace("inf", "Infinity").replace("nan", "NaN"))
            .map(Double::valueOf)
            .toList();
    return new Golden(parts[0], Shape.of(sizes), values);
  }

  private static Stream<String> words(String text) {
    return text.isEmpty() ? Stream.of() : Arrays.stream(text.split(" "));
  }

  private static final double NAN = Double.NaN;
  private static final double INF = Double.POSITIVE_INFINITY;

  /// `x` is 0 … 11 in (3, 4), `odd` a vector of NaN, infinities and both zeros, `cube` 0 … 23 in
  /// (2, 3, 4), `nothing` has shape (0, 3).
  private record Inputs(Tensor x, Tensor odd, Tensor cube, Tensor nothing) {
    Tensor here(Tensor index) {
      return index.to(x.device());
    }
  }

  private static final Map<String, Function<Inputs, Tensor>> CASES =
      Map.ofEntries(
          entry("slice beyond the end", in -> in.x.slice("1:100, -100:2")),
          entry("slice backwards beyond the end", in -> in.x.slice("100:-100:-2, ::-3")),
          entry("slice of nothing", in -> in.x.slice("2:1, 5:")),
          entry("slice with every part", in -> in.cube.slice("..., 1, None, ::-1")),
          entry("slice backwards to the last", in -> in.x.slice(":, :-1:-1")),
          entry("flip of nothing", in -> in.nothing.flip(0)),
          entry("rot90 back", in -> in.cube.rot90(-1, 2, 0)),
          entry("diagonal below", in -> in.cube.diagonal(-1, 1, 2)),
          entry("diagonal outside", in -> in.x.diagonal(7, 0, 1)),
          entry("movedim", in -> in.cube.movedim(new int[] {0, 2}, new int[] {-1, 0})),
          entry(
              "pad reflect",
              in -> in.x.pad(0, 2, 1, PadMode.REFLECT).pad(1, 3, 3, PadMode.REFLECT)),
          entry(
              "pad edge",
              in -> in.x.pad(0, 0, 2, PadMode.REPLICATE).pad(1, 5, 0, PadMode.REPLICATE)),
          entry(
              "pad wrap", in -> in.x.pad(0, 7, 0, PadMode.CIRCULAR).pad(1, 0, 9, PadMode.CIRCULAR)),
          entry("roll two axes", in -> in.x.roll(new int[] {-5, 2}, new int[] {1, 0})),
          entry("roll of nothing", in -> in.nothing.roll(3, 0)),
          entry("tile with a new axis", in -> in.x.repeat(2, 1, 2)),
          entry("repeat each", in -> in.x.repeatInterleave(new int[] {2, 0, 1}, 0)),
          entry("cumsum of nothing", in -> in.nothing.cumsum(1)),
          entry("cumsum with nan", in -> in.odd.slice("1:").cumsum(0)),
          entry("cumprod of nothing", in -> in.nothing.cumprod(0)),
          entry("cumprod of truth", in -> Tensor.of(true, false, true).cumprod(0)),
          entry("cumsum of bytes", in -> Tensor.of(200, 100, 255).to(DType.U8).cumsum(0)),
          entry("cummax with nan", in -> in.odd.slice("1:").cummax(0).values()),
          entry(
              "logcumsumexp",
              in -> Tensor.of(-INF, 1000.0, 1000.0, -INF, INF, 0.0).logcumsumexp(0)),
          entry("diff of too few", in -> in.x.diff(5, 0)),
          entry("diff twice", in -> in.x.square().diff(2, 1)),
          entry("diff of truth", in -> Tensor.of(true, true, false).diff(0)),
          entry("sort with nan", in -> in.odd.sort(0).values()),
          entry("argsort with nan", in -> in.odd.argsort(0)),
          entry("sort of nothing", in -> in.nothing.sort(0).values()),
          entry("median", in -> in.x.quantile(0.5, 1)),
          entry("quantile", in -> in.x.quantile(0.3, 0)),
          entry("quantile with nan", in -> in.odd.quantile(0.5, 0)),
          entry("unique with nan", in -> in.odd.unique().values()),
          entry("unique counts", in -> in.odd.unique().counts()),
          entry("unique inverse", in -> in.odd.unique().inverse()),
          entry("unique of nothing", in -> in.nothing.unique().values()),
          entry("searchsorted left", in -> in.odd.sort(0).values().searchsorted(in.odd, false)),
          entry("searchsorted right", in -> in.odd.sort(0).values().searchsorted(in.odd, true)),
          entry("histogram", in -> in.x.histogram(5, 2, 9).counts()),
          entry("histogram edges", in -> in.x.histogram(4).edges()),
          entry("histogram of one value", in -> Tensor.of(3.0, 3.0).histogram(3).counts()),
          entry("bincount", in -> Tensor.of(1, 1, 4).bincount(3)),
          entry("bincount weighted", in -> Tensor.of(1, 1, 4).bincount(Tensor.of(.5, 1, 2.0), 0)),
          entry(
              "take along axis",
              in -> in.cube.takeAlongDim(in.here(Tensor.of(2, 0)).reshape(1, 2, 1), 1)),
          entry("take", in -> in.x.take(in.here(Tensor.of(11, 0, 5, 5)).reshape(2, 2))),
          entry(
              "index two axes",
              in ->
                  in.cube.index(
                      in.here(Tensor.of(0, 1)).reshape(2, 1), in.here(Tensor.of(2, 0, 1)))),
          entry(
              "index by mask",
              in ->
                  in.cube.indexBy(
                      in.here(Tensor.of(true, false, true, false, false, true)).reshape(2, 3))),
          entry("mask of nothing true", in -> in.x.maskedSelect(in.x.gt(50))),
          entry("mask broadcast", in -> in.x.expand(2, 3, 4).maskedSelect(in.x.gt(8))),
          entry("mask of a scalar", in -> Tensor.scalar(5.0).indexBy(Tensor.of(true).squeeze())),
          entry("nonzero", in -> in.cube.gt(17).nonzero()),
          entry("nonzero of a scalar", in -> Tensor.scalar(3.0).nonzero()),
          entry("nonzero of nan", in -> Tensor.of(0.0, NAN, -0.0).nonzero()),
          entry("count nonzero", in -> in.cube.gt(4).countNonzero(1)));

  @ParameterizedTest
  @MethodSource("goldens")
  void oddCasesAreAsInNumPy(Golden golden) {
    for (Device device : Device.all()) {
      var inputs =
          new Inputs(
              Tensor.arange(12, DType.F64).reshape(3, 4).to(device),
              Tensor.of(NAN, 1, 0, -0.0, INF, NAN, -1, 1, -INF).to(device),
              Tensor.arange(24, DType.F64).reshape(2, 3, 4).to(device),
              Tensor.zeros(Shape.of(0, 3), DType.F64, device));
      Tensor result = CASES.get(golden.name).apply(inputs);
      assertEquals(golden.shape, result.shape());
      double[] expected = golden.values.stream().mapToDouble(Double::doubleValue).toArray();
      assertArrayEquals(expected, result.to(DType.F64).toDoubles(), ROUNDED);
    }
  }

  @Test
  void everyCaseHasItsNumbers() {
    assertEquals(CASES.keySet(), goldens().stream().map(Golden::name).collect(Collectors.toSet()));
  }
}
