package vectorgrad.tensor.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/// No finite matrix is known not to converge, so the limits are lowered here.
class ConvergenceTest {
  private static final Matrix A = new Matrix(2, 2, new double[][] {{2, 1}, {1, 3}});

  @Test
  void rotationsThatDoNotMakeTheRowsOrthogonalAreAnError() {
    var error = assertThrows(ArithmeticException.class, () -> JacobiSvd.of(A, 1));
    assertEquals("rows were not orthogonal after 1 sweeps", error.getMessage());
  }

  @Test
  void aTridiagonalMatrixThatDoesNotFallApartIsAnError() {
    var error = assertThrows(ArithmeticException.class, () -> SymmetricEigen.of(A, 0));
    assertEquals("value 1 did not settle in 0 sweeps", error.getMessage());
  }
}
