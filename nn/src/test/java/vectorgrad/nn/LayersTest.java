package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.nn.Layers.conv2d;
import static vectorgrad.nn.Layers.dropout;
import static vectorgrad.nn.Layers.flatten;
import static vectorgrad.nn.Layers.linear;
import static vectorgrad.nn.Layers.maxPool2d;
import static vectorgrad.nn.Layers.relu;
import static vectorgrad.nn.Layers.residual;
import static vectorgrad.nn.Layers.sequential;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.autograd.GradCheck;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

class LayersTest {
  private static Tensor draw(int... sizes) {
    return Tensor.normal(Seed.of(5), 0, Shape.of(sizes), DType.F64);
  }

  private static <L extends Layer> L doubles(L layer) {
    layer.initialize(Seed.of(2)).to(DType.F64);
    return layer;
  }

  private static void assertClose(Tensor expected, Variable found, double tolerance) {
    assertEquals(expected.shape(), found.shape());
    assertArrayEquals(expected.toDoubles(), found.value().toDoubles(), tolerance);
  }

  // ---- values -----------------------------------------------------------------------------------

  @Test
  void linearMultipliesByTheTransposedWeightAndAddsTheBias() {
    Linear layer = doubles(linear(4, 3));
    Tensor x = draw(5, 4);
    Tensor expected =
        x.matmul(layer.weight().value().transpose()).add(layer.bias().orElseThrow().value());
    assertClose(expected, layer.forward(x), 1e-12);
  }

  @Test
  void convolutionAddsItsBiasToEveryPixel() {
    Conv2d layer = doubles(conv2d(2, 3, 3).padding(1).stride(2));
    Tensor x = draw(2, 2, 5, 6);
    Tensor expected =
        x.conv2d(layer.weight().value(), layer.geometry())
            .add(layer.bias().orElseThrow().value().reshape(3, 1, 1));
    assertClose(expected, layer.forward(x), 1e-12);
    assertEquals(Shape.of(2, 3, 3, 3), expected.shape());
    assertSame(layer.weight(), layer.dilation(1).withoutBias().weight());
  }

  @Test
  void activationsAreTheirFormulas() {
    Tensor x = draw(50);
    assertClose(x.relu(), relu().forward(x), 0);
    assertClose(x.tanh(), Layers.tanh().forward(x), 1e-15);
    assertClose(x.mul(x.sigmoid()), Layers.silu().forward(x), 1e-12);
    Tensor negative = x.minimum(x.sub(x));
    assertClose(x.relu().add(negative.mul(0.01)), Layers.leakyRelu().forward(x), 1e-12);
  }

  @Test
  void residualsAddTheirInput() {
    Linear inner = doubles(linear(4, 4));
    Tensor x = draw(3, 4);
    assertClose(x.add(inner.forward(x).value()), residual(inner).forward(x), 0);
  }

  @TestFactory
  Stream<DynamicTest> gradientsOfLayersAgreeWithDifferences() {
    record Case(String name, Layer layer, Tensor x) {}
    return Stream.of(
            new Case("linear", doubles(linear(4, 3)), draw(5, 4)),
            new Case("conv2d", doubles(conv2d(2, 3, 3).padding(1)), draw(2, 2, 4, 5)),
            new Case("gelu", Layers.gelu(), draw(9)),
            new Case("silu", Layers.silu(), draw(9)),
            new Case("sigmoid", Layers.sigmoid(), draw(9)),
            new Case("tanh", Layers.tanh(), draw(9)),
            new Case("leakyRelu", Layers.leakyRelu(0.2), draw(9)),
            new Case("maxPool2d", maxPool2d(2), draw(1, 2, 4, 4)),
            new Case("flatten", flatten(), draw(2, 3, 2)),
            new Case(
                "sequential",
                doubles(sequential(linear(4, 3), Layers.tanh(), residual(linear(3, 3)))),
                draw(2, 4)))
        .map(c ->
            DynamicTest.dynamicTest(
                c.name(),
                () -> {
                  Function<List<Variable>, Variable> f = xs -> c.layer().forward(xs.get(0));
                  GradCheck.of(f, c.x()).orThrow();
                }));
  }

  // ---- dropout
  // ------------------------------------------------------------------------------------

  @Test
  void dropoutKeepsTheExpectationAndDropsTheShareItSays() {
    Dropout layer = dropout(0.3);
    layer.initialize(Seed.of(1));
    Tensor ones = Tensor.ones(Shape.of(40_000), DType.F32);
    double[] y = layer.forward(ones).value().toDoubles();
    double zeros = Arrays.stream(y).filter(v -> v == 0).count() / 40_000.0;
    double deviation = Math.sqrt(0.3 * 0.7 / 40_000);
    assertEquals(0.3, zeros, 5 * deviation);
    assertEquals(1, Arrays.stream(y).average().orElseThrow(), 5 * deviation / 0.7);
    assertTrue(Arrays.stream(y).allMatch(v -> v == 0 || v == (float) (1 / 0.7)));
  }

  @Test
  void dropoutDrawsAnewEachPassTheSameBackwardAndNothingInUse() {
    Dropout layer = dropout(0.5);
    layer.initialize(Seed.of(1));
    Variable x = Variable.leaf(Tensor.ones(Shape.of(1000), DType.F32));
    Variable first = layer.forward(x);
    assertArrayEquals(
        first.value().toFloats(), first.sum().backward().get(x).toFloats(), "the mask is redrawn");
    Variable second = layer.forward(x);
    assertFalse(Arrays.equals(first.value().toFloats(), second.value().toFloats()));
    assertSame(x, Mode.inference(() -> layer.forward(x)));
    Dropout again = dropout(0.5);
    again.initialize(Seed.of(1));
    assertArrayEquals(first.value().toFloats(), again.forward(x).value().toFloats());
    assertThrows(IllegalArgumentException.class, () -> dropout(1.5));
  }

  // ---- initial distributions
  // ----------------------------------------------------------------------

  @Test
  void weightsAndBiasesBeginAsInPyTorch() {
    for (Layer layer : List.of(linear(400, 100), conv2d(16, 100, 5))) {
      layer.initialize(Seed.of(3));
      var cells = layer.namedParameters();
      double bound = 1 / Math.sqrt(400);
      double[] weight = cells.get("weight").value().toDoubles();
      assertUniform(weight, bound);
      double[] bias = cells.get("bias").value().toDoubles();
      assertTrue(Arrays.stream(bias).allMatch(b -> Math.abs(b) <= bound));
      assertTrue(Arrays.stream(bias).map(Math::abs).max().orElseThrow() > 0.8 * bound);
    }
  }

  private static void assertUniform(double[] values, double bound) {
    double n = values.length;
    double mean = Arrays.stream(values).sum() / n;
    double square = Arrays.stream(values).map(v -> v * v).sum() / n;
    assertTrue(Arrays.stream(values).allMatch(v -> Math.abs(v) <= bound));
    assertEquals(0, mean, 5 * bound / Math.sqrt(3 * n));
    assertEquals(bound * bound / 3, square, 5 * bound * bound * Math.sqrt(4 / 45.0 / n));
  }

  @Test
  void theSameSeedGivesTheSameParametersWhateverElseTheModelHas() {
    Sequential one = sequential(linear(3, 3), relu()).initialize(Seed.of(1));
    Sequential more = sequential(linear(3, 3), linear(3, 9)).initialize(Seed.of(1));
    Sequential other = sequential(linear(3, 3), relu()).initialize(Seed.of(2));
    assertArrayEquals(first(one), first(more));
    assertFalse(Arrays.equals(first(one), first(other)));
  }

  private static float[] first(Layer model) {
    return model.namedParameters().get("0.weight").value().toFloats();
  }

  // ---- models are data
  // ----------------------------------------------------------------------------

  @Test
  void parametersAreNamedByTheirPath() {
    Sequential model = Models.leNet();
    assertEquals(
        List.of(
            "0.weight",
            "0.bias",
            "3.weight",
            "3.bias",
            "7.weight",
            "7.bias",
            "10.weight",
            "10.bias"),
        List.copyOf(model.namedParameters().keySet()));
    assertEquals(List.of("9.state"), List.copyOf(model.namedBuffers().keySet()));
    assertEquals(582_026, model.parameterCount());
    record Own(Layer body, Parameter scale) implements Layer {
      @Override
      public Variable forward(Variable x) {
        return body.forward(x).mul(scale);
      }
    }
    Own own = new Own(sequential(linear(2, 2)), Parameter.of(Shape.of(2)));
    assertEquals(
        List.of("body.0.weight", "body.0.bias", "scale"),
        List.copyOf(own.namedParameters().keySet()));
  }

  @Test
  void aSharedParameterIsOneParameter() {
    Linear tied = linear(3, 3);
    Sequential model = sequential(tied, relu(), tied).initialize(Seed.of(1));
    assertEquals(2, model.parameters().size());
    assertEquals(12, model.parameterCount());
    assertEquals(List.of("2.weight"), model.aliases().get("0.weight"));
    Sequential copy = model.copy();
    assertEquals(2, copy.parameters().size());
    copy.parameters().get(0).set(Tensor.zeros(Shape.of(3, 3), DType.F32));
    assertTrue(model.parameters().get(0).value().abs().sum().item() > 0, "copies are apart");
  }

  @Test
  void frozenLayersTakeNoGradient() {
    Sequential model = sequential(linear(3, 3), relu(), linear(3, 1)).initialize(Seed.of(1));
    model.get(0).freeze();
    var gradients = model.forward(Tensor.ones(Shape.of(2, 3), DType.F32)).sum().backward();
    assertFalse(gradients.has(model.namedParameters().get("0.weight")));
    assertTrue(gradients.has(model.namedParameters().get("2.weight")));
    model.unfreeze();
    assertTrue(model.namedParameters().get("0.weight").requiresGrad());
  }

  @Test
  void aRefusedInputIsLocatedInTheModel() {
    Sequential model = sequential(conv2d(1, 16, 5), relu(), flatten(), linear(9216, 10));
    var refused =
        assertThrows(
            ShapeException.class,
            () -> model.forward(Tensor.zeros(Shape.of(128, 3, 28, 28), DType.F32)));
    assertEquals(
        """
        Conv2d: the input has 3 channels, the filters expect 1
          at     model.0
          input  (128, 3, 28, 28)   N C H W
          weight (16, 1, 5, 5)      out in kH kW\
        """,
        refused.getMessage());
    assertEquals(List.of(Shape.of(128, 3, 28, 28), Shape.of(16, 1, 5, 5)), refused.shapes());
    String inner =
        assertThrows(
                ShapeException.class,
                () -> model.forward(Tensor.zeros(Shape.of(2, 1, 20, 20), DType.F32)))
            .getMessage();
    assertTrue(inner.contains("at     model.3"), inner);
  }

  @Test
  void aModelPrintsAsATree() {
    String tree = sequential(conv2d(1, 2, 3), relu(), flatten(), linear(8, 3)).toString();
    assertTrue(tree.contains("Conv2d(1, 2") && tree.contains("Linear(8, 3)"), tree);
    assertTrue(tree.contains("47"), () -> "20 + 27 parameters in all: " + tree);
  }
}
