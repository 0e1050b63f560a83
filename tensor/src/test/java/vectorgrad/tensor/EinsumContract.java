package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.tensor.LayoutTest.assertMessage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// Random equations against one loop over all their indices, classical ones against NumPy.
abstract class EinsumContract {
  /// Sums of up to a thousand products of four numbers of about the size of 1, in f32.
  private static final double ACCUMULATED = 5e-4;

  private static final double EXACT = 1e-10;

  /// Computed in f32, and rounded once to the eight bits of BF16.
  private static final double ONCE = 0x1p-8 + ACCUMULATED;

  abstract Device device();

  /// Equation, shapes of the operands, shape and elements of the result: see
  /// `src/test/golden/einsum.py`.
  private static final List<String> NUMPY =
      List.of(
          "bhqd,bhkd->bhqk | (1, 2, 2, 3); (1, 2, 2, 3) | (1, 2, 2, 2) | [28, 33, -14, -17, 32, 32, 29, 32]",
          "ij,jk,kl->il | (2, 3); (3, 2); (2, 2) | (2, 2) | [-42, 140, 81, -172]",
          "ii->i | (3, 3) | (3,) | [-5, 1, -4]",
          "ii | (3, 3) | () | [-8]",
          "...ij,...jk->...ik | (2, 1, 2, 3); (2, 3, 2) | (2, 2, 2, 2) | [14, -21, -27, 16, -31, 11, 22, 21, -24, 20, -21, 24, 20, 20, 18, 19]",
          "ij->ji | (2, 3) | (3, 2) | [-5, 5, 2, 1, -2, -3]",
          "ij-> | (2, 3) | () | [-2]",
          "ij,ij->i | (2, 3); (2, 3) | (2,) | [28, -17]",
          "i,j->ij | (2,); (3,) | (2, 3) | [20, -15, 5, -8, 6, -2]",
          "bij,bjk->bik | (2, 1, 2); (2, 2, 2) | (2, 1, 2) | [18, -25, 21, 9]",
          "ijk,jil->kl | (2, 3, 2); (3, 2, 2) | (2, 2) | [-11, -27, 26, 7]",
          "ij,j | (2, 3); (3,) | (2,) | [28, -14]",
          "a...,a...->... | (3, 2); (3, 2) | (2,) | [24, -13]",
          "bi,ij,bj->b | (2, 3); (3, 2); (2, 2) | (2,) | [-126, -64]",
          "ab,cd | (1, 2); (2, 1) | (1, 2, 2, 1) | [20, -15, -8, 6]",
          "ba | (2, 3) | (3, 2) | [-5, 5, 2, 1, -2, -3]",
          "iij,jkk->ik | (2, 2, 3); (3, 2, 2) | (2, 2) | [30, 35, 1, 4]",
          "ij,kj->k...i | (2, 3); (1, 3) | (1, 2) | [28, -14]",
          "i...,... | (2, 2); () | (2, 2) | [20, 8, -8, -20]");

  @Test
  @Checks("einsum")
  void classicalEquationsGiveNumPysNumbers() {
    for (String row : NUMPY) {
      String[] cells = row.split(" \\| ");
      String[] shapes = cells[1].split("; ");
      Tensor[] operands = new Tensor[shapes.length];
      for (int n = 0; n < shapes.length; n++) {
        Shape shape = Shape.of(numbers(shapes[n]));
        double[] values = new double[shape.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = (7 * i + n) % 11 - 5;
        }
        operands[n] = Tensor.of(values, shape).to(device());
      }
      Tensor result = Tensor.einsum(cells[0], operands);
      assertEquals(Shape.of(numbers(cells[2])), result.shape(), row);
      double[] expected = Arrays.stream(numbers(cells[3])).asDoubleStream().toArray();
      assertArrayEquals(expected, result.toDoubles(), row);
    }
  }

  private static int[] numbers(String text) {
    return Pattern.compile("-?\\d+")
        .matcher(text)
        .results()
        .mapToInt(m -> Integer.parseInt(m.group()))
        .toArray();
  }

  /// A random equation over the labels `a` … `e`, with shapes that fit it.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Random5(String[] terms, String output, int[] sizes) {
    static Random5 of(Random r, int operands, int repeats) {
      int[] sizes = r.ints(5, 1, 5).toArray();
      if (r.nextInt(12) == 0) {
        sizes[r.nextInt(5)] = 0;
      }
      String[] terms = new String[operands];
      var all = new StringBuilder();
      for (int i = 0; i < operands; i++) {
        var term = new StringBuilder();
        for (int n = r.nextInt(4) + (operands == 1 ? 1 : 0); n > 0; n--) {
          char label = (char) ('a' + r.nextInt(5));
          if (term.indexOf("" + label) < 0 || r.nextInt(4) < repeats) {
            term.append(label);
          }
        }
        terms[i] = term.toString();
        all.append(term);
      }
      var output = new StringBuilder();
      all.chars()
          .distinct()
          .filter(c -> r.nextBoolean())
          .forEach(c -> output.insert(r.nextInt(output.length() + 1), (char) c));
      return new Random5(terms, output.toString(), sizes);
    }

    String equation() {
      return String.join(",", terms) + "->" + output;
    }

    Shape shape(String term) {
      return Shape.of(term.chars().map(c -> sizes[c - 'a']).toArray());
    }

    Shape[] shapes() {
      return Arrays.stream(terms).map(this::shape).toArray(Shape[]::new);
    }

    /// One loop over all indices that occur, one multiplication after the other.
    Model loop(Tensor[] operands) {
      Model[] models = Arrays.stream(operands).map(Model::of).toArray(Model[]::new);
      String labels = String.join("", terms);
      Shape space =
          Shape.of(
              java.util.stream.IntStream.range(0, 5)
                  .map(i -> labels.indexOf('a' + i) < 0 ? 1 : sizes[i])
                  .toArray());
      Shape result = shape(output);
      double[] totals = new double[result.size()];
      int[] index = new int[5];
      for (int i = 0; i < space.size(); i++, Model.next(index, space)) {
        double product = 1;
        for (int k = 0; k < models.length; k++) {
          int[] own = terms[k].chars().map(c -> index[c - 'a']).toArray();
          for (int axis = 0; axis < own.length; axis++) {
            own[axis] = models[k].shape().get(axis) == 1 ? 0 : own[axis];
          }
          product *= models[k].get(own);
        }
        totals[number(index, result)] += product;
      }
      return new Model(
          result,
          at -> {
            int number = 0;
            for (int axis = 0; axis < at.length; axis++) {
              number = number * result.get(axis) + at[axis];
            }
            return totals[number];
          });
    }

    private int number(int[] index, Shape result) {
      int number = 0;
      for (int axis = 0; axis < output.length(); axis++) {
        number = number * result.get(axis) + index[output.charAt(axis) - 'a'];
      }
      return number;
    }
  }

  @Property(tries = 100)
  @Checks("einsum")
  void randomEquationsAreTheirLoops(@ForAll long seed) {
    for (DType dtype : new DType[] {DType.F32, DType.F64, DType.I32, DType.I64, DType.BF16}) {
      var nasty = new Nasty(seed, device());
      var random = Random5.of(nasty.random(), 1 + nasty.random().nextInt(4), 1);
      Tensor[] operands = new Tensor[random.terms.length];
      for (int i = 0; i < operands.length; i++) {
        Shape shape = random.shape(random.terms[i]);
        boolean repeats = random.terms[i].chars().distinct().count() < random.terms[i].length();
        if (shape.rank() > 0 && !repeats && nasty.random().nextInt(5) == 0) {
          int axis = nasty.random().nextInt(shape.rank());
          boolean elsewhere = hasElsewhere(random.terms, i, random.terms[i].charAt(axis));
          shape = elsewhere ? shape.with(axis, 1) : shape; // an axis that broadcasts
        }
        operands[i] = nasty.tensor(shape, dtype);
      }
      if (!measured(random, operands)) {
        continue;
      }
      Tensor result = Tensor.einsum(random.equation(), operands);
      double tolerance = dtype == DType.BF16 ? ONCE : dtype == DType.F32 ? ACCUMULATED : EXACT;
      assertEquals(dtype, result.dtype());
      random.loop(operands).assertMatches(result, tolerance);
    }
  }

  private static boolean hasElsewhere(String[] terms, int operand, char label) {
    for (int i = 0; i < terms.length; i++) {
      if (i != operand && terms[i].indexOf(label) >= 0) {
        return true;
      }
    }
    return false;
  }

  /// Whether every label still has its size in some operand.
  private static boolean measured(Random5 random, Tensor[] operands) {
    int[] found = new int[5];
    Arrays.fill(found, 1);
    for (int i = 0; i < operands.length; i++) {
      for (int axis = 0; axis < operands[i].rank(); axis++) {
        int label = random.terms[i].charAt(axis) - 'a';
        found[label] = operands[i].size(axis) == 1 ? found[label] : operands[i].size(axis);
      }
    }
    String labels = String.join("", random.terms);
    for (int i = 0; i < 5; i++) {
      if (labels.indexOf('a' + i) >= 0 && found[i] != random.sizes[i]) {
        return false;
      }
    }
    return true;
  }

  /// A path is a program: its steps, carried out one by one, give the result.
  @Property(tries = 100)
  @Checks("einsumPath")
  void theStepsOfAPathLeadToTheResult(@ForAll long seed) {
    var r = new Random(seed);
    var random = Random5.of(r, 2 + r.nextInt(3), 0);
    List<Tensor> values = new ArrayList<>();
    for (Shape shape : random.shapes()) {
      values.add(Tensor.normal(Seed.of(seed), 100L * values.size(), shape, DType.F64).to(device()));
    }
    Tensor[] operands = values.toArray(Tensor[]::new);
    EinsumPath path = Tensor.einsumPath(random.equation(), random.shapes());
    for (EinsumPath.Step step : path.steps()) {
      Tensor[] inputs = step.inputs().stream().map(values::get).toArray(Tensor[]::new);
      values.add(Tensor.einsum(step.equation(), inputs));
    }
    String last = path.steps().getLast().equation();
    String result =
        last.substring(last.indexOf('>') + 1) + path.equation().replaceFirst(".*-", "-");
    assertArrayEquals(
        Tensor.einsum(path.equation(), operands).toDoubles(),
        Tensor.einsum(result, values.getLast()).toDoubles(),
        1e-12,
        random::equation);
  }

  @Test
  @Checks("einsum")
  void whatIsPrintedIsReadAgain() {
    Tensor x = Tensor.arange(12, DType.F64).reshape(2, 3, 2);
    String equation = Tensor.einsumPath("...ij->...ji", x.shape()).equation();
    assertEquals("ωij->ωji", equation);
    assertArrayEquals(x.transpose().toDoubles(), Tensor.einsum(equation, x).toDoubles());
  }

  @Property(tries = 100)
  @Checks("einsumPath")
  void noOrderIsCheaperThanThePath(@ForAll long seed) {
    var r = new Random(seed);
    var random = Random5.of(r, 2 + r.nextInt(3), 0);
    EinsumPath path = Tensor.einsumPath(random.equation(), random.shapes());
    List<String> terms = new ArrayList<>();
    double alone = 0;
    for (int i = 0; i < random.terms.length; i++) {
      String kept = kept(random.terms[i], random.output, others(List.of(random.terms), i, i));
      alone += kept.equals(random.terms[i]) ? 0 : random.shape(random.terms[i]).size();
      terms.add(kept);
    }
    assertEquals(alone + cheapest(random, terms), path.flops(), random::equation);
    assertEquals(random.shape(random.output).size(), path.steps().getLast().shape().size());
  }

  /// All orders, by trying every pair first.
  private static double cheapest(Random5 random, List<String> terms) {
    if (terms.size() == 1) {
      return 0;
    }
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < terms.size(); i++) {
      for (int j = i + 1; j < terms.size(); j++) {
        String union = distinct(terms.get(i) + terms.get(j));
        String kept = kept(union, random.output, others(terms, i, j));
        double flops = random.shape(union).size() * (kept.equals(union) ? 1. : 2.);
        List<String> rest = new ArrayList<>(terms);
        rest.remove(j);
        rest.set(i, kept);
        best = Math.min(best, flops + cheapest(random, rest));
      }
    }
    return best;
  }

  private static String distinct(String labels) {
    var result = new StringBuilder();
    labels.chars().distinct().forEach(c -> result.append((char) c));
    return result.toString();
  }

  private static String others(List<String> terms, int i, int j) {
    var labels = new StringBuilder();
    for (int k = 0; k < terms.size(); k++) {
      labels.append(k == i || k == j ? "" : terms.get(k));
    }
    return labels.toString();
  }

  private static String kept(String labels, String output, String others) {
    var result = new StringBuilder();
    labels
        .chars()
        .filter(c -> output.indexOf(c) >= 0 || others.indexOf(c) >= 0)
        .forEach(c -> result.append((char) c));
    return result.toString();
  }

  @Test
  @Checks("einsumPath")
  void aPathIsPrintedWithItsCost() {
    assertEquals(
        """
        einsum ij,jk,kl->il of (10, 200), (200, 30), (30, 5)
          jk,kl->jl  matmul  (200, 5)  60,000 flops
          ij,jl->il  matmul  (10, 5)   20,000 flops
          in all 80,000 flops; one loop over ijkl would take 900,000
          at most 1,000 elements in between\
        """,
        Tensor.einsumPath("ij,jk,kl->il", Shape.of(10, 200), Shape.of(200, 30), Shape.of(30, 5))
            .toString());
    assertEquals(
        """
        einsum ψωij,ωjk->ψωik of (8, 4, 2, 3), (4, 3, 5)
          ψωij,ωjk->ωψik  matmul  (4, 8, 2, 5)  1,920 flops
          in all 1,920 flops\
        """,
        Tensor.einsumPath("...ij,...jk", Shape.of(8, 4, 2, 3), Shape.of(4, 3, 5)).toString());
    assertEquals(
        """
        einsum ii-> of (3, 3)
          i->  sum  ()  3 flops
          in all 3 flops\
        """,
        Tensor.einsumPath("ii->", Shape.of(3, 3)).toString());
  }

  @Test
  @Checks("einsum")
  void manyOperandsAreJoinedGreedily() {
    int n = 14;
    var equation = new StringBuilder();
    Tensor[] chain = new Tensor[n];
    Tensor product = Tensor.eye(3, DType.F64).to(device());
    for (int i = 0; i < n; i++) {
      equation.append(i == 0 ? "" : ",").append((char) ('a' + i)).append((char) ('b' + i));
      chain[i] = new Nasty(i, device()).tensor(Shape.of(3, 3), DType.F64);
      product = product.matmul(chain[i]);
    }
    equation.append("->a").append((char) ('a' + n));
    assertArrayEquals(
        product.toDoubles(), Tensor.einsum(equation.toString(), chain).toDoubles(), 1e-9);
    Shape[] shapes = Arrays.stream(chain).map(Tensor::shape).toArray(Shape[]::new);
    assertEquals((n - 1) * 54, Tensor.einsumPath(equation.toString(), shapes).flops());
  }

  @Test
  @Checks("einsum")
  void whatOnlyRearrangesIsAView() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, Shape.of(2, 2)).to(device());
    assertSame(x.memory(), Tensor.einsum("ij->ji", x).memory());
    assertSame(x.memory(), Tensor.einsum("ii->i", x).memory());
    // no array of 4,000² elements is made, nor one of 4,000³
    Shape wide = Shape.of(4000, 2);
    EinsumPath path = Tensor.einsumPath("ij,kj,kl->il", wide, wide, wide);
    assertTrue(path.largestBetween() <= 8000, path::toString);
  }

  private Tensor zeros(int... sizes) {
    return Tensor.zeros(Shape.of(sizes), DType.F32, device());
  }

  @Test
  void equationsThatDoNotFitAreRefused() {
    assertMessage(
        """
        einsum: sizes of j differ, 3 and 4
          terms  ij,jk->ik
          shapes (2, 3), (4, 5)\
        """,
        () -> Tensor.einsum("ij,jk->ik", zeros(2, 3), zeros(4, 5)));
    assertMessage(
        """
        einsum: sizes of i differ, 1 and 3
          terms  ii
          shapes (1, 3)\
        """,
        () -> Tensor.einsum("ii", zeros(1, 3)));
    assertMessage(
        """
        einsum: sizes under ... at axis -1 differ, 2 and 3
          terms  ...i,...i->...
          shapes (2, 4), (3, 4)\
        """,
        () -> Tensor.einsum("...i,...i->...", zeros(2, 4), zeros(3, 4)));
    assertMessage(
        """
        einsum: the output has k, which no operand has
          terms  ij->ik
          shapes (2, 3)\
        """,
        () -> Tensor.einsum("ij->ik", zeros(2, 3)));
    assertMessage(
        """
        einsum: the output has i twice
          terms  ij->ii
          shapes (2, 3)\
        """,
        () -> Tensor.einsum("ij->ii", zeros(2, 3)));
    assertMessage(
        """
        einsum: "ijk" names 3 axes of (2, 3), which has 2
          terms  ijk->i
          shapes (2, 3)\
        """,
        () -> Tensor.einsum("ijk->i", zeros(2, 3)));
    assertMessage(
        """
        einsum: 2 terms for 1 operand
          terms  ij,jk
          shapes (2, 3)\
        """,
        () -> Tensor.einsum("ij,jk", zeros(2, 3)));
    assertMessage(
        """
        einsum: "1" is no label
          terms  i1->i
          shapes (2, 3)\
        """,
        () -> Tensor.einsum("i1->i", zeros(2, 3)));
    assertMessage(
        """
        einsum: the output leaves out the axes under ...
          terms  ...i->i
          shapes (2, 3)\
        """,
        () -> Tensor.einsum("...i->i", zeros(2, 3)));
    assertMessage(
        """
        einsum: there is more than one ->
          terms  i->i->
          shapes (2)\
        """,
        () -> Tensor.einsum("i->i->", zeros(2)));
  }
}
