package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.tensor.DType.BF16;
import static vectorgrad.tensor.DType.F16;
import static vectorgrad.tensor.DType.F32;
import static vectorgrad.tensor.DType.F64;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

class AutocastTest {
  private static Tensor normal(long seed, int... sizes) {
    return Tensor.normal(Seed.of(seed), 0, Shape.of(sizes), F32);
  }

  private static Parameter parameter(long seed, int... sizes) {
    return Parameter.of(normal(seed, sizes));
  }

  private static DType low(boolean brain) {
    return brain ? BF16 : F16;
  }

  private static void assertSameBits(Tensor expected, Tensor actual) {
    assertEquals(expected.dtype(), actual.dtype());
    assertArrayEquals(expected.toDoubles(), actual.toDoubles());
  }

  private static Variable net(Variable x, Parameter a, Parameter b) {
    return x.matmul(a).tanh().matmul(b).logSoftmax(1).mean();
  }

  /// The same with every conversion written out.
  private static Variable explicit(Variable x, Parameter a, Parameter b, DType dtype) {
    Variable hidden = x.to(dtype).matmul(a.to(dtype)).tanh();
    return hidden.matmul(b.to(dtype)).to(F32).logSoftmax(1).mean();
  }

  @Property(tries = 20)
  void itIsTheSameAsExplicitConversionsBitByBit(@ForAll long seed, @ForAll boolean brain) {
    Variable x = Variable.leaf(normal(seed, 5, 7));
    Parameter a = parameter(seed + 1, 7, 6);
    Parameter b = parameter(seed + 2, 6, 3);
    Variable expected = explicit(x, a, b, low(brain));
    Variable actual = Autocast.to(low(brain)).call(() -> net(x, a, b));
    assertSameBits(expected.value(), actual.value());
    Gradients wanted = expected.backward();
    Gradients found = actual.backward();
    for (Variable v : List.of(x, a, b)) {
      assertEquals(F32, found.get(v).dtype());
      assertSameBits(wanted.get(v), found.get(v));
    }
  }

  @Property(tries = 20)
  void aBackwardPassIsTheSameInsideARegionAndOutside(@ForAll long seed, @ForAll boolean brain) {
    Variable x = Variable.constant(normal(seed, 5, 7));
    Parameter a = parameter(seed + 1, 7, 6);
    Parameter b = parameter(seed + 2, 6, 3);
    Autocast autocast = Autocast.to(low(brain));
    Gradients inside = autocast.call(() -> net(x, a, b).backward());
    Gradients outside = autocast.call(() -> net(x, a, b)).backward();
    assertSameBits(outside.get(a), inside.get(a));
    assertSameBits(outside.get(b), inside.get(b));
  }

  @Property(tries = 20)
  void checkpointsComputeAgainInTheSameRegion(@ForAll long seed, @ForAll boolean brain) {
    Variable x = Variable.leaf(normal(seed, 5, 7));
    Parameter a = parameter(seed + 1, 7, 6);
    Parameter b = parameter(seed + 2, 6, 3);
    Autocast autocast = Autocast.to(low(brain));
    Gradients plain = autocast.call(() -> net(x, a, b)).backward();
    Gradients again = autocast.call(() -> x.checkpoint(y -> net(y, a, b))).backward();
    for (Variable v : List.of(x, a, b)) {
      assertSameBits(plain.get(v), again.get(v));
    }
  }

  @Example
  void aStretchDoesNotUseUpACastMadeOutsideOfIt() {
    Variable x = Variable.leaf(normal(1, 4, 4));
    Parameter a = parameter(2, 4, 4);
    UnaryOperator<Variable> product = y -> y.matmul(a);
    Gradients found =
        Autocast.to(BF16)
            .call(() -> product.apply(product.apply(x).checkpoint(product)).sum())
            .backward();
    Gradients plain = // each use with a cast of its own, as in the stretch
        Autocast.to(BF16)
            .call(() -> product.apply(product.apply(product.apply(x))).sum())
            .backward();
    assertSameBits(plain.get(x), found.get(x));
  }

  @Example
  void productsGiveTheRegionsDtype() {
    Variable x = Variable.constant(normal(1, 2, 3, 4));
    Variable y = Variable.constant(normal(2, 2, 4, 3));
    Variable pictures = Variable.constant(normal(3, 2, 3, 8, 8));
    Variable filters = Variable.constant(normal(4, 3, 3, 3, 3));
    List<Supplier<Variable>> products =
        List.of(
            () -> x.matmul(y),
            () -> Variable.einsum("bij,bjk->bik", x, y),
            () -> x.tensordot(y, new int[] {2}, new int[] {1}),
            () -> pictures.conv2d(filters, Conv2dGeometry.DEFAULT),
            () -> pictures.convTranspose2d(filters, Conv2dGeometry.DEFAULT, 0, 0));
    for (Supplier<Variable> product : products) {
      Variable wide = product.get();
      Variable low = Autocast.to(BF16).call(product);
      assertEquals(F32, wide.dtype());
      assertEquals(BF16, low.dtype());
      Tensor error = low.value().to(F32).sub(wide.value()).abs();
      assertTrue(error.max().item() < 0.02 * wide.value().abs().max().item());
    }
  }

  @Example
  void whatIsSensitiveGivesF32() {
    Variable x = Variable.constant(normal(1, 3, 4).abs().add(0.5).to(F16));
    List<UnaryOperator<Variable>> wide =
        List.of(
            v -> v.sum(),
            v -> v.mean(0),
            v -> v.prod(0),
            v -> v.var(),
            v -> v.std(),
            v -> v.norm(),
            v -> v.cumsum(0),
            v -> v.softmax(1),
            v -> v.logSoftmax(1),
            v -> v.logsumexp(1),
            v -> v.exp(),
            v -> v.log(),
            v -> v.pow(3),
            v -> v.rsqrt(),
            v -> v.reciprocal(),
            v -> v.softplus(),
            v -> v.cosineSimilarity(v, 1));
    List<UnaryOperator<Variable>> same =
        List.of(v -> v.add(1), v -> v.mul(v), v -> v.relu(), v -> v.tanh(), v -> v.sigmoid());
    for (int i = 0; i < wide.size(); i++) {
      UnaryOperator<Variable> operation = wide.get(i);
      Variable y = Autocast.to(F16).call(() -> operation.apply(x));
      assertEquals(F32, y.dtype(), "operation " + i);
      assertSameBits(operation.apply(x.to(F32)).value(), y.value());
    }
    for (UnaryOperator<Variable> operation : same) {
      assertEquals(F16, Autocast.to(F16).call(() -> operation.apply(x)).dtype());
    }
    Variable both = Autocast.to(F16).call(() -> x.add(Variable.constant(normal(2, 3, 4))));
    assertEquals(F32, both.dtype());
  }

  @Example
  void aSumOfManyHalvesDoesNotOverflow() {
    Variable x = Variable.leaf(Tensor.full(1000, Shape.of(100), F16));
    assertEquals(Double.POSITIVE_INFINITY, x.sum().item());
    assertEquals(100_000, Autocast.to(F16).call(() -> x.sum()).item());
  }

  @Example
  void aParameterIsCastOnceInARegion() {
    Parameter a = parameter(1, 3, 3);
    Autocast.to(BF16)
        .run(() -> {
          Variable first = Autocast.cast(a);
          assertSame(first, Autocast.cast(a));
          a.set(normal(2, 3, 3));
          Variable second = Autocast.cast(a);
          assertNotSame(first, second);
          assertSameBits(a.value().to(BF16), second.value());
          Variable inside = Autocast.to(BF16).call(() -> Autocast.cast(a));
          assertNotSame(second, inside); // a region of its own
        });
  }

  @Example
  void aCastOfAnotherModeOrThatIsGoneIsMadeAnew() {
    Parameter a = parameter(1, 3, 3);
    Variable x = Variable.constant(normal(2, 3, 3));
    Autocast.to(BF16)
        .run(() -> {
          Variable unrecorded = Mode.inference(() -> Autocast.cast(a));
          assertFalse(unrecorded.requiresGrad());
          assertTrue(Autocast.cast(a).requiresGrad());
          Gradients first = x.matmul(a).sum().backward();
          Gradients second = x.matmul(a).sum().backward(); // whose cast was used up
          assertSameBits(first.get(a), second.get(a));
          Tensor expected = x.matmul(a).value();
          for (int step = 0; step < 2; step++) {
            try (Scope _ = Scope.open()) {
              a.set(a.value().copy()); // so that the cast belongs to the scope
              assertSameBits(expected, x.matmul(a).value());
            }
          }
          assertSameBits(expected, x.matmul(a).value());
        });
  }

  @Example
  void aRegionMayBeTurnedOffInside() {
    Parameter a = parameter(1, 3, 3);
    Variable x = Variable.constant(normal(2, 3, 3));
    assertEquals(Autocast.off(), Autocast.current());
    Autocast.to(F16)
        .run(() -> {
          assertEquals(Autocast.to(F16), Autocast.current());
          Autocast.off()
              .run(() -> {
                assertEquals(Autocast.off(), Autocast.current());
                assertEquals(F32, x.matmul(a).dtype());
                assertEquals(
                    BF16, Autocast.to(BF16).call(() -> x.to(F16).matmul(a.to(F16))).dtype());
              });
          assertEquals(F16, x.matmul(a).dtype());
        });
    assertEquals(Autocast.off(), Autocast.current());
    assertEquals(F32, Autocast.to(F32).call(() -> x.matmul(a)).dtype());
  }

  @Example
  void doublesAreLeftAsTheyAre() {
    Variable x = Variable.constant(normal(1, 3, 3).to(F64));
    Variable y = Variable.constant(normal(2, 3, 3));
    assertSameBits(x.matmul(y).value(), Autocast.to(BF16).call(() -> x.matmul(y)).value());
    assertEquals(F64, Autocast.to(BF16).call(() -> x.exp()).dtype());
  }

  @Example
  void whatThrowsLeavesTheRegion() {
    assertThrows(
        IllegalStateException.class,
        () ->
            Autocast.to(F16)
                .run(() -> {
                  throw new IllegalStateException();
                }));
    assertEquals(Autocast.off(), Autocast.current());
  }

  @Example
  void secondDerivativesFlowThroughTheCasts() {
    Parameter a = Parameter.of(Tensor.of(new float[] {3}, Shape.of(1, 1)));
    Variable y = Autocast.to(BF16).call(() -> a.matmul(a).matmul(a).sum()); // a³
    Gradients first = y.backwardWithGraph(a);
    assertEquals(27, first.get(a).item());
    assertEquals(18, first.variable(a).sum().backward().get(a).item());
  }

  @Example
  void otherDtypesAreRefused() {
    for (DType dtype : List.of(DType.I32, F64, DType.BOOL)) {
      var e = assertThrows(DTypeException.class, () -> Autocast.to(dtype));
      assertEquals(
          """
          Autocast: casts to f16 or bf16, found %s
            rule   f32 turns it off; for f64, convert model and input\
          """
              .formatted(dtype),
          e.getMessage());
    }
  }
}
