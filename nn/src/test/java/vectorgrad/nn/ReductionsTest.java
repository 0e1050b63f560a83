package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.nn.Loss.Reduction.BATCH_MEAN;
import static vectorgrad.nn.Loss.Reduction.MEAN;
import static vectorgrad.nn.Loss.Reduction.NONE;
import static vectorgrad.nn.Loss.Reduction.SUM;

import java.lang.reflect.Method;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Every loss of a prediction and a target, found by reflection, under every reduction: the sum is
/// that of the losses, and both means are its quotients.
class ReductionsTest {
  private static final int N = 4;
  private static final int C = 3;
  private static final Set<String> OF_LABELS = Set.of("CrossEntropy", "NLL", "MultiMargin");

  private static Tensor draw(int seed) {
    return Tensor.normal(Seed.of(seed), 0, Shape.of(N, C), DType.F64);
  }

  /// A target that every loss takes: labels, or numbers that are counts, signs and probabilities.
  private static Tensor target(String loss) {
    return OF_LABELS.contains(loss)
        ? Tensor.of(0, 2, 1, 1)
        : Tensor.ones(Shape.of(N, C), DType.F64);
  }

  private static Tensor reduced(Class<?> type, Loss.Reduction reduction) throws Exception {
    Object usual = type.getConstructor().newInstance();
    Method copy = type.getMethod("reduction", Loss.Reduction.class);
    Loss loss = (Loss) copy.invoke(usual, reduction);
    Variable probabilities = Variable.leaf(draw(1)).sigmoid();
    return loss.of(probabilities, target(type.getSimpleName())).value();
  }

  @TestFactory
  Stream<DynamicTest> sumsAndMeansAreThoseOfTheLosses() throws Exception {
    var losses = LossGoldensTest.losses().stream().filter(Loss.class::isAssignableFrom).toList();
    assertTrue(losses.size() >= 14, () -> "found only " + losses);
    return losses.stream()
        .map(type ->
            DynamicTest.dynamicTest(
                type.getSimpleName(),
                () -> {
                  Tensor each = reduced(type, NONE);
                  assertEquals(N, each.size(0));
                  double sum = each.sum().item();
                  assertTrue(sum != 0 && Double.isFinite(sum), "of " + sum);
                  // a dozen numbers near 1, added in another order
                  assertEquals(sum, reduced(type, SUM).item(), 1e-13);
                  assertEquals(sum / each.size(), reduced(type, MEAN).item(), 1e-13);
                  assertEquals(sum / N, reduced(type, BATCH_MEAN).item(), 1e-13);
                }));
  }
}
