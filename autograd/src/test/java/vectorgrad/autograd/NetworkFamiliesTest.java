package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.Conv1dGeometry;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.Conv3dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Pool1dGeometry;
import vectorgrad.tensor.Pool3dGeometry;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.TensorException;

/// What convolutions, poolings and patches of variables have in common with those of tensors: what
/// they refuse, dtypes, nothing at all; and what graphs call them.
class NetworkFamiliesTest {
  private static final Pool1dGeometry TWO = Pool1dGeometry.of(2);
  private static final Tensor INDEX = Tensor.of(new int[] {0, 1}, Shape.of(1, 1, 2));

  private static Variable leaf(int... sizes) {
    return Variable.leaf(Tensor.ones(Shape.of(sizes), DType.F32));
  }

  private static void assertRefusedAlike(
      Function<Variable, ?> ours, Function<Tensor, ?> theirs, int... sizes) {
    Variable x = leaf(sizes);
    var expected = assertThrows(RuntimeException.class, () -> theirs.apply(x.value()));
    var found = assertThrows(expected.getClass(), () -> ours.apply(x));
    assertEquals(expected.getMessage(), found.getMessage());
  }

  @Test
  void convolutionsOfVariablesRefuseWhatThoseOfTensorsRefuse() {
    Variable one = leaf(2, 3, 2);
    Variable two = leaf(2, 3, 2, 2);
    Variable three = leaf(2, 3, 2, 2, 2);
    Tensor o = one.value();
    Tensor t = two.value();
    Tensor h = three.value();
    var g1 = Conv1dGeometry.DEFAULT;
    var g2 = Conv2dGeometry.DEFAULT;
    var g3 = Conv3dGeometry.DEFAULT;
    assertRefusedAlike(x -> x.conv1d(one, g1), x -> x.conv1d(o, g1), 1, 2, 5);
    assertRefusedAlike(x -> x.conv1d(one, g1), x -> x.conv1d(o, g1), 3, 5);
    assertRefusedAlike(x -> x.conv2d(two, g2), x -> x.conv2d(t, g2), 1, 3, 1, 5);
    assertRefusedAlike(x -> x.conv3d(three, g3), x -> x.conv3d(h, g3), 1, 3, 4, 5);
    assertRefusedAlike(x -> x.convTranspose1d(one, g1), x -> x.convTranspose1d(o, g1), 1, 3, 5);
    assertRefusedAlike(x -> x.convTranspose2d(two, g2), x -> x.convTranspose2d(t, g2), 7);
    assertRefusedAlike(
        x -> x.convTranspose2d(two, g2, 0, 1), x -> x.convTranspose2d(t, g2, 0, 1), 1, 2, 3, 3);
    assertRefusedAlike(
        x -> x.convTranspose3d(three, g3), x -> x.convTranspose3d(h, g3), 1, 2, 0, 3, 3);
    Shape far = Shape.of(1, 3, 9, 9);
    assertRefusedAlike(
        x -> x.conv2dInputGradient(two, far, g2),
        x -> x.conv2dInputGradient(t, far, g2),
        new int[] {1, 2, 3, 3});
    assertRefusedAlike(
        x -> x.conv2dWeightGradient(two, far, g2),
        x -> x.conv2dWeightGradient(t, far, g2),
        new int[] {1, 2, 3, 3});
    assertRefusedAlike(
        x -> x.convTranspose2dInputGradient(two, far, g2),
        x -> x.convTranspose2dInputGradient(t, far, g2),
        new int[] {1, 2, 3, 3});
    assertRefusedAlike(
        x -> x.convTranspose2dWeightGradient(two, far, g2),
        x -> x.convTranspose2dWeightGradient(t, far, g2),
        new int[] {1, 2, 3, 3});
  }

  @Test
  void poolingsAndPatchesOfVariablesRefuseWhatThoseOfTensorsRefuse() {
    var square = PoolGeometry.square(2);
    var cube = Pool3dGeometry.cube(2);
    var dilated = PoolGeometry.square(2).dilation(2);
    Shape far = Shape.of(1, 1, 9);
    assertRefusedAlike(x -> x.maxPool1d(TWO), x -> x.maxPool1d(TWO), 1, 5);
    assertRefusedAlike(x -> x.maxPool2d(square), x -> x.maxPool2d(square), 1, 1, 1, 5);
    assertRefusedAlike(x -> x.maxPool3d(cube), x -> x.maxPool3d(cube), 1, 1, 3, 5);
    assertRefusedAlike(x -> x.avgPool1d(TWO), x -> x.avgPool1d(TWO));
    assertRefusedAlike(x -> x.avgPool2d(dilated), x -> x.avgPool2d(dilated), 1, 1, 5, 5);
    assertRefusedAlike(x -> x.avgPool3d(cube), x -> x.avgPool3d(cube), 1, 1, 5, 1, 5);
    assertRefusedAlike(
        x -> x.avgPool1dInputGradient(far, TWO, true),
        x -> x.avgPool1dInputGradient(far, TWO, true),
        new int[] {1, 1, 2});
    assertRefusedAlike(x -> x.adaptiveAvgPool1d(0), x -> x.adaptiveAvgPool1d(0), 1, 1, 5);
    assertRefusedAlike(x -> x.adaptiveAvgPool2d(1, 1), x -> x.adaptiveAvgPool2d(1, 1), 1, 5);
    assertRefusedAlike(
        x -> x.adaptiveAvgPoolInputGradient(far), x -> x.adaptiveAvgPoolInputGradient(far), 1, 2);
    assertRefusedAlike(x -> x.adaptiveMaxPool1d(0), x -> x.adaptiveMaxPool1d(0), 1, 1, 5);
    assertRefusedAlike(
        x -> x.maxPoolInputGradient(INDEX, far), x -> x.maxPoolInputGradient(INDEX, far), 1, 2, 2);
    assertRefusedAlike(x -> x.maxUnpool(INDEX, far), x -> x.maxUnpool(INDEX, far), 1, 1, 3);
    assertRefusedAlike(
        x -> x.maxUnpool(INDEX, Shape.of(1, 1, 1)),
        x -> x.maxUnpool(INDEX, Shape.of(1, 1, 1)),
        new int[] {1, 1, 2});
    assertRefusedAlike(
        x -> x.maxUnpoolInputGradient(INDEX), x -> x.maxUnpoolInputGradient(INDEX), 1, 2, 9);
    var g = Conv2dGeometry.DEFAULT;
    assertRefusedAlike(x -> x.unfold(2, 2, g), x -> x.unfold(2, 2, g), 3, 3);
    assertRefusedAlike(x -> x.unfold(4, 2, g), x -> x.unfold(4, 2, g), 1, 1, 3, 3);
    assertRefusedAlike(x -> x.fold(3, 3, 2, 2, g), x -> x.fold(3, 3, 2, 2, g), 1, 4, 3);
  }

  @Test
  void wholeNumbersAreRefusedAlike() {
    Variable whole = Variable.constant(Tensor.ones(Shape.of(1, 1, 4, 4), DType.I32));
    var expected =
        assertThrows(
            TensorException.class,
            () -> whole.value().conv2d(whole.value(), Conv2dGeometry.DEFAULT));
    var found =
        assertThrows(TensorException.class, () -> whole.conv2d(whole, Conv2dGeometry.DEFAULT));
    assertEquals(expected.getMessage(), found.getMessage());
    var pool = PoolGeometry.square(2);
    expected = assertThrows(TensorException.class, () -> whole.value().maxPool2d(pool));
    found = assertThrows(TensorException.class, () -> whole.maxPool2d(pool));
    assertEquals(expected.getMessage(), found.getMessage());
  }

  private static final Map<String, UnaryOperator<Variable>> OF_PICTURES =
      Map.of(
          "Conv2d",
          x -> x.conv2d(leaf(2, 2, 2, 2), Conv2dGeometry.DEFAULT),
          "ConvTranspose2d",
          x -> x.convTranspose2d(leaf(2, 2, 2, 2), Conv2dGeometry.DEFAULT),
          "MaxPool2d",
          x -> x.maxPool2d(PoolGeometry.square(2)),
          "AvgPool2d",
          x -> x.avgPool2d(PoolGeometry.square(2)),
          "AdaptiveAvgPool",
          x -> x.adaptiveAvgPool2d(2, 3),
          "AdaptiveMaxPool",
          x -> x.adaptiveMaxPool2d(2, 3),
          "Unfold",
          x -> x.unfold(2, 2, Conv2dGeometry.DEFAULT));

  @Test
  void eachHasItsNameInGraphsAndKeepsTheShapeOfItsInput() {
    for (int pictures : List.of(2, 0)) {
      OF_PICTURES.forEach((name, operation) -> {
        Variable x = leaf(pictures, 2, 4, 4);
        Variable y = operation.apply(x);
        assertTrue(y.toString().endsWith("from " + name), y::toString);
        assertEquals(x.shape(), y.sum().backward().get(x).shape(), name);
      });
    }
    Variable y = leaf(1, 1, 2);
    assertTrue(
        y.maxUnpool(INDEX, Shape.of(1, 1, 4)).toString().endsWith("from MaxUnpool"),
        () -> y.toString());
    Variable dw =
        y.convTranspose1dWeightGradient(leaf(1, 1, 2), Shape.of(1, 1, 1), Conv1dGeometry.DEFAULT);
    assertTrue(dw.toString().endsWith("from ConvTranspose1dWeightGradient"), dw::toString);
  }

  @Test
  void everyGradientHasTheDtypeOfWhatItBelongsTo() {
    for (DType half : List.of(DType.F16, DType.BF16)) {
      OF_PICTURES.forEach((name, operation) -> {
        Variable x = Variable.leaf(Tensor.ones(Shape.of(1, 2, 4, 4), half));
        Gradients gradients = operation.apply(x).sum().backward();
        assertEquals(half, gradients.get(x).dtype(), name);
      });
    }
    Variable x = Variable.leaf(Tensor.ones(Shape.of(1, 2, 3), DType.F32));
    Variable w = Variable.leaf(Tensor.ones(Shape.of(2, 2, 2), DType.F64));
    Variable y = x.convTranspose1d(w, Conv1dGeometry.DEFAULT.stride(2), 1);
    assertEquals(DType.F64, y.dtype());
    Gradients gradients = y.sum().backward();
    assertEquals(DType.F32, gradients.get(x).dtype());
    assertEquals(DType.F64, gradients.get(w).dtype());
  }
}
