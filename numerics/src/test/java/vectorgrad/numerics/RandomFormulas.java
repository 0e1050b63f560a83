package vectorgrad.numerics;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Formulas of random parts, which they share.
final class RandomFormulas {
  private RandomFormulas() {}

  /// Smooth everywhere, for derivatives.
  static Formula smooth(Random random, int inputs, int size) {
    List<Formula> numbers = start(inputs);
    for (int i = 0; i < size; i++) {
      Formula a = any(random, numbers);
      Formula b = any(random, numbers);
      numbers.add(
          switch (random.nextInt(18)) {
            case 0 -> a.plus(b);
            case 1 -> a.minus(b);
            case 2 -> a.times(b).tanh();
            case 3 -> a.over(b.square().plus(1));
            case 4 -> a.sin();
            case 5 -> b.cos();
            case 6 -> a.negate().sigmoid();
            case 7 -> a.square().plus(1).sqrt().log();
            case 8 -> a.atan();
            case 9 -> a.erf();
            case 10 -> b.asinh();
            case 11 -> a.tanh().expm1();
            case 12 -> a.square().plus(1).pow(b.tanh());
            case 13 -> a.hypot(b.cos().plus(2));
            case 14 -> a.atan2(b.square().plus(1));
            case 15 -> a.square().log1p();
            case 16 -> b.sin().exp2();
            default -> a.fma(b.tanh(), a.sigmoid());
          });
    }
    return numbers.get(numbers.size() - 1);
  }

  private static final double[] CONSTANTS = {
    0, -0.0, 1, -1, 2, 0.5, -4, 3, 0.1, 1e30, 0x1p-126, Double.NaN, Double.POSITIVE_INFINITY
  };

  /// With kinks, choices and bits, and constants that invite to be simplified.
  static Formula any(Random random, int inputs, int size) {
    List<Formula> numbers = start(inputs);
    for (int i = 0; i < 3; i++) {
      numbers.add(Formula.constant(CONSTANTS[random.nextInt(CONSTANTS.length)]));
    }
    List<Formula> truths = new ArrayList<>(List.of(Formula.input(0).lessThan(Formula.ONE)));
    for (int i = 0; i < size; i++) {
      Formula a = any(random, numbers);
      Formula b = any(random, numbers);
      Formula t = any(random, truths);
      switch (random.nextInt(26)) {
        case 0 -> numbers.add(a.plus(b));
        case 1 -> numbers.add(a.minus(b));
        case 2 -> numbers.add(a.times(b));
        case 3 -> numbers.add(a.over(b));
        case 4 -> numbers.add(a.min(b));
        case 5 -> numbers.add(a.max(b));
        case 6 -> numbers.add(a.fma(b, a));
        case 7 -> numbers.add(a.exp());
        case 8 -> numbers.add(a.log());
        case 9 -> numbers.add(a.tanh());
        case 10 -> numbers.add(a.abs().sqrt());
        case 11 -> numbers.add(a.floor().minus(b.rint()));
        case 12 -> numbers.add(a.sign());
        case 13 -> truths.add(a.lessThan(b).or(t));
        case 14 -> truths.add(a.equalTo(b).not());
        case 15 -> truths.add(a.lessOrEqual(b).and(t));
        case 16 -> numbers.add(a.negate());
        case 17 -> numbers.add(a.abs());
        case 18 -> truths.add(t.not());
        case 19 ->
            numbers.add(a.times(Formula.constant(CONSTANTS[random.nextInt(CONSTANTS.length)])));
        case 20 ->
            numbers.add(a.plus(Formula.constant(CONSTANTS[random.nextInt(CONSTANTS.length)])));
        case 21 ->
            numbers.add(a.over(Formula.constant(CONSTANTS[random.nextInt(CONSTANTS.length)])));
        case 22 -> numbers.add(a.pow(b));
        case 23 -> numbers.add(a.fmod(b).atan2(b));
        default -> numbers.add(t.then(a, b));
      }
    }
    return numbers.get(numbers.size() - 1);
  }

  private static List<Formula> start(int inputs) {
    List<Formula> numbers = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      numbers.add(Formula.input(i));
    }
    numbers.add(Formula.constant(0.75));
    return numbers;
  }

  private static Formula any(Random random, List<Formula> from) {
    return from.get(random.nextInt(from.size()));
  }
}
