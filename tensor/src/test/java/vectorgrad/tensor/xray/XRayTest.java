package vectorgrad.tensor.xray;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import vectorgrad.numerics.FloatFormat;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

class XRayTest {
  private static XRay.Operation operation(XRay xray, String name) {
    return xray.report().operations().stream()
        .filter(o -> o.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not in\n" + xray.report()));
  }

  @Test
  void inTheFormatOfDoublesNothingIsLost() {
    XRay xray = XRay.of(FloatFormat.FP64);
    Tensor a = Tensor.normal(Seed.of(1), 0, Shape.of(5, 7), DType.F64);
    Tensor b = Tensor.normal(Seed.of(2), 0, Shape.of(7, 3), DType.F64);
    Tensor there = a.to(xray.device()).matmul(b.to(xray.device())).exp().sum(0).flip(0);
    Tensor reference = a.to(Device.REFERENCE).matmul(b.to(Device.REFERENCE)).exp().sum(0).flip(0);
    assertArrayEquals(reference.toDoubles(), there.toDoubles(), 1e-12);
    assertArrayEquals(reference.toDoubles(), xray.exact(there), 1e-12);
    assertEquals(List.of(), xray.report().suspects());
  }

  @Test
  void everythingIsRoundedAndTheShadowIsNot() {
    XRay xray = XRay.of(FloatFormat.FP16);
    Tensor x = Tensor.of(300f, 0.1f, 3f).to(xray.device());
    Tensor y = x.square();
    assertArrayEquals(
        new double[] {Double.POSITIVE_INFINITY, 0.0099945068359375, 9}, y.toDoubles());
    assertArrayEquals(new double[] {90000, 0.1f * (double) 0.1f, 9}, xray.exact(y));
    var square = operation(xray, "x·x").fidelity();
    assertEquals(3, square.results());
    assertEquals(1, square.overflows());
    assertEquals(11, square.worst());
    xray.clear();
    assertEquals(List.of(), xray.report().operations());
  }

  @Test
  void aSoftmaxWithoutItsMaximumOverflows() {
    XRay xray = XRay.of(FloatFormat.FP16);
    Tensor x = Tensor.of(1f, 12f, 3f).to(xray.device());
    Tensor e = x.exp();
    Tensor naive = e.div(e.sum());
    assertTrue(Double.isNaN(naive.toDoubles()[1]), naive::toString);
    assertEquals(1, operation(xray, "exp(x)").fidelity().overflows());
    assertEquals(1, operation(xray, "x/y").fidelity().nans());
    xray.clear();
    Tensor shifted = x.softmax(-1);
    assertEquals(1, shifted.sum().item(), 0.001);
    assertTrue(operation(xray, "softmax: exp(x)").fidelity().overflows() == 0);
    assertTrue(xray.report().toString().startsWith("f16 "), xray.report()::toString);
  }

  @Test
  void sumsAreAccumulatedInFloat32UnlessAskedOtherwise() {
    Tensor ones = Tensor.full(1, Shape.of(5000), DType.F32, Device.CPU);
    XRay wide = XRay.of(FloatFormat.FP16);
    assertEquals(5000, ones.to(wide.device()).sum().item());
    XRay narrow = XRay.of(FloatFormat.FP16).accumulating();
    assertEquals(2048, ones.to(narrow.device()).sum().item(), "2048 + 1 is a tie");
    Tensor large = Tensor.full(300, Shape.of(2, 2), DType.F32, wide.device());
    large.matmul(large);
    var products = operation(wide, "matmul: sum x·y").fidelity();
    assertEquals(4, products.results());
    assertEquals(4, products.overflows());
  }

  @Test
  void smallProductsVanish() {
    XRay xray = XRay.of(FloatFormat.FP16);
    Tensor x = Tensor.of(1e-5f, 1e-2f).to(xray.device());
    x.mul(Tensor.of(1e-4f, 1e-3f).to(xray.device()));
    var product = operation(xray, "x·y").fidelity();
    assertEquals(1, product.underflows());
    assertEquals(1, product.subnormals());
  }

  @Test
  void choicesIndicesAndWholeNumbersAreThoseOfTheRoundedWorld() {
    XRay xray = XRay.of(FloatFormat.E4M3);
    Tensor x = Tensor.of(17f, 16f, 3f, 200f).to(xray.device());
    assertArrayEquals(new double[] {16, 16, 3, 192}, x.toDoubles());
    assertEquals(3, x.argmax(0).item());
    assertArrayEquals(new double[] {1, 1, 0, 0}, x.eq(16).toDoubles());
    Tensor index = Tensor.of(3, 0).to(xray.device());
    assertArrayEquals(new double[] {192, 16}, x.gather(0, index).toDoubles());
    assertArrayEquals(new double[] {200, 17}, xray.exact(x.gather(0, index)));
    assertArrayEquals(new double[] {6, 0}, index.add(index).toDoubles());
    Tensor pooled = x.reshape(1, 1, 2, 2).maxPool2d(PoolGeometry.square(2)).values();
    assertEquals(192, pooled.item());
    Tensor both = Tensor.of(16f, 1f).to(xray.device());
    Tensor places = Tensor.of(0, 0).to(xray.device());
    assertArrayEquals(new double[] {16, 0}, both.scatterAdd(0, places, 2).toDoubles());
  }

  @Test
  void fusedFormulasAreTakenApart() {
    XRay xray = XRay.of(FloatFormat.BF16);
    Formula x = Formula.input(0);
    Tensor in = Tensor.of(1e-3f, 100f).to(xray.device());
    Tensor.map(Program.of(x.plus(1).minus(1)), in);
    assertEquals(
        List.of("load (2)", "x + 1", "x + 1 − 1"),
        xray.report().operations().stream().map(XRay.Operation::name).toList());
    assertTrue(operation(xray, "x + 1 − 1").fidelity().worst() == 8);
  }
}
