package vectorgrad.tensor.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.numerics.UnaryFunction;

/// Programs that no one would write, of every function there is. A seed is the whole recipe.
final class RandomPrograms {
  private static final double[] CONSTANTS = {
    0, -0.0, 1, -1, 0.5, 2, 3, 7, 1e-3, 0.1, 1e30, Double.NaN, Double.POSITIVE_INFINITY
  };

  /// Those that are defined for all numbers: EXPONENT and its like read the bits of a NaN, whose
  /// sign is nobody's to say.
  private static final List<UnaryFunction> UNARY =
      Stream.of(UnaryFunction.values())
          .filter(f ->
              f != UnaryFunction.NOT
                  && f != UnaryFunction.EXPONENT
                  && f != UnaryFunction.SIGNIFICAND
                  && f != UnaryFunction.POWER_OF_TWO)
          .toList();

  private static final List<UnaryFunction> WHOLE_UNARY =
      List.of(
          UnaryFunction.NEGATE,
          UnaryFunction.ABS,
          UnaryFunction.SIGN,
          UnaryFunction.FLOOR,
          UnaryFunction.RINT);

  private final Random random;
  private final boolean whole;
  private final List<Formula> numbers = new ArrayList<>();
  private final List<Formula> truths = new ArrayList<>();

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
    for (int i = 0; i < inputs; i++) {
      numbers.add(Formula.input(i));
    }
    numbers.add(
        Formula.constant(
            whole ? random.nextInt(9) - 4 : CONSTANTS[random.nextInt(CONSTANTS.length)]));
    truths.add(number().lessThan(number()));
    for (int i = 0; i < steps; i++) {
      step();
    }
    Formula[] results = new Formula[outputs];
    for (int o = 0; o < outputs; o++) {
      results[o] = o == 0 ? numbers.getLast() : random.nextInt(4) == 0 ? truth() : number();
    }
    return Program.of(results);
  }

  private void step() {
    List<UnaryFunction> functions = whole ? WHOLE_UNARY : UNARY;
    switch (random.nextInt(16)) {
      case 0, 1, 2, 3 ->
          numbers.add(new Formula.Unary(functions.get(random.nextInt(functions.size())), number()));
      case 4 -> numbers.add(number().fma(number(), number()));
      case 5, 6 -> numbers.add(truth().then(number(), number()));
      case 7 -> numbers.add(number().plus(number()));
      case 8 -> numbers.add(number().minus(number()));
      case 9 -> numbers.add(number().times(number()));
      case 10 -> numbers.add(whole ? number().fmod(number()) : number().over(number()));
      case 11 -> numbers.add(number().min(number()));
      case 12 -> numbers.add(number().max(number()));
      case 13 -> truths.add(random.nextBoolean() ? truth().not() : number().lessOrEqual(number()));
      case 14 ->
          truths.add(random.nextBoolean() ? truth().or(truth()) : number().equalTo(number()));
      default ->
          truths.add(random.nextBoolean() ? truth().and(truth()) : number().lessThan(number()));
    }
  }

  private Formula number() {
    return any(numbers);
  }

  private Formula truth() {
    return any(truths);
  }

  /// Recent results more often than old ones, so that programs grow deep as well as wide.
  private Formula any(List<Formula> pool) {
    int back = random.nextInt(random.nextBoolean() ? Math.min(4, pool.size()) : pool.size());
    return pool.get(pool.size() - 1 - back);
  }
}
