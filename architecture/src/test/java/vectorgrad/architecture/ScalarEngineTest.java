package vectorgrad.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Tensor;

/// The engine on single numbers that the tour shows, against the real one, on programs drawn at
/// random in which every result may be used several times.
class ScalarEngineTest {
  private static final int INPUTS = 3;
  private static final int STEPS = 20;
  private static final int ELEMENTS = 4;

  /// Runs a program on the tour's engine: steps of (operation, operand, operand). What comes back
  /// are the gradients of the inputs, and the value.
  private static final String WALK =
      """
      static double[] walk(int[] steps, double[] inputs) {
        var pool = new ArrayList<Variable>();
        for (double input : inputs) {
          pool.add(Variable.leaf(input));
        }
        for (int k = 0; k < steps.length; k += 3) {
          var a = pool.get(steps[k + 1]);
          var b = pool.get(steps[k + 2]);
          pool.add(switch (steps[k]) {
            case 0 -> a.add(b);
            case 1 -> a.sub(b);
            case 2 -> a.mul(b).tanh();
            default -> a.tanh();
          });
        }
        var gradients = pool.getLast().backward();
        var result = Arrays.copyOf(inputs, inputs.length + 1);
        for (int i = 0; i < inputs.length; i++) {
          result[i] = gradients.get(pool.get(i));
        }
        result[inputs.length] = pool.getLast().value;
        return result;
      }
      """;

  /// The same program on the real one.
  private static Variable real(int[] steps, List<Variable> inputs) {
    var pool = new ArrayList<>(inputs);
    for (int k = 0; k < steps.length; k += 3) {
      Variable a = pool.get(steps[k + 1]);
      Variable b = pool.get(steps[k + 2]);
      pool.add(
          switch (steps[k]) {
            case 0 -> a.add(b);
            case 1 -> a.sub(b);
            case 2 -> a.mul(b).tanh();
            default -> a.tanh();
          });
    }
    return pool.getLast();
  }

  private static int[] program(Random random) {
    int[] steps = new int[3 * STEPS];
    for (int step = 0; step < STEPS; step++) {
      steps[3 * step] = random.nextInt(4);
      // late results are used more often, so that programs are deep
      int known = INPUTS + step;
      steps[3 * step + 1] = known - 1 - random.nextInt(Math.min(known, 4));
      steps[3 * step + 2] = random.nextInt(known);
    }
    return steps;
  }

  @Test
  void theToursEngineAndTheRealOneAgreeOnRandomPrograms(@TempDir Path out) throws Exception {
    String page = Files.readString(House.root().resolve("docs/tour/gradients.md"));
    int begin = page.indexOf("```java\n") + "```java\n".length();
    String engine = page.substring(begin, page.indexOf("```", begin));
    assertTrue(engine.lines().count() <= 150, "a beginner reads it in one go");
    PagesTest.compile(engine + WALK, out);
    try (var loader = new URLClassLoader(new URL[] {out.toUri().toURL()})) {
      Method walk = loader.loadClass("Page").getDeclaredMethod("walk", int[].class, double[].class);
      walk.setAccessible(true);
      for (int seed = 0; seed < 100; seed++) {
        compare(walk, new Random(seed));
      }
    }
  }

  private static void compare(Method walk, Random random) throws Exception {
    int[] steps = program(random);
    double[][] numbers = new double[INPUTS][ELEMENTS];
    List<Variable> leaves = new ArrayList<>();
    for (double[] number : numbers) {
      for (int e = 0; e < ELEMENTS; e++) {
        number[e] = random.nextGaussian();
      }
      leaves.add(Variable.leaf(Tensor.of(number)));
    }
    Variable y = real(steps, leaves);
    Gradients gradients = y.requiresGrad() ? y.sum().backward() : null;
    for (int e = 0; e < ELEMENTS; e++) {
      double[] one = new double[INPUTS];
      for (int i = 0; i < INPUTS; i++) {
        one[i] = numbers[i][e];
      }
      double[] expected = (double[]) walk.invoke(null, steps, one);
      expectNear(expected[INPUTS], y.value().toDoubles()[e]);
      for (int i = 0; i < INPUTS; i++) {
        boolean reached = gradients.has(leaves.get(i));
        expectNear(expected[i], reached ? gradients.get(leaves.get(i)).toDoubles()[e] : 0);
      }
    }
  }

  /// Both add contributions up in an order of their own, and `Math.tanh` may differ from the
  /// kernel's in the last place; twenty steps of slopes up to 2 make that a little more.
  private static void expectNear(double expected, double found) {
    assertEquals(expected, found, 1e-10 * Math.max(1, Math.abs(expected)));
  }
}
