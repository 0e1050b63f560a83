package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// A lesson on layouts: a picture of three rows and four columns, and what its views do to the
/// strides.
class LayoutTest {
  private final Layout picture = Layout.contiguous(Shape.of(3, 4));

  @Test
  void rowMajorMeansTheLastAxisHasStrideOne() {
    assertEquals("(3, 4) strides (4, 1) offset 0", picture.toString());
    assertEquals(2 * 4 + 1, picture.at(2, 1));
    assertTrue(picture.isContiguous());
  }

  @Test
  void transposingSwapsStrides() {
    assertEquals("(4, 3) strides (1, 4) offset 0", picture.permute(1, 0).toString());
    assertFalse(picture.permute(1, 0).isContiguous());
  }

  @Test
  void slicingMovesTheOffsetAndAStepStretchesTheStride() {
    assertEquals("(3, 2) strides (4, 2) offset 1", picture.slice(1, 1, 4, 2).toString());
    assertEquals("(0, 4) strides (4, 1) offset 0", picture.slice(0, 2, 2, 1).toString());
  }

  @Test
  void flippingIsANegativeStride() {
    assertEquals("(3, 4) strides (4, -1) offset 3", picture.flip(1).toString());
  }

  @Test
  void broadcastingIsStrideZero() {
    Layout row = Layout.contiguous(Shape.of(4));
    assertEquals("(3, 4) strides (0, 1) offset 0", row.expand(Shape.of(3, 4)).toString());
    Layout column = Layout.contiguous(Shape.of(3, 1));
    assertEquals("(3, 4) strides (1, 0) offset 0", column.expand(Shape.of(3, 4)).toString());
  }

  @Test
  void windowsOverlapWithoutCopying() {
    Layout signal = Layout.contiguous(Shape.of(7));
    assertEquals("(3, 3) strides (2, 1) offset 0", signal.window(0, 3, 2, 1).toString());
    assertEquals("(3, 3) strides (1, 2) offset 0", signal.window(0, 3, 1, 2).toString());
    assertEquals(Shape.of(0, 9), signal.window(0, 9, 1, 1).shape());
  }

  @Test
  void reshapingIsAViewWhereNoElementMoves() {
    assertEquals(
        "(2, 6) strides (6, 1) offset 0", picture.reshape(Shape.of(2, 6)).orElseThrow().toString());
    assertTrue(picture.permute(1, 0).reshape(Shape.of(12)).isEmpty());
    assertEquals(
        "(2, 2, 3) strides (2, 1, 4) offset 0",
        picture.permute(1, 0).reshape(Shape.of(2, 2, 3)).orElseThrow().toString());
  }

  @Property
  void reshapingKeepsTheRowMajorOrder(@ForAll long seed) {
    var nasty = new Nasty(seed, Device.REFERENCE);
    Layout layout = nasty.tensor(nasty.shape(), DType.I32).layout();
    Shape target = regrouped(layout.shape(), nasty.random());
    layout
        .reshape(target)
        .ifPresent(reshaped -> {
          int[] i = new int[layout.shape().rank()];
          int[] j = new int[target.rank()];
          for (int n = 0; n < target.size(); n++) {
            assertEquals(layout.at(i), reshaped.at(j));
            Model.next(i, layout.shape());
            Model.next(j, target);
          }
        });
  }

  /// The same number of elements in other axes: neighbours merged, sizes split, ones added.
  private static Shape regrouped(Shape shape, Random random) {
    var sizes = new java.util.ArrayList<Integer>();
    int group = 1;
    for (int size : shape.toArray()) {
      group *= size;
      if (random.nextBoolean()) {
        for (int factor : new int[] {2, 3, 5}) {
          if (group > factor && group % factor == 0 && random.nextBoolean()) {
            sizes.add(factor);
            group /= factor;
          }
        }
        sizes.add(group);
        group = 1;
      }
    }
    sizes.add(group);
    if (random.nextInt(3) == 0) {
      sizes.add(random.nextInt(sizes.size() + 1), 1);
    }
    return Shape.of(sizes.stream().mapToInt(Integer::intValue).toArray());
  }

  @Property
  void aWalkVisitsCorrespondingElementsOnceInOrder(@ForAll long seed) {
    var nasty = new Nasty(seed, Device.REFERENCE);
    Shape shape = nasty.shape();
    Layout a = nasty.tensor(shape, DType.I32).layout();
    Layout b = nasty.tensor(nasty.broadcastable(shape), DType.I32).expand(shape).layout();
    Walk walk = Walk.over(a, b);
    var visited = new java.util.ArrayList<int[]>();
    int half = walk.rows() / 2;
    Walk.Row collect =
        offsets -> {
          for (int i = 0; i < walk.rowLength(); i++) {
            visited.add(
                new int[] {offsets[0] + i * walk.rowStride(0), offsets[1] + i * walk.rowStride(1)});
          }
        };
    walk.forEachRow(0, half, collect);
    walk.forEachRow(half, walk.rows(), collect);
    assertEquals(shape.size(), visited.size());
    int[] index = new int[shape.rank()];
    for (int[] places : visited) {
      assertEquals(a.at(index), places[0], () -> Arrays.toString(index));
      assertEquals(b.at(index), places[1], () -> Arrays.toString(index));
      Model.next(index, shape);
    }
  }

  @Test
  void aWalkMergesWhatEveryOperandCrossesEvenly() {
    Layout cube = Layout.contiguous(Shape.of(2, 3, 4));
    assertEquals(24, Walk.over(cube, cube).rowLength());
    Layout row = Layout.contiguous(Shape.of(4)).expand(cube.shape());
    Walk rows = Walk.over(cube, row);
    assertEquals(4, rows.rowLength());
    assertEquals(6, rows.rows());
    Layout number = Layout.contiguous(Shape.SCALAR).expand(cube.shape());
    assertEquals(24, Walk.over(cube, number).rowLength());
  }

  @Test
  void wrongViewsAreRefusedWithTheRule() {
    assertMessage(
        """
        expand: (3, 4) does not expand to (3, 5)
          rule   aligned from the right, only axes of size 1 grow\
        """,
        () -> picture.expand(Shape.of(3, 5)));
    assertMessage(
        """
        permute: [0, 0] is not an order of the axes
          shape  (3, 4)
          rule   every axis is named exactly once\
        """,
        () -> picture.permute(0, 0));
    assertMessage(
        "reshape: (3, 4) has 12 elements, (5) needs 5", () -> picture.reshape(Shape.of(5)));
    assertMessage(
        """
        axis: there is no axis 2
          shape  (3, 4)
          rule   axes go from -2 to 1\
        """,
        () -> picture.stride(2));
    assertMessage(
        """
        slice: from 1 to 7 step 1 leaves axis 1
          shape  (3, 4)
          rule   0 <= from <= to <= 4 for a positive step, which is not 0\
        """,
        () -> picture.slice(1, 1, 7, 1));
    assertMessage("squeeze: axis 0 of (3, 4) has size 3, not 1", () -> picture.squeeze(0));
    assertMessage(
        """
        shape: too many elements for one Java array
          shape  (65536, 65536)
          rule   a tensor holds at most 2^31 − 9 elements
          help   split the work into smaller batches\
        """,
        () -> Shape.of(65536, 65536));
  }

  static void assertMessage(String expected, org.junit.jupiter.api.function.Executable action) {
    assertEquals(expected, assertThrows(TensorException.class, action).getMessage());
  }
}
