package vectorgrad.gradcheck;

import java.util.List;
import java.util.Locale;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Ways in which the same shape lies in memory.
public enum Layouts {
  /// Row after row.
  PLAIN {
    @Override
    Tensor draw(Shape shape, Draw draw) {
      return draw.of(shape);
    }
  },
  /// The axes in reverse order.
  PERMUTED {
    @Override
    Tensor draw(Shape shape, Draw draw) {
      int rank = shape.rank();
      int[] sizes = new int[rank];
      int[] order = new int[rank];
      for (int axis = 0; axis < rank; axis++) {
        sizes[axis] = shape.get(rank - 1 - axis);
        order[axis] = rank - 1 - axis;
      }
      return draw.of(Shape.of(sizes)).permute(order);
    }
  },
  /// Every second element of something twice as long, backwards.
  SLICED {
    @Override
    Tensor draw(Shape shape, Draw draw) {
      if (shape.rank() == 0) {
        return draw.of(shape);
      }
      int[] sizes = shape.toArray();
      sizes[0] *= 2;
      return draw.of(Shape.of(sizes)).slice(0, 0, sizes[0], 2).flip(0);
    }
  },
  /// One part of the first axis, repeated.
  EXPANDED {
    @Override
    Tensor draw(Shape shape, Draw draw) {
      if (shape.rank() == 0) {
        return draw.of(shape);
      }
      int[] sizes = shape.toArray();
      sizes[0] = Math.min(1, sizes[0]);
      return draw.of(Shape.of(sizes)).expand(shape);
    }
  };

  /// Those in which inputs are drawn on these terms.
  public static List<Layouts> of(GradCheck terms) {
    return terms.distinct() ? List.of(PLAIN, PERMUTED, SLICED) : List.of(values());
  }

  /// Its name in a sentence: `permuted`.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// A tensor of this shape that lies in memory in this way.
  abstract Tensor draw(Shape shape, Draw draw);

  /// A source of numbers.
  interface Draw {
    /// A plain tensor.
    Tensor of(Shape shape);
  }
}
