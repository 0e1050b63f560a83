package vectorgrad.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// An equation of [Tensor#einsum], read and held against the shapes of its operands.
///
/// Labels are numbers: 0 … 25 for `A` … `Z`, 26 … 51 for `a` … `z`, and from 52 on the axes under
/// an ellipsis, counted from the last one. Those are printed as Greek letters, which are read too,
/// so that what was printed is an equation again.
final class Equation {
  private static final int LETTERS = 52;
  private static final int ELLIPSIS_AXES = Long.SIZE - LETTERS;
  private static final int OMEGA = 'ω';

  private final String text;
  private final Shape[] shapes;
  private final String[] inputs; // as they were written
  private final int[][] terms;
  private final int[] output;
  private final int[] sizes = new int[Long.SIZE];

  Equation(String text, Shape... shapes) {
    this.text = text;
    this.shapes = shapes;
    String[] sides = text.replace(" ", "").split("->", -1);
    if (sides.length > 2) {
      throw refused("there is more than one ->");
    }
    inputs = sides[0].split(",", -1);
    if (inputs.length != shapes.length) {
      throw refused(count(inputs.length, "term") + " for " + count(shapes.length, "operand"));
    }
    terms = new int[inputs.length][];
    Arrays.fill(sizes, -1);
    int under = 0; // axes under the ellipsis
    for (int i = 0; i < terms.length; i++) {
      terms[i] = labels(inputs[i], shapes[i]);
      under = Math.max(under, shapes[i].rank() - letters(inputs[i]));
      measure(terms[i], shapes[i]);
    }
    output = sides.length == 1 ? implicit(under) : explicit(sides[1], under);
  }

  private static String count(int n, String noun) {
    return n + " " + noun + (n == 1 ? "" : "s");
  }

  private static int letters(String term) {
    return term.contains("...") ? term.length() - 3 : term.length();
  }

  /// The labels of the axes of an operand.
  private int[] labels(String term, Shape shape) {
    boolean ellipsis = term.contains("...");
    int under = shape.rank() - letters(term);
    if (ellipsis ? under < 0 : under != 0) {
      throw refused(
          "\"%s\" names %d axes of %s, which has %d"
              .formatted(term, letters(term), shape, shape.rank()));
    }
    return expand(term, under);
  }

  private int[] expand(String term, int under) {
    if (under > ELLIPSIS_AXES) {
      throw refused("an ellipsis stands for at most " + ELLIPSIS_AXES + " axes, found " + under);
    }
    int ellipsis = term.indexOf("...");
    String letters = ellipsis < 0 ? term : term.replaceFirst("\\.\\.\\.", "");
    IntStream before = letters(letters, 0, ellipsis < 0 ? letters.length() : ellipsis);
    if (ellipsis < 0) {
      return before.toArray();
    }
    IntStream middle = IntStream.range(0, under).map(i -> LETTERS + under - 1 - i);
    IntStream after = letters(letters, ellipsis, letters.length());
    return IntStream.concat(IntStream.concat(before, middle), after).toArray();
  }

  private IntStream letters(String letters, int from, int to) {
    return letters
        .substring(from, to)
        .chars()
        .map(c -> {
          if (c >= 'A' && c <= 'Z') {
            return c - 'A';
          } else if (c >= 'a' && c <= 'z') {
            return c - 'a' + LETTERS / 2;
          } else if (c > OMEGA - ELLIPSIS_AXES && c <= OMEGA) {
            return LETTERS + OMEGA - c; // as #print writes what was under an ellipsis
          }
          throw refused("\"" + (char) c + "\" is no label");
        });
  }

  /// Takes the sizes of labels from an operand; an axis of size 1 broadcasts.
  private void measure(int[] term, Shape shape) {
    for (int axis = 0; axis < term.length; axis++) {
      int label = term[axis];
      int size = shape.get(axis);
      for (int other = 0; other < axis; other++) {
        if (term[other] == label && shape.get(other) != size) {
          throw differ(label, shape.get(other), size);
        }
      }
      if (sizes[label] < 0 || sizes[label] == 1) {
        sizes[label] = size;
      } else if (size != 1 && size != sizes[label]) {
        throw differ(label, sizes[label], size);
      }
    }
  }

  private ShapeException differ(int label, int first, int second) {
    String where =
        label < LETTERS ? "of " + print(label) : "under ... at axis " + (LETTERS - 1 - label);
    return refused("sizes " + where + " differ, " + first + " and " + second);
  }

  /// The ellipsis, then the letters that occur once, in alphabetical order.
  private int[] implicit(int under) {
    int[] all = Arrays.stream(terms).flatMapToInt(Arrays::stream).toArray();
    IntStream once =
        IntStream.range(0, LETTERS)
            .filter(label -> Arrays.stream(all).filter(l -> l == label).count() == 1);
    return IntStream.concat(Arrays.stream(expand("...", under)), once).toArray();
  }

  private int[] explicit(String term, int under) {
    if (under > 0 && !term.contains("...")) {
      throw refused("the output leaves out the axes under ...");
    }
    int[] labels = expand(term, under);
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i];
      if (sizes[label] < 0) {
        throw refused("the output has " + print(label) + ", which no operand has");
      }
      if (Arrays.stream(labels).filter(l -> l == label).count() > 1) {
        throw refused("the output has " + print(label) + " twice");
      }
    }
    return labels;
  }

  private ShapeException refused(String problem) {
    return new ShapeException(
        Message.of("einsum", problem)
            .row("terms", text)
            .row(
                "shapes",
                Arrays.stream(shapes).map(Shape::toString).collect(Collectors.joining(", "))),
        shapes);
  }

  /// The labels of the axes of an operand, as they were written.
  int[] term(int operand) {
    return terms[operand].clone();
  }

  /// The labels of the axes of the result.
  int[] output() {
    return output.clone();
  }

  /// The size of every label; −1 for those that do not occur.
  int[] sizes() {
    return sizes.clone();
  }

  /// The shape of axes with the given labels.
  Shape shape(int[] labels) {
    return Shape.of(Arrays.stream(labels).map(label -> sizes[label]).toArray());
  }

  /// Labels as they are written; axes under an ellipsis as Greek letters, ω for the last.
  static String print(int... labels) {
    var text = new StringBuilder();
    for (int label : labels) {
      int c =
          label >= LETTERS
              ? OMEGA - (label - LETTERS)
              : label < LETTERS / 2 ? 'A' + label : 'a' + label - LETTERS / 2;
      text.append((char) c);
    }
    return text.toString();
  }

  /// The whole equation with its output.
  @Override
  public String toString() {
    return Arrays.stream(terms).map(Equation::print).collect(Collectors.joining(","))
        + "->"
        + print(output);
  }
}
