package vectorgrad.tensor.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import vectorgrad.numerics.BinaryFunction;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.numerics.UnaryFunction;

/// Programs that no one would write, of every function there is. A seed is the whole recipe.
final class RandomPrograms {
  private static final double[] CONSTANTS = {
    0, -0.0, 1, -1, 0.5, 2, 3, 7, 1e-3, 0.1, 1e30, Double.NaN, Double.POSITIVE_INFINITY
  };
  private static final List<UnaryFunction> UNARY = List.of(UnaryFunction.values());
  private static final List<BinaryFunction> BINARY = List.of(BinaryFunction.values());
  private static final List<UnaryFunction> WHOLE_UNARY =
      List.of(UnaryFunction.NEGATE, UnaryFunction.ABS, UnaryFunction.SIGN, UnaryFunction.NOT);

  private final Random random;
  private final boolean whole;

  private RandomPrograms(Random random, boolean whole) {
    this.random = random;
    this.whole = whole;
  }

  /// A program of `outputs` formulas over up to `inputs` inputs, some `steps` operations long.
  static Program of(Random random, int inputs, int outputs, int steps) {
    return new RandomPrograms(random, false).program(inputs, outputs, steps);
  }

  /// A program that stays among the whole numbers if its inputs are.
  static Program whole(Random random, int inputs, int outputs, int steps) {
    return new RandomPrograms(random, true).program(inputs, outputs, steps);
  }

  private Program program(int inputs, int outputs, int steps) {
    List<Formula> pool = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      pool.add(Formula.input(i));
    }
    pool.add(Formula.constant(CONSTANTS[random.nextInt(whole ? 8 : CONSTANTS.length)]));
    if (whole) {
      pool.set(pool.size() - 1, Formula.constant(random.nextInt(9) - 4));
    }
    for (int i = 0; i < steps; i++) {
      pool.add(step(pool));
    }
    Formula[] results = new Formula[outputs];
    for (int o = 0; o < outputs; o++) {
      results[o] = o == 0 ? pool.getLast() : any(pool);
    }
    return Program.of(results);
  }

  private Formula step(List<Formula> pool) {
    return switch (random.nextInt(8)) {
      case 0, 1 -> {
        List<UnaryFunction> functions = whole ? WHOLE_UNARY : UNARY;
        yield unary(functions.get(random.nextInt(functions.size())), any(pool));
      }
      case 2 -> number(pool).fma(number(pool), number(pool));
      case 3 -> {
        Formula condition = number(pool).lessThan(number(pool));
        yield condition.then(number(pool), number(pool));
      }
      default -> {
        BinaryFunction function = BINARY.get(random.nextInt(BINARY.size()));
        boolean leaves = whole && function == BinaryFunction.DIVIDE;
        boolean truths = function == BinaryFunction.AND || function == BinaryFunction.OR;
        Formula a = truths ? truth(any(pool)) : number(pool);
        Formula b = truths ? truth(any(pool)) : number(pool);
        yield new Formula.Binary(leaves ? BinaryFunction.ADD : function, a, b);
      }
    };
  }

  /// A function of one variable, with its argument made a truth value or a number as it needs.
  static Formula unary(UnaryFunction function, Formula x) {
    return new Formula.Unary(function, function == UnaryFunction.NOT ? truth(x) : number(x));
  }

  private Formula number(List<Formula> pool) {
    return number(any(pool));
  }

  private static Formula number(Formula f) {
    return f.isTruth() ? f.then(Formula.ONE, Formula.ZERO) : f;
  }

  private static Formula truth(Formula f) {
    return f.isTruth() ? f : f.lessThan(Formula.ONE);
  }

  /// Recent results more often than old ones, so that programs grow deep as well as wide.
  private Formula any(List<Formula> pool) {
    int back = random.nextInt(random.nextBoolean() ? Math.min(4, pool.size()) : pool.size());
    return pool.get(pool.size() - 1 - back);
  }
}
