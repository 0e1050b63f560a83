package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Picking and placing are each other's adjoint, on shapes with axes of size 0 and 1, primes and
/// lanes ± 1, through views in any order. All numbers are whole and small, so sums are exact.
class IndexingAdjointsTest {
  private static final int[] SIZES = {0, 1, 1, 2, 3, 5, 7, 9, 16, 17};

  /// Draws one example; a seed is the whole recipe.
  private static final class Draw {
    final Random random;

    Draw(long seed) {
      this.random = new Random(seed);
    }

    int size() {
      return SIZES[random.nextInt(SIZES.length)];
    }

    Shape shape(int rank) {
      return Shape.of(random.ints(rank, 0, SIZES.length).map(i -> SIZES[i]).toArray());
    }

    /// A tensor that lies in memory in another order of axes, and half of the time backwards.
    private Tensor view(Shape shape, int low, int high) {
      int rank = shape.rank();
      int[] sizes = new int[rank];
      int[] order = new int[rank];
      for (int axis = 0; axis < rank; axis++) {
        order[axis] = rank - 1 - axis;
        sizes[axis] = shape.get(order[axis]);
      }
      double[] values = random.doubles(shape.size(), low, high).map(Math::floor).toArray();
      Tensor view = Tensor.of(values, Shape.of(sizes)).permute(order);
      return rank > 0 && random.nextBoolean() ? view.flip(rank - 1) : view;
    }

    Variable variable(Shape shape) {
      return Variable.leaf(view(shape, -9, 10));
    }

    /// Places below `size`, of either dtype of indices.
    Tensor places(Shape shape, int size) {
      DType dtype = random.nextBoolean() ? DType.I32 : DType.I64;
      return view(shape, 0, Math.max(1, size)).to(dtype);
    }
  }

  private static double dot(Tensor a, Tensor b) {
    return a.mul(b).sum().item() + 0.0; // no −0
  }

  /// `⟨y, dy⟩ = Σ ⟨x, dx⟩` for what is linear in all of its inputs.
  private static Gradients expectAdjoint(Draw draw, Variable y, Variable... inputs) {
    Variable dy = Variable.constant(draw.variable(y.shape()).value());
    Gradients gradients = y.mul(dy).sum().backward();
    double right = 0;
    for (Variable x : inputs) {
      assertEquals(x.shape(), gradients.get(x).shape());
      right += dot(x.value(), gradients.get(x));
    }
    assertEquals(dot(y.value(), dy.value()), right + 0.0);
    return gradients;
  }

  private static void expectEqual(Tensor expected, Tensor found) {
    assertEquals(expected.shape(), found.shape());
    assertArrayEquals(expected.add(0).toDoubles(), found.add(0).toDoubles());
  }

  @Property(tries = 150)
  void gatherAndScatterAddAreAdjoint(@ForAll long seed) {
    Draw draw = new Draw(seed);
    Shape shape = draw.shape(1 + draw.random.nextInt(3));
    int axis = draw.random.nextInt(shape.rank());
    int count = shape.get(axis) == 0 ? 0 : draw.size();
    Tensor index = draw.places(shape.with(axis, count), shape.get(axis));
    Variable x = draw.variable(shape);
    Variable s = draw.variable(index.shape());
    expectAdjoint(draw, x.gather(axis, index), x);
    expectAdjoint(draw, x.takeAlongDim(index, axis), x);
    expectAdjoint(draw, s.scatterAdd(axis, index, shape.get(axis)), s);
    expectAdjoint(draw, x.scatterAdd(axis, index, s), x, s);
    expectAdjoint(draw, x.scatter(axis, index, s), x, s);
    // and each is the gradient of the other, as a function of its own
    double left = dot(x.value().gather(axis, index), s.value());
    assertEquals(left, dot(x.value(), s.value().scatterAdd(axis, index, shape.get(axis))));
  }

  @Property(tries = 150)
  void selectingAndAddingPartsAreAdjoint(@ForAll long seed) {
    Draw draw = new Draw(seed);
    Shape shape = draw.shape(1 + draw.random.nextInt(3));
    int axis = draw.random.nextInt(shape.rank());
    int count = shape.get(axis) == 0 ? 0 : draw.size();
    Tensor index = draw.places(Shape.of(count), shape.get(axis));
    Variable x = draw.variable(shape);
    Variable s = draw.variable(shape.with(axis, count));
    expectAdjoint(draw, x.indexSelect(axis, index), x);
    expectAdjoint(draw, s.indexAdd(axis, index, shape.get(axis)), s);
    expectAdjoint(draw, x.indexAdd(axis, index, s), x, s);
  }

  @Property(tries = 150)
  void takeAndPutAreAdjoint(@ForAll long seed) {
    Draw draw = new Draw(seed);
    Variable x = draw.variable(draw.shape(draw.random.nextInt(4)));
    Shape picked = x.size() == 0 ? Shape.of(0) : draw.shape(draw.random.nextInt(3));
    Tensor index = draw.places(picked, x.size());
    Variable s = draw.variable(picked);
    Gradients taken = expectAdjoint(draw, x.take(index), x);
    assertEquals(x.shape(), taken.get(x).shape());
    expectAdjoint(draw, x.put(index, s, true), x, s);
    expectAdjoint(draw, x.put(index, s, false), x, s);
  }

  @Property(tries = 150)
  void indexAndIndexPutAreAdjoint(@ForAll long seed) {
    Draw draw = new Draw(seed);
    Variable x = draw.variable(draw.shape(1 + draw.random.nextInt(3)));
    int axes = 1 + draw.random.nextInt(x.rank());
    boolean some = true;
    for (int axis = 0; axis < axes; axis++) {
      some &= x.size(axis) > 0;
    }
    Shape all = some ? draw.shape(draw.random.nextInt(3)) : Shape.of(0);
    Tensor[] indices = new Tensor[axes];
    for (int axis = 0; axis < axes; axis++) { // some broadcast
      int size = Math.max(1, x.size(axis));
      indices[axis] =
          draw.random.nextBoolean() && all.rank() > 0 && all.get(0) > 0
              ? draw.places(all.with(0, 1), size)
              : draw.places(all, size);
    }
    Variable picked = x.index(indices);
    expectAdjoint(draw, picked, x);
    Variable s = draw.variable(picked.shape());
    expectAdjoint(draw, x.indexPut(s, true, indices), x, s);
    expectAdjoint(draw, x.indexPut(s, false, indices), x, s);
    Variable one = draw.variable(Shape.SCALAR); // broadcasts to all places
    expectAdjoint(draw, x.indexPut(one, true, indices), x, one);
    // the gradient of picking is adding to zeros
    Tensor zeros = Tensor.zeros(x.shape(), x.dtype());
    Tensor back = x.index(indices).mul(s).sum().backward().get(x);
    expectEqual(zeros.indexPut(s.value(), true, indices), back);
  }

  @Property(tries = 150)
  void exactlyOneElementOfThoseWrittenToAPlaceHasTheGradient(@ForAll long seed) {
    Draw draw = new Draw(seed);
    Variable x = draw.variable(Shape.of(1 + draw.size()));
    Tensor index = draw.places(draw.shape(1), x.size());
    Variable s = draw.variable(index.shape());
    Variable y = x.scatter(0, index, s);
    Gradients gradients = y.sum().backward();
    int places = (int) Arrays.stream(index.toLongs()).distinct().count();
    assertEquals(places, gradients.get(s).sum().item());
    assertEquals(x.size() - places, gradients.get(x).sum().item());
    // those that have it are those that are there: the others may be anything
    Tensor others = gradients.get(s).neg().add(1).mul(100);
    expectEqual(y.value(), x.value().scatter(0, index, s.value().add(others)));
  }
}
