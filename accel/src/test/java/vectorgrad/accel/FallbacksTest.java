package vectorgrad.accel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.DeviceException;
import vectorgrad.tensor.Distribution;
import vectorgrad.tensor.OpenCl;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// A device without f64, as many GPUs of laptops are; and what is written in Java, which none can
/// compute.
class FallbacksTest {
  private static final String PROPERTY = "vectorgrad.opencl.fallback";

  private record Cauchy() implements Distribution.Inverse {
    @Override
    public DoubleUnaryOperator quantile() {
      return u -> StrictMath.tan(Math.PI * (u - 0.5));
    }
  }

  private final Card card = ((OpenClBackend) OpenCl.device().backend()).queue().card();
  private final Device singles =
      Device.of("singles", new OpenClBackend(new Queue(withoutDoubles(card))));

  private static Card withoutDoubles(Card card) {
    return new Card(
        card.platform(),
        card.id(),
        card.name(),
        card.driver(),
        card.version(),
        card.isGpu(),
        card.units(),
        card.memory(),
        card.largest(),
        card.local(),
        card.group(),
        card.extensions().stream().filter(extension -> !extension.equals("cl_khr_fp64")).toList(),
        card.roundsRight());
  }

  @AfterEach
  void askNoMore() {
    System.clearProperty(PROPERTY);
  }

  @Test
  void withoutDoublesSinglesAreComputedAllTheSame() {
    Tensor x = Tensor.normal(Seed.of(1), 0, Shape.of(6, 8, 8, 8), DType.F32);
    Tensor w = Tensor.normal(Seed.of(2), 0, Shape.of(4, 8, 3, 3), DType.F32);
    Tensor m = Tensor.normal(Seed.of(3), 0, Shape.of(512, 40), DType.F32);
    assertSame(x, a -> a.square().add(1).sqrt().log().tanh());
    assertSame(x, a -> a.sum(0, 2, 3));
    assertSame(x, a -> a.mean(1).max(0));
    assertSame(x, a -> a.exp().max(1));
    assertSame(x, a -> a.softmax(-1));
    assertSame(x, a -> a.reshape(6, 512).matmul(m.to(a.device())));
    assertSame(x, a -> a.conv2d(w.to(a.device()), Conv2dGeometry.DEFAULT));
    assertSame(x, a -> a.argmax(-1));
    assertSame(x, a -> a.argsort(-1));
    assertSame(x, a -> a.to(DType.BF16).add(1).to(DType.F32));
    assertSame(x, a -> a.to(DType.I64).cumsum(0));
    Distribution truth = Distribution.bernoulli(0.3);
    assertEquals(
        Tensor.random(truth, Seed.of(4), 0, Shape.of(99), DType.BOOL, Device.CPU).toString(),
        Tensor.random(truth, Seed.of(4), 0, Shape.of(99), DType.BOOL, singles)
            .to(Device.CPU)
            .toString());
    assertEquals(x.toString().replace("cpu", ""), x.to(singles).toString().replace("singles", ""));
  }

  private void assertSame(Tensor x, UnaryOperator<Tensor> work) {
    double[] expected = work.apply(x).toDoubles();
    assertArrayEquals(expected, work.apply(x.to(singles)).toDoubles(), 1e-3);
  }

  @Test
  void doublesAreRefused() {
    var e = assertThrows(DTypeException.class, () -> Tensor.of(1.0, 2.0).to(DType.F64).to(singles));
    assertTrue(e.getMessage().contains("this device does not compute in f64"), e.getMessage());
  }

  @Test
  void nothingIsLeftToTheProcessorUnasked() {
    Tensor x = Tensor.normal(Seed.of(5), 0, Shape.of(3, 50), DType.F32);
    var e = assertThrows(DeviceException.class, () -> x.to(singles).cumsum(1));
    assertEquals(
        """
        opencl: this device cannot compute running SUM
          device NAME
          missing f64, in which it is defined
          help   compute it on to(Device.CPU), or let the processor do what is missing
                 here, there and back again each time: -Dvectorgrad.opencl.fallback=true\
        """
            .replace("NAME", card.name()),
        e.getMessage().replace("\r", ""));
    e = assertThrows(DeviceException.class, () -> cauchy(OpenCl.device()));
    assertTrue(e.getMessage().contains("cannot compute draws of Cauchy"), e.getMessage());
    assertTrue(e.getMessage().contains("is a function in Java"), e.getMessage());
    assertEquals(List.of(), singles.backend().fallbacks());
  }

  @Test
  void whatWasAskedForIsDoneAndCounted() {
    System.setProperty(PROPERTY, "true");
    Tensor x = Tensor.normal(Seed.of(5), 0, Shape.of(3, 50), DType.F32);
    for (int i = 0; i < 2; i++) {
      assertArrayEquals(x.cumsum(1).toFloats(), x.to(singles).cumsum(1).toFloats());
    }
    assertArrayEquals(cauchy(Device.CPU).toFloats(), cauchy(singles).toFloats());
    assertEquals(
        List.of(
            "left to the processor: 1 × draws of Cauchy", "left to the processor: 2 × running SUM"),
        singles.backend().fallbacks());
  }

  private static Tensor cauchy(Device device) {
    return Tensor.random(new Cauchy(), Seed.of(6), 0, Shape.of(100), DType.F32, device);
  }
}
