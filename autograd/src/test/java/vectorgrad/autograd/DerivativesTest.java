package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

class DerivativesTest {
  private static final double ROUNDED = 1e-12;

  private static Tensor normal(long seed, int... sizes) {
    return Tensor.normal(Seed.of(seed), 0, Shape.of(sizes), DType.F64);
  }

  @Test
  void weightsOfAnotherDtypeAreConverted() {
    var along = Derivatives.vjp(x -> x.mul(x), Tensor.of(1f, 2, 3), Tensor.of(1.0, 10.0, 100.0));
    assertEquals(Tensor.of(2f, 40, 600).toString(), along.derivative().toString());
  }

  @Test
  void theHessianOfACubeIsDiagonal() {
    Tensor hessian = Derivatives.hessian(v -> v.pow(3).sum(), Tensor.of(1.0, 2.0));
    assertEquals(Shape.of(2, 2), hessian.shape());
    assertArrayEquals(new double[] {6, 0, 0, 12}, hessian.toDoubles());
  }

  @Test
  void theHessianOfAQuadraticFormIsItsMatrixTwice() {
    Tensor a = normal(1, 4, 4);
    Tensor symmetric = a.add(a.transpose());
    UnaryOperator<Variable> form = x -> x.matmul(Variable.constant(symmetric)).mul(x).sum();
    Tensor hessian = Derivatives.hessian(form, normal(2, 1, 4));
    assertEquals(Shape.of(1, 4, 1, 4), hessian.shape());
    assertArrayEquals(symmetric.mul(2).toDoubles(), hessian.toDoubles(), ROUNDED);
  }

  @Test
  void theJacobianOfALinearMapIsItsMatrix() {
    Tensor wide = normal(3, 2, 7);
    Tensor tall = normal(4, 7, 2);
    for (Tensor a : List.of(wide, tall)) {
      Tensor jacobian =
          Derivatives.jacobian(x -> Variable.constant(a).matmul(x), normal(5, a.size(1), 1));
      assertEquals(Shape.of(a.size(0), 1, a.size(1), 1), jacobian.shape());
      assertArrayEquals(a.toDoubles(), jacobian.toDoubles(), ROUNDED);
    }
  }

  @Property(tries = 30)
  void productsFromBothSidesAreProductsWithTheJacobian(@ForAll long seed) {
    UnaryOperator<Variable> f =
        x -> x.matmul(Variable.constant(normal(seed + 1, 3, 2))).tanh().mul(x.sum()).exp();
    Tensor x = normal(seed + 2, 4, 3).mul(.3);
    Tensor jacobian = Derivatives.jacobian(f, x).reshape(8, 12);
    Tensor v = normal(seed + 3, 4, 2);
    Tensor u = normal(seed + 4, 4, 3);
    double size = 1 + jacobian.abs().max().item();
    assertArrayEquals(
        v.reshape(1, 8).matmul(jacobian).toDoubles(),
        Derivatives.vjp(f, x, v).derivative().toDoubles(),
        ROUNDED * size * 8);
    assertArrayEquals(
        jacobian.matmul(u.reshape(12, 1)).toDoubles(),
        Derivatives.jvp(f, x, u).derivative().toDoubles(),
        ROUNDED * size * 12);
  }

  @Property(tries = 30)
  void theHessianTimesAVectorNeedsNoHessian(@ForAll long seed) {
    UnaryOperator<Variable> f =
        x -> x.matmul(Variable.constant(normal(seed + 1, 3, 2))).sin().square().sum();
    Tensor x = normal(seed + 2, 2, 3);
    Tensor v = normal(seed + 3, 2, 3);
    Tensor hessian = Derivatives.hessian(f, x).reshape(6, 6);
    double size = 1 + hessian.abs().max().item();
    assertArrayEquals(
        hessian.matmul(v.reshape(6, 1)).toDoubles(),
        Derivatives.hvp(f, x, v).derivative().toDoubles(),
        ROUNDED * size * 6);
    assertArrayEquals(
        hessian.toDoubles(), hessian.transpose().contiguous().toDoubles(), ROUNDED * size);
  }

  @Test
  void functionsOfSeveralInputsHaveADerivativeForEach() {
    Function<List<Variable>, Variable> f = in -> in.get(0).mul(in.get(1)).sum();
    Tensor a = Tensor.of(1.0, 2.0);
    Tensor b = Tensor.of(3.0, 4.0);
    var along = Derivatives.vjp(f, List.of(a, b), Tensor.scalar(10.0));
    assertEquals(11, along.value().item());
    assertArrayEquals(new double[] {30, 40}, along.derivatives().get(0).toDoubles());
    assertArrayEquals(new double[] {10, 20}, along.derivatives().get(1).toDoubles());
    var second = Derivatives.hvp(f, List.of(a, b), List.of(a, b.mul(0)));
    assertArrayEquals(new double[] {0, 0}, second.derivatives().get(0).toDoubles());
    assertArrayEquals(new double[] {1, 2}, second.derivatives().get(1).toDoubles());
  }

  @Test
  void whatDoesNotMatterHasTheDerivativeZero() {
    Function<List<Variable>, Variable> first = in -> in.get(0).square();
    Tensor x = Tensor.of(3.0);
    var along = Derivatives.vjp(first, List.of(x, x), Tensor.of(1.0));
    assertArrayEquals(new double[] {0}, along.derivatives().get(1).toDoubles());
    Tensor none = Derivatives.jacobian(_ -> Variable.constant(Tensor.of(5.0, 6.0)), x);
    assertArrayEquals(new double[] {0, 0}, none.toDoubles());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Tensor x = Tensor.of(1.0, 2.0);
    assertEquals(
        """
        vjp: the weights must be of shape (2)
          found  (3)\
        """,
        assertThrows(
                ShapeException.class,
                () -> Derivatives.vjp(Variable::square, x, Tensor.of(1.0, 2.0, 3.0)))
            .getMessage());
    assertEquals(
        """
        hvp: the function must give a single number, found 2
          shape  (2)
          help   reduce first: mean() or sum(); or ask for the jacobian\
        """,
        assertThrows(GradientException.class, () -> Derivatives.hvp(Variable::square, x, x))
            .getMessage());
    assertEquals(
        """
        jvp: 0 directions for 1 inputs
          rule   one direction for each input\
        """,
        assertThrows(
                GradientException.class,
                () -> Derivatives.jvp(in -> in.getFirst(), List.of(x), List.of()))
            .getMessage());
  }
}
