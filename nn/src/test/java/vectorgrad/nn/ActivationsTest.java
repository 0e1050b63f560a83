package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.autograd.GradCheck;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

class ActivationsTest {
  /// Every activation that [Layers] offers, numbers in the place of its settings.
  private static List<Activation> all() {
    List<Activation> found = new ArrayList<>();
    for (var method : Layers.class.getMethods()) {
      if (Activation.class.isAssignableFrom(method.getReturnType())) {
        Object[] settings = new Object[method.getParameterCount()];
        for (int i = 0; i < settings.length; i++) {
          settings[i] = 0.25 + i; // low below high
        }
        try {
          found.add((Activation) method.invoke(null, settings));
        } catch (ReflectiveOperationException e) {
          throw new LinkageError(method.toString(), e);
        }
      }
    }
    return found;
  }

  private static Stream<DynamicTest> each(java.util.function.Consumer<Activation> test) {
    return all().stream().map(a -> DynamicTest.dynamicTest(a.label(), () -> test.accept(a)));
  }

  @TestFactory
  Stream<DynamicTest> slopesAgreeWithDifferencesTwice() {
    // away from every kink there is: −3, −1, 0, ±¼, 1, 1¼, 3, 6
    Tensor x = Tensor.of(-7.0, -3.4, -2.1, -0.6, -0.1, 0.13, 0.5, 1.12, 2.3, 4.1, 6.7);
    return each(a -> GradCheck.of(xs -> xs.get(0).map(a), x).orThrow());
  }

  @TestFactory
  Stream<DynamicTest> valuesAndSlopesAreNumbersAtExtremeInputs() {
    return each(a -> {
      for (DType dtype : List.of(DType.F32, DType.F64)) {
        Tensor points = Tensor.of(new double[] {-1e4, 1e4, -1e30, 1e30}, Shape.of(4)).to(dtype);
        Variable x = Variable.leaf(points);
        Variable y = a.forward(x);
        double[] slopes = y.sum().backward().get(x).toDoubles();
        for (int i = 0; i < slopes.length; i++) {
          assertTrue(Double.isFinite(y.value().toDoubles()[i]), () -> dtype + " " + y);
          assertTrue(Math.abs(slopes[i]) <= 2, a.label() + " " + dtype + " " + slopes[i]);
        }
      }
    });
  }

  @Test
  void anActivationIsCalledByItsNameAndSettings() {
    assertEquals("ELU(0.5)", Layers.elu(0.5).toString());
    assertEquals("ReLU6", Layers.relu6().label());
    assertEquals("Threshold(1.0, 2.0)", Layers.threshold(1, 2).name());
    assertEquals(Layers.elu(0.5), Layers.elu(0.5));
    Variable y = Layers.mish().forward(Variable.leaf(Tensor.of(1.0)));
    assertTrue(y.toString().contains("Mish"), y::toString);
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    assertEquals(
        "Hardtanh: low must be below high, found 1.0 and 1.0",
        assertThrows(IllegalArgumentException.class, () -> Layers.hardtanh(1, 1)).getMessage());
    assertEquals(
        "Softplus: beta must be positive, found 0.0",
        assertThrows(IllegalArgumentException.class, () -> Layers.softplus(0)).getMessage());
    assertEquals(
        "CELU: alpha must be positive, found -1.0",
        assertThrows(IllegalArgumentException.class, () -> Layers.celu(-1)).getMessage());
    assertEquals(
        "Softshrink: lambda must not be negative, found -0.5",
        assertThrows(IllegalArgumentException.class, () -> Layers.softshrink(-0.5)).getMessage());
    assertEquals(
        """
        PReLU: the input has 4 channels, and there are 3 weights
          input  (2, 4)
          rule   axis 1 holds the channels: N C …\
        """,
        assertThrows(
                RuntimeException.class,
                () -> Layers.prelu(3).forward(Tensor.zeros(Shape.of(2, 4), DType.F32)))
            .getMessage());
  }
}
