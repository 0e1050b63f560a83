package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BinaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.TensorException;

/// Products and equations: against what they mean in simpler operations, in value and gradient.
class ProductsTest {
  private static Tensor normal(long seed, int... sizes) {
    return Tensor.normal(Seed.of(seed), 0, Shape.of(sizes), DType.F64);
  }

  private static void assertClose(Tensor expected, Tensor actual, String about) {
    assertEquals(expected.shape(), actual.shape(), about);
    // sums of at most 4⁵ products of five numbers about 1, in f64
    assertArrayEquals(expected.toDoubles(), actual.toDoubles(), 1e-9, about);
  }

  /// Values and the gradients of all operands agree, with the same gradient of the output.
  private static void assertSame(Variable a, Variable b, List<Variable> leaves, String about) {
    assertClose(a.value(), b.value(), about);
    Variable dy = Variable.constant(normal(77, a.shape().toArray()));
    Gradients ga = a.mul(dy).sum().backward();
    Gradients gb = b.mul(dy).sum().backward();
    for (Variable leaf : leaves) {
      assertClose(ga.get(leaf), gb.get(leaf), about);
    }
  }

  /// Every operand seen over all labels, their product, and the sum over what the output lacks.
  private static Variable spelledOut(List<String> terms, String output, List<Variable> operands) {
    String labels = "abcde";
    Variable product = Variable.constant(Tensor.scalar(1.0));
    for (int i = 0; i < terms.size(); i++) {
      String term = terms.get(i);
      int[] order =
          labels.chars().filter(c -> term.indexOf(c) >= 0).map(c -> term.indexOf(c)).toArray();
      int[] sizes = new int[labels.length()];
      Variable sorted = operands.get(i).permute(order);
      for (int axis = 0; axis < sizes.length; axis++) {
        sizes[axis] =
            term.indexOf(labels.charAt(axis)) < 0
                ? 1
                : operands.get(i).size(term.indexOf(labels.charAt(axis)));
      }
      product = product.mul(sorted.reshape(Shape.of(sizes)));
    }
    int[] axes = labels.chars().filter(c -> output.indexOf(c) < 0).map(c -> c - 'a').toArray();
    Variable sum = axes.length == 0 ? product : product.sum(axes);
    String left = labels.replaceAll("[^" + output + "_]", "");
    return sum.permute(output.chars().map(left::indexOf).toArray());
  }

  @Property(tries = 150)
  void anEquationIsItsProductsAndSums(@ForAll long seed) {
    var r = new Random(seed);
    int[] sizes = r.ints(5, 1, 4).toArray();
    List<String> terms = new ArrayList<>();
    List<Variable> operands = new ArrayList<>();
    var found = new StringBuilder();
    for (int n = 1 + r.nextInt(5); n > 0; n--) {
      var term = new StringBuilder();
      "abcde"
          .chars()
          .filter(c -> r.nextInt(5) < 2)
          .forEach(c -> term.insert(r.nextInt(term.length() + 1), (char) c));
      // an axis of size 1 broadcasts now and then
      int[] shape = term.chars().map(c -> r.nextInt(6) == 0 ? 1 : sizes[c - 'a']).toArray();
      terms.add(term.toString());
      operands.add(Variable.leaf(normal(seed + n, shape)));
      found.append(term);
    }
    var output = new StringBuilder();
    found
        .chars()
        .distinct()
        .filter(c -> r.nextBoolean())
        .forEach(c -> output.insert(r.nextInt(output.length() + 1), (char) c));
    String equation = String.join(",", terms) + "->" + output;
    Variable[] all = operands.toArray(Variable[]::new);
    assertSame(
        spelledOut(terms, output.toString(), operands),
        Variable.einsum(equation, all),
        operands,
        equation + " of " + Arrays.toString(Arrays.stream(all).map(Variable::shape).toArray()));
    Tensor[] values = operands.stream().map(Variable::value).toArray(Tensor[]::new);
    assertClose(Tensor.einsum(equation, values), Variable.einsum(equation, all).value(), equation);
  }

  @Test
  void equationsAreTheOperationsTheyAreKnownBy() {
    Variable a = Variable.leaf(normal(1, 2, 3, 4));
    Variable b = Variable.leaf(normal(2, 2, 4, 5));
    assertSame(a.matmul(b), Variable.einsum("...ij,...jk", a, b), List.of(a, b), "matmul");
    assertSame(a.bmm(b), Variable.einsum("bij,bjk->bik", a, b), List.of(a, b), "bmm");
    assertSame(a.sum(1), Variable.einsum("ijk->ik", a), List.of(a), "sum");
    assertSame(a.transpose(), Variable.einsum("...ij->...ji", a), List.of(a), "transpose");
    int[] last = {2};
    int[] middle = {1};
    Variable all = a.tensordot(b, last, middle);
    assertSame(all, Variable.einsum("aij,bjk->aibk", a, b), List.of(a, b), "tensordot");
    Variable m = Variable.leaf(normal(3, 4, 4));
    Variable identity = Variable.constant(Tensor.eye(4, DType.F64));
    assertSame(m.mul(identity).sum(), Variable.einsum("ii", m), List.of(m), "trace");
  }

  /// The gradient off a diagonal is 0 and not NaN, whatever flows to the diagonal.
  @Test
  void anInfiniteGradientStaysOnTheDiagonal() {
    Variable x = Variable.leaf(Tensor.of(new double[] {0, 1, 1, 4}, Shape.of(2, 2)));
    Gradients gradients = Variable.einsum("ii->i", x).sqrt().sum().backward();
    assertArrayEquals(
        new double[] {Double.POSITIVE_INFINITY, 0, 0, .25}, gradients.get(x).toDoubles());
  }

  @Test
  void operandsOfTwoDtypesArePromotedAndEachGradientHasItsOwn() {
    Variable a = Variable.leaf(normal(1, 2, 3).to(DType.F16));
    Variable b = Variable.leaf(normal(2, 3, 2).to(DType.F32));
    for (Variable y : List.of(Variable.einsum("ij,jk->ik", a, b), a.mm(b), a.tensordot(b, 1))) {
      assertEquals(DType.F32, y.dtype());
      Gradients gradients = y.sum().backward();
      assertEquals(DType.F16, gradients.get(a).dtype());
      assertEquals(DType.F32, gradients.get(b).dtype());
    }
    Variable h = Variable.leaf(normal(3, 3, 2).to(DType.BF16));
    Variable[] halves = {h, h, h};
    Tensor[] values = {h.value(), h.value(), h.value()};
    assertArrayEquals( // rounded once, as of tensors
        Tensor.einsum("ij,kj,kl->il", values).toFloats(),
        Variable.einsum("ij,kj,kl->il", halves).value().toFloats());
  }

  private static void assertRefusedAlike(
      BinaryOperator<Tensor> theirs, BinaryOperator<Variable> ours, int[] left, int[] right) {
    Tensor a = normal(1, left);
    Tensor b = normal(2, right);
    String expected = assertThrows(TensorException.class, () -> theirs.apply(a, b)).getMessage();
    String actual =
        assertThrows(
                TensorException.class, () -> ours.apply(Variable.leaf(a), Variable.constant(b)))
            .getMessage();
    assertEquals(expected, actual);
  }

  private static int[] sizes(int... sizes) {
    return sizes;
  }

  /// Their texts are pinned by the tests of tensors.
  @Test
  void whatTensorsRefuseIsRefusedInTheSameWords() {
    assertRefusedAlike(Tensor::matmul, Variable::matmul, sizes(), sizes(2, 3));
    assertRefusedAlike(Tensor::matmul, Variable::matmul, sizes(3), sizes(2, 3));
    assertRefusedAlike(Tensor::matmul, Variable::matmul, sizes(4, 2, 3), sizes(2, 3));
    assertRefusedAlike(Tensor::matmul, Variable::matmul, sizes(4, 2, 3), sizes(5, 3, 2));
    assertRefusedAlike(Tensor::mm, Variable::mm, sizes(1, 2, 3), sizes(3, 2));
    assertRefusedAlike(Tensor::mm, Variable::mm, sizes(2, 3), sizes(2, 3));
    assertRefusedAlike(Tensor::mv, Variable::mv, sizes(2, 3), sizes(3, 1));
    assertRefusedAlike(Tensor::mv, Variable::mv, sizes(2, 3), sizes(2));
    assertRefusedAlike(Tensor::bmm, Variable::bmm, sizes(1, 2, 3), sizes(2, 3, 2));
    assertRefusedAlike(Tensor::bmm, Variable::bmm, sizes(2, 3), sizes(3, 2));
    assertRefusedAlike(Tensor::dot, Variable::dot, sizes(2), sizes(3));
    assertRefusedAlike(Tensor::dot, Variable::dot, sizes(1, 2), sizes(2));
    assertRefusedAlike(Tensor::outer, Variable::outer, sizes(2), sizes());
    assertRefusedAlike((a, b) -> a.vecdot(b, 0), (a, b) -> a.vecdot(b, 0), sizes(2), sizes(3));
    assertRefusedAlike((a, b) -> a.vecdot(b, 2), (a, b) -> a.vecdot(b, 2), sizes(3), sizes(3));
    assertRefusedAlike((a, b) -> a.cross(b, -1), (a, b) -> a.cross(b, -1), sizes(2), sizes(2));
    assertRefusedAlike(
        (a, b) -> a.tensordot(b, 2), (a, b) -> a.tensordot(b, 2), sizes(2, 3), sizes(3));
    assertRefusedAlike(
        (a, b) -> a.tensordot(b, 1), (a, b) -> a.tensordot(b, 1), sizes(2, 3), sizes(1));
    assertRefusedAlike(
        (a, b) -> a.tensordot(b, sizes(1, -1), sizes(0, 1)),
        (a, b) -> a.tensordot(b, sizes(1, -1), sizes(0, 1)),
        sizes(2, 3),
        sizes(3, 3));
    assertRefusedAlike(
        (a, b) -> a.tensordot(b, sizes(0, 1), sizes(1, 1)),
        (a, b) -> a.tensordot(b, sizes(0, 1), sizes(1, 1)),
        sizes(3, 3),
        sizes(3, 3));
    assertRefusedAlike(
        (a, b) -> a.tensordot(b, sizes(1), sizes(0, 1)),
        (a, b) -> a.tensordot(b, sizes(1), sizes(0, 1)),
        sizes(2, 3),
        sizes(3, 3));
    assertRefusedAlike(
        (a, b) -> Tensor.einsum("ij,jk->ik", a, b),
        (a, b) -> Variable.einsum("ij,jk->ik", a, b),
        sizes(2, 3),
        sizes(4, 2));
  }

  @Test
  void sumsOverNothingAreZeroAndSoAreTheirGradients() {
    Variable a = Variable.leaf(normal(1, 2, 0));
    Variable b = Variable.leaf(normal(2, 0, 3));
    for (Variable y : List.of(a.mm(b), Variable.einsum("ij,jk", a, b), a.tensordot(b, 1))) {
      assertArrayEquals(new double[6], y.value().toDoubles());
      assertEquals(a.shape(), y.square().sum().backward().get(a).shape());
    }
    Variable x = Variable.leaf(normal(3, 2, 3));
    Variable none = Variable.leaf(normal(4, 0));
    assertArrayEquals(
        new double[6], Variable.einsum("ij,k->ij", x, none).sum().backward().get(x).toDoubles());
  }
}
