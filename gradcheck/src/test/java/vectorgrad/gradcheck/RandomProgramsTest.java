package vectorgrad.gradcheck;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Programs put together at random from every function there is, with sharing and reshaping: what
/// is right alone must be right as a part, too. Every function is in one of them.
///
/// A function's inputs stay near the numbers that were drawn for it, where it is smooth, and move a
/// little with an earlier result. Functions that choose among equals are left out, for a step may
/// change what they choose.
class RandomProgramsTest {
  private static final int STEPS = 6;

  /// How far a result moves the inputs of the next function: less than these are away from kinks.
  private static final double REACH = .05;

  @TestFactory
  Stream<DynamicTest> gradientsOfProgramsOfEverythingAgreeWithDifferences() {
    List<Subject> subjects =
        new ArrayList<>(
            Subjects.find("vectorgrad.gradcheck.samples").stream()
                .filter(subject -> subject.layouts().contains(Layouts.EXPANDED))
                .toList());
    Collections.shuffle(subjects, new Random(7));
    return IntStream.range(0, Math.ceilDiv(subjects.size(), STEPS))
        .mapToObj(number -> {
          int from = number * STEPS;
          var steps = subjects.subList(from, Math.min(subjects.size(), from + STEPS));
          String name = String.join(", ", steps.stream().map(Subject::operation).toList());
          return dynamicTest(name, () -> check(steps, number));
        });
  }

  private static void check(List<Subject> steps, int number) {
    Seed seed = Seed.of(number);
    int orders = number % 4 == 0 ? 2 : 1; // second derivatives take ten times as long
    vectorgrad.autograd.GradCheck.of(
            program(steps, number),
            seed,
            orders,
            Tensor.normal(seed, 0, Shape.of(3, 4), DType.F64),
            Tensor.normal(seed, 100, Shape.of(5), DType.F64))
        .orThrow();
  }

  private static Function<List<Variable>, Variable> program(List<Subject> steps, int number) {
    var functions = steps.stream().map(Subject::function).toList();
    return leaves -> {
      Random random = new Random(number); // the same program at every call
      var pool = new ArrayList<>(leaves);
      for (int k = 0; k < steps.size(); k++) {
        List<Variable> inputs = new ArrayList<>();
        for (Tensor drawn : steps.get(k).inputs(Layouts.PLAIN, Seed.of(1))) {
          Variable earlier = pool.get(random.nextInt(pool.size()));
          inputs.add(near(drawn, earlier));
        }
        pool.add(functions.get(k).apply(inputs));
      }
      var results = pool.subList(leaves.size(), pool.size()).stream().map(y -> y.reshape(-1));
      return Variable.concat(0, results.toArray(Variable[]::new));
    };
  }

  /// Numbers near those that were `drawn`, moved by an `earlier` result, whose elements are used
  /// again and again if there are too few of them.
  private static Variable near(Tensor drawn, Variable earlier) {
    if (earlier.size() == 0) {
      return Variable.constant(drawn);
    }
    int[] places = IntStream.range(0, drawn.size()).map(i -> i % earlier.size()).toArray();
    Variable moves = earlier.take(Tensor.of(places, drawn.shape())).tanh().mul(REACH);
    return moves.add(Variable.constant(drawn));
  }
}
