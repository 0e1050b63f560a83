package vectorgrad.bench.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vectorgrad.autograd.Variable;
import vectorgrad.nn.Layer;
import vectorgrad.tensor.DType;

/// What every library has to compute before its layers are measured.
class PartTest {
  /// Seven digits are written down, of the length.
  private static final double WRITTEN = 1e-6;

  @ParameterizedTest
  @EnumSource
  void thePrintsAreThoseOfF64(Part part) {
    Layer layer = part.layer();
    layer.to(DType.F64);
    Variable x = Variable.leaf(part.x().to(DType.F64));
    Variable y = layer.forward(x);
    compare(part.right(Part.Pass.FORWARD), List.of(Part.Print.of(y.value().toDoubles())));
    var gradients = y.mul(Variable.constant(part.g().to(DType.F64))).sum().backward();
    var found = new ArrayList<Part.Print>();
    found.add(Part.Print.of(gradients.get(x).toDoubles()));
    for (var parameter : layer.parameters()) {
      found.add(Part.Print.of(gradients.get(parameter).toDoubles()));
    }
    compare(part.right(Part.Pass.BACKWARD), found);
  }

  private static void compare(List<Part.Print> right, List<Part.Print> found) {
    assertEquals(right.size(), found.size());
    for (int i = 0; i < right.size(); i++) {
      double most = WRITTEN * found.get(i).length();
      assertEquals(found.get(i).length(), right.get(i).length(), most);
      assertEquals(found.get(i).projection(), right.get(i).projection(), most);
    }
  }

  @Test
  void twoElementsInEachOthersPlaceAreRefused() {
    double[] numbers = {1, 2, 3, 4};
    double[] swapped = {1, 3, 2, 4};
    assertEquals(Part.Print.of(numbers).length(), Part.Print.of(swapped).length());
    assertEquals(false, Part.Print.of(numbers).near(Part.Print.of(swapped)));
  }

  @Test
  void otherNumbersAreRefused() {
    var e =
        assertThrows(
            IllegalStateException.class,
            () -> Part.SOFTMAX.expect(Part.Pass.FORWARD, List.of(new float[] {3, 4})));
    assertEquals(
        "SOFTMAX: array 0 is Print[length=5.0, projection=-6.916666666666666] and should be "
            + Part.SOFTMAX.right(Part.Pass.FORWARD).getFirst(),
        e.getMessage());
  }

  @Test
  void aGradientForEachParameterIsExpected() {
    var e =
        assertThrows(
            IllegalStateException.class,
            () -> Part.CONVOLUTION.expect(Part.Pass.BACKWARD, List.of(new float[] {1})));
    assertEquals("CONVOLUTION: 1 arrays instead of 3", e.getMessage());
  }
}
