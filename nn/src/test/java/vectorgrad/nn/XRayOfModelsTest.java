package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.nn.Losses.crossEntropy;

import org.junit.jupiter.api.Test;
import vectorgrad.autograd.Variable;
import vectorgrad.numerics.FloatFormat;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.xray.XRay;

/// A model needs no change to be computed in another format: it moves to another device.
class XRayOfModelsTest {
  private static final Tensor PICTURES =
      Tensor.normal(Seed.of(1), 0, Shape.of(4, 1, 8, 8), DType.F32);
  private static final Tensor LABELS = Tensor.of(3, 1, 4, 1);

  private static double loss(Device device, double scale) {
    Sequential model = Models.digits().initialize(Seed.of(2));
    model.to(device);
    Variable logits = model.forward(Variable.constant(PICTURES.mul(scale).to(device)));
    Variable loss = crossEntropy(logits, LABELS.to(device));
    var gradients = loss.backward();
    assertTrue(gradients.get(model.parameters().get(0)).device() == device);
    return loss.value().item();
  }

  @Test
  void inFloat32ItIsTheModelItself() {
    XRay xray = XRay.of(FloatFormat.FP32);
    assertEquals(loss(Device.REFERENCE, 1), loss(xray.device(), 1), 1e-5);
    assertTrue(xray.report().suspects().isEmpty(), xray.report()::toString);
  }

  @Test
  void theFewerTheBitsTheMoreAreLost() {
    double exact = loss(Device.REFERENCE, 1);
    XRay half = XRay.of(FloatFormat.FP16);
    XRay brain = XRay.of(FloatFormat.BF16);
    XRay eight = XRay.of(FloatFormat.E4M3);
    assertEquals(exact, loss(half.device(), 1), 0.002 * exact);
    assertEquals(exact, loss(brain.device(), 1), 0.02 * exact);
    assertEquals(exact, loss(eight.device(), 1), 0.3 * exact);
    assertTrue(
        half.report().operations().stream().anyMatch(o -> o.verb().equals("conv2d")),
        half.report()::toString);
    assertEquals(0, vanished(brain), brain.report()::toString);
    assertTrue(vanished(eight) > 1000, eight.report()::toString);
  }

  private static long vanished(XRay xray) {
    return xray.report().operations().stream().mapToLong(o -> o.fidelity().underflows()).sum();
  }

  @Test
  void picturesThatAreTooBrightOverflowInHalf() {
    XRay xray = XRay.of(FloatFormat.FP16);
    double loss = loss(xray.device(), 1e5);
    assertTrue(!Double.isFinite(loss));
    var first =
        xray.report().suspects().stream().filter(o -> o.fidelity().overflows() > 0).findFirst();
    assertEquals("load (4, 1, 8, 8)", first.orElseThrow().name());
  }
}
