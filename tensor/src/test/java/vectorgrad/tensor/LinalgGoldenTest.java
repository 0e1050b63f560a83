package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.Linalg.Norm;

/// What LAPACK finds through NumPy, see `golden/linalg.py`.
class LinalgGoldenTest {
  /// Both sides round, and the worst matrix has condition 15,000.
  private static final double RELATIVE = 1e-10;

  private static Map<String, Map<String, Tensor>> load() throws IOException {
    var matrices = new LinkedHashMap<String, Map<String, Tensor>>();
    try (var in = LinalgGoldenTest.class.getResourceAsStream("linalg.csv")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        String[] fields = line.split(",", -1);
        if (fields.length < 3) {
          continue;
        }
        int[] shape =
            Arrays.stream(fields[2].split("x", -1))
                .filter(size -> !size.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
        double[] values = Arrays.stream(fields).skip(3).mapToDouble(Double::parseDouble).toArray();
        matrices
            .computeIfAbsent(fields[0], _ -> new LinkedHashMap<>())
            .put(fields[1], Tensor.of(values, Shape.of(shape)));
      }
    }
    return matrices;
  }

  @Test
  @Checks({"cond", "matrixNorm", "matrixPower", "matrixRank"})
  void everyQuantityIsLapacks() throws IOException {
    var matrices = load();
    assertEquals(10, matrices.size());
    matrices.forEach((name, golden) ->
        golden.forEach((quantity, expected) -> {
          if (!quantity.equals("b") && expected.shape().size() > 0) {
            Tensor found = quantity(quantity, golden.get("a"), golden.get("b"));
            assertEquals(expected.shape(), found.shape(), () -> name + " " + quantity);
            double size = Math.max(1e-3, expected.abs().max().item());
            double error = expected.sub(found.to(DType.F64)).abs().max().item();
            assertEquals(0, error / size, RELATIVE, () -> name + " " + quantity + " " + found);
          }
        }));
  }

  private static Tensor quantity(String quantity, Tensor a, Tensor b) {
    return switch (quantity) {
      case "a" -> a;
      case "s" -> Linalg.svd(a).s();
      case "pinv" -> Linalg.pinv(a);
      case "rank" -> Linalg.matrixRank(a);
      case "lstsq" -> Linalg.lstsq(a, b).solution();
      case "residuals" -> Linalg.lstsq(a, b).residuals();
      case "r" -> Linalg.qr(a).r();
      case "inv" -> Linalg.inv(a);
      case "det" -> Linalg.det(a);
      case "slogdet" -> Tensor.stack(0, Linalg.slogdet(a).sign(), Linalg.slogdet(a).logAbsDet());
      case "cond" -> Linalg.cond(a);
      case "cube" -> Linalg.matrixPower(a, 3);
      case "eigh" -> Linalg.eigh(a).values();
      case "cholesky" -> Linalg.cholesky(a);
      default -> Linalg.matrixNorm(a, Norm.valueOf(quantity));
    };
  }
}
