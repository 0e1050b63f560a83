package vectorgrad.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Linalg;
import vectorgrad.tensor.Tensor;

/// Linear algebra on real data, the digits, from pictures to principal components.
class PrincipalComponentsTest {
  /// Of 0 to 16, as they were published.
  private static final Tensor PIXELS =
      Digits.all().images().to(DType.F64).mul(16).reshape(1797, 64);

  private static final Tensor CENTRED = PIXELS.sub(PIXELS.mean(true, 0));

  private static Tensor covariance(Tensor x) {
    return x.transpose().matmul(x).div(x.size(0) - 1);
  }

  /// As NumPy finds them: `np.linalg.svd(x - x.mean(0))[1] ** 2 / 1796`.
  @Test
  void theFirstComponentsExplainAsMuchAsNumPySays() {
    var svd = Linalg.svd(CENTRED);
    double[] variances = svd.s().square().div(1796).toDoubles();
    double[] expected = {
      179.00693009797214, 163.7177468816774, 141.78843909228365, 101.10037520284784
    };
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], variances[i], 1e-9);
    }
    double total = CENTRED.square().sum().div(1796).item();
    assertEquals(1202.1477121607036, total, 1e-9);
    assertEquals(61, Linalg.matrixRank(CENTRED).item()); // three pixels never vary
  }

  @Test
  void eigenvectorsOfTheCovarianceAreTheSingularVectorsOfTheData() {
    Tensor vh = Linalg.svd(CENTRED).vh();
    Tensor vectors = Linalg.eigh(covariance(CENTRED)).vectors();
    for (int i = 0; i < 10; i++) {
      assertArrayEquals(vh.select(0, i).toDoubles(), vectors.select(1, 63 - i).toDoubles(), 1e-9);
    }
  }

  @Test
  void projectedOnComponentsTheDataAreUncorrelated() {
    Tensor vh = Linalg.svd(CENTRED).vh().slice(0, 0, 5);
    Tensor found = covariance(CENTRED.matmul(vh.transpose()));
    Tensor diagonal = found.mul(Linalg.matrixPower(found, 0));
    assertTrue(found.sub(diagonal).abs().max().item() < 1e-9);
  }

  @Test
  void whitenedDataHaveTheIdentityAsCovariance() {
    var eigh = Linalg.eigh(covariance(CENTRED));
    Tensor kept = eigh.vectors().slice(1, 3, 64); // without the pixels that never vary
    Tensor values = eigh.values().slice(0, 3, 64);
    Tensor white = CENTRED.matmul(kept.div(values.sqrt()));
    Tensor found = covariance(white);
    assertTrue(found.sub(Linalg.matrixPower(found, 0)).abs().max().item() < 1e-9);
  }
}
