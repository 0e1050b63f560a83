package vectorgrad.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Small programs drawn at random, with sharing, broadcasting and reshaping, against differences.
class RandomProgramsTest {
  private static final Shape SQUARE = Shape.of(3, 3);
  private static final Tensor INDEX = Tensor.of(2, 0, 2);
  private static final Tensor PLACES = Tensor.of(new int[] {2, 0, 1, 1, 0, 2}, Shape.of(3, 2));

  @Property(tries = 60)
  void gradientsOfRandomProgramsAgreeWithDifferences(@ForAll long seed) {
    GradCheck.of(
            xs -> program(new Random(seed), xs),
            Seed.of(seed),
            2,
            Tensor.normal(Seed.of(seed), 0, SQUARE, DType.F64).mul(.5),
            Tensor.normal(Seed.of(seed), 100, Shape.of(3), DType.F64).mul(.5),
            Tensor.normal(Seed.of(seed), 200, Shape.of(3, 1), DType.F64).mul(.5))
        .orThrow();
  }

  /// Eight operations on inputs and earlier results; smooth everywhere and never large.
  private static Variable program(Random random, List<Variable> inputs) {
    var pool = new ArrayList<>(inputs);
    for (int step = 0; step < 8; step++) {
      Variable a = pool.get(random.nextInt(pool.size()));
      Variable b = pool.get(random.nextInt(pool.size()));
      pool.add(random.nextBoolean() ? elementwise(random, a, b) : structural(random, a, b));
    }
    return pool.get(pool.size() - 1);
  }

  private static Variable elementwise(Random random, Variable a, Variable b) {
    return switch (random.nextInt(7)) {
      case 0 -> a.add(b).tanh();
      case 1 -> a.mul(b).tanh();
      case 2 -> a.sub(b).sin();
      case 3 -> a.div(b.square().add(1)).tanh();
      case 4 -> a.square().add(1).log();
      case 5 -> a.cos().mul(b.sigmoid());
      default -> a.square().add(b.square()).add(1).sqrt().sin();
    };
  }

  private static Variable structural(Random random, Variable a, Variable b) {
    Variable x = a.expand(SQUARE);
    Variable y = b.expand(SQUARE);
    return switch (random.nextInt(11)) {
      case 0 -> x.matmul(y).tanh();
      case 1 -> x.transpose().softmax(-1);
      case 2 -> x.logSoftmax(0).mul(.3);
      case 3 -> x.reshape(9).flip(0).reshape(3, 3);
      case 4 -> x.sum(true, 0).tanh();
      case 5 -> x.mean(1);
      case 6 -> Variable.concat(0, x, y).slice(0, 0, 6, 2);
      case 7 -> x.slice(1, 1, 3).pad(1, 1, 0);
      case 8 -> x.indexSelect(0, INDEX);
      case 9 -> x.gather(1, PLACES).matmul(y.slice(0, 0, 2)).tanh();
      default ->
          x.reshape(1, 1, 3, 3)
              .conv2d(y.reshape(1, 1, 3, 3), new Conv2dGeometry(1, 1, 1, 1, 1, 1, 1))
              .reshape(3, 3)
              .tanh();
    };
  }
}
