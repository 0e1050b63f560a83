package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// What NumPy's sliding windows find, see `golden/convolutions.py`. Sums of whole numbers are
/// exact.
class ConvolutionsGoldenTest {

  private static Tensor operand(int n, int... sizes) {
    Shape shape = Shape.of(sizes);
    double[] values = new double[shape.size()];
    Arrays.setAll(values, i -> (7L * i + 3L * n) % 11 - 5);
    return Tensor.of(values, shape);
  }

  private static Tensor found(String name) {
    PoolGeometry ceil = PoolGeometry.square(3).stride(2).ceilMode(true);
    MaxPool pool = operand(0, 1, 2, 8, 8).maxPool2d(ceil.dilation(2).padding(1));
    return switch (name) {
      case "conv1d" ->
          operand(0, 2, 4, 9).conv1d(operand(1, 6, 2, 3), new Conv1dGeometry(2, 1, 2, 2));
      case "conv2d" ->
          operand(0, 2, 4, 7, 6)
              .conv2d(operand(1, 4, 2, 3, 2), new Conv2dGeometry(2, 1, 1, 2, 1, 2, 2));
      case "conv3d" ->
          operand(0, 1, 2, 4, 5, 4)
              .conv3d(operand(1, 3, 2, 2, 3, 1), new Conv3dGeometry(1, 2, 2, 1, 0, 1, 2, 1, 1, 1));
      case "convTranspose1d" ->
          operand(0, 2, 3, 4)
              .convTranspose1d(operand(1, 3, 2, 3), Conv1dGeometry.DEFAULT.stride(3).padding(1), 2);
      case "convTranspose2d" ->
          operand(0, 1, 2, 3, 4)
              .convTranspose2d(
                  operand(1, 2, 3, 3, 2), new Conv2dGeometry(2, 1, 1, 0, 1, 2, 1), 1, 0);
      case "convTranspose3d" ->
          operand(0, 1, 2, 2, 3, 2)
              .convTranspose3d(
                  operand(1, 2, 1, 2, 2, 3),
                  new Conv3dGeometry(2, 1, 2, 0, 1, 1, 1, 1, 1, 1),
                  1,
                  0,
                  0);
      case "unfold" -> operand(0, 2, 2, 5, 4).unfold(2, 3, new Conv2dGeometry(2, 1, 1, 1, 2, 1, 1));
      case "maxPool2d" -> pool.values();
      case "maxPool2d indices" -> pool.indices().to(DType.F64);
      case "avgPool2d" -> operand(0, 1, 2, 8, 8).avgPool2d(ceil);
      default -> throw new AssertionError(name);
    };
  }

  @Test
  void everyNumberIsNumPys() throws IOException {
    try (var in = ConvolutionsGoldenTest.class.getResourceAsStream("convolutions.csv")) {
      assertNotNull(in);
      String[] lines =
          new String(in.readAllBytes(), StandardCharsets.UTF_8).strip().split("\n", -1);
      assertEquals(10, lines.length);
      for (String line : lines) {
        String[] fields = line.split(",", -1);
        int[] sizes = Arrays.stream(fields[1].split("x", -1)).mapToInt(Integer::parseInt).toArray();
        double[] values = Arrays.stream(fields).skip(2).mapToDouble(Double::parseDouble).toArray();
        Model.of(Tensor.of(values, Shape.of(sizes))).assertMatches(found(fields[0]), 0);
      }
    }
  }
}
