package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.FractionalRegions;
import vectorgrad.tensor.Pool1dGeometry;
import vectorgrad.tensor.Pool3dGeometry;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Where the largest element of a window is not the only one, the gradient is PyTorch's: the first
/// in row-major order takes all.
class PoolingKinksTest {
  private static final float NAN = Float.NaN;
  private static final float LEAST = Float.NEGATIVE_INFINITY;
  private static final Shape CUBE = Shape.of(1, 1, 2, 2, 2);

  /// The gradient of the sum of what `pool` makes of these elements.
  private static float[] slopes(UnaryOperator<Variable> pool, Shape shape, float... elements) {
    Variable x = Variable.leaf(Tensor.of(elements, shape));
    return pool.apply(x).sum().backward().get(x).toFloats();
  }

  private static float[] slopes(Pool1dGeometry window, float... elements) {
    return slopes(x -> x.maxPool1d(window), Shape.of(1, 1, elements.length), elements);
  }

  @Test
  void theFirstOfEqualsTakesAllInSignals() {
    assertArrayEquals(
        new float[] {0, 1, 0, 1, 0, 0}, slopes(Pool1dGeometry.of(3), 1, 2, 2, 5, 5, 5));
  }

  @Test
  void theFirstOfEqualsTakesAllInPictures() {
    // 1 3 | 4 4
    // 3 3 | 4 4
    assertArrayEquals(
        new float[] {0, 1, 1, 0, 0, 0, 0, 0},
        slopes(
            x -> x.maxPool2d(PoolGeometry.square(2)),
            Shape.of(1, 1, 2, 4),
            new float[] {1, 3, 4, 4, 3, 3, 4, 4}));
  }

  @Test
  void theFirstOfEqualsTakesAllInVolumes() {
    UnaryOperator<Variable> pool = x -> x.maxPool3d(Pool3dGeometry.cube(2));
    assertArrayEquals(
        new float[] {0, 0, 1, 0, 0, 0, 0, 0}, slopes(pool, CUBE, 1, 1, 7, 7, 7, 1, 7, 7));
  }

  @Test
  void theFirstOfEqualsTakesAllInRegions() {
    Shape signal = Shape.of(1, 1, 5); // its regions are 1 3 3 and 3 3 2
    assertArrayEquals(
        new float[] {0, 1, 1, 0, 0}, slopes(x -> x.adaptiveMaxPool1d(2), signal, 1, 3, 3, 3, 2));
    UnaryOperator<Variable> all = x -> x.adaptiveMaxPool3d(1, 1, 1);
    UnaryOperator<Variable> fractional =
        x -> x.fractionalMaxPool3d(1, 1, 1, FractionalRegions.RANDOM_DISJOINT, Seed.of(1));
    float[] third = {0, 0, 1, 0, 0, 0, 0, 0};
    assertArrayEquals(third, slopes(all, CUBE, 1, 1, 7, 7, 7, 1, 7, 7));
    assertArrayEquals(third, slopes(fractional, CUBE, 1, 1, 7, 7, 7, 1, 7, 7));
  }

  @Test
  void anElementThatSeveralWindowsChoseGetsTheSum() {
    // windows 1 4 2, 4 2 4 and 2 4 1
    assertArrayEquals(
        new float[] {0, 2, 0, 1, 0}, slopes(Pool1dGeometry.of(3).stride(1), 1, 4, 2, 4, 1));
  }

  @Test
  void aNaNTakesTheGradientOfItsWindow() {
    assertArrayEquals(new float[] {0, 1, 0, 0}, slopes(Pool1dGeometry.of(4), 1, NAN, 2, NAN));
  }

  @Test
  void paddingNeverTakesAGradient() {
    // windows − −∞ and −∞ −
    assertArrayEquals(new float[] {1, 1}, slopes(Pool1dGeometry.of(2).padding(1), LEAST, LEAST));
  }

  @Test
  void ofValuesForTheSamePlaceOnlyTheOneThatStaysHasAGradient() {
    Tensor places = Tensor.of(new int[] {2, 0, 2, 0}, Shape.of(1, 1, 4));
    assertArrayEquals(
        new float[] {0, 0, 1, 1},
        slopes(x -> x.maxUnpool(places, Shape.of(1, 1, 3)), Shape.of(1, 1, 4), 5, 6, 7, 8));
  }

  @Test
  void aMeanSharesEvenlyAmongWhatCounts() {
    var window = Pool1dGeometry.of(2).padding(1);
    Shape two = Shape.of(1, 1, 2); // windows 0 1 and 2 0
    assertArrayEquals(new float[] {.5f, .5f}, slopes(x -> x.avgPool1d(window), two, 1, 2));
    assertArrayEquals(new float[] {1, 1}, slopes(x -> x.avgPool1d(window, false), two, 1, 2));
    assertArrayEquals( // the window 3 overhangs: it is the mean of one
        new float[] {.5f, .5f, 1},
        slopes(x -> x.avgPool1d(Pool1dGeometry.of(2).ceilMode(true)), Shape.of(1, 1, 3), 1, 2, 3));
  }
}
