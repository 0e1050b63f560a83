package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static vectorgrad.tensor.LayoutTest.assertMessage;

import org.junit.jupiter.api.Test;

/// What views and rearrangements say when they refuse, and what they do at the edges.
class RefusedViewsTest {
  private final Tensor x = Tensor.arange(12, DType.I32).reshape(3, 4);

  static IndexException assertIndexMessage(
      String expected, org.junit.jupiter.api.function.Executable action) {
    var thrown = assertThrows(IndexException.class, action);
    assertEquals(expected, thrown.getMessage());
    return thrown;
  }

  @Test
  void subscriptsAreReadAsNumPyReadsThem() {
    assertArrayEquals(new int[] {7, 6, 5, 4}, x.slice("1, ::-1").toInts());
    assertArrayEquals(new int[] {1, 5, 9}, x.slice("..., 1").toInts());
    assertArrayEquals(new int[] {8, 10}, x.slice("-1, 0:100:2").toInts());
    assertEquals(Shape.of(3, 1, 4), x.slice(":, None").shape());
    assertEquals(Shape.of(0, 4), x.slice("5:").shape());
    assertEquals(Shape.of(3, 4), x.slice("").shape());
    assertEquals(6, x.slice("1, 2").item());
    assertEquals(Shape.SCALAR, x.slice("1, 2").shape());
  }

  @Test
  void subscriptsNameWhatTheyCannotRead() {
    assertMessage(
        """
        slice: "1;2" names no place of an axis
          text   "0, 1;2"
          rule   an index 3, a range from:to:step, ... for the axes between, None for a new one\
        """,
        () -> x.slice("0, 1;2"));
    assertMessage(
        """
        slice: "99999999999" names no place of an axis
          text   "99999999999"
          rule   an index 3, a range from:to:step, ... for the axes between, None for a new one\
        """,
        () -> x.slice("99999999999"));
    assertMessage(
        """
        slice: "0, 1, 2" names 3 axes
          shape  (3, 4)\
        """,
        () -> x.slice("0, 1, 2"));
    assertMessage("slice: \"..., ...\" has more than one ...", () -> x.slice("..., ..."));
    assertMessage(
        """
        slice: a step of 0 goes nowhere
          help   select(axis, index) takes a single part, unsqueeze and expand repeat\
        """,
        () -> x.slice("::0"));
  }

  @Test
  void aSelectedPartMustExist() {
    var thrown =
        assertIndexMessage(
            """
            select: index 4 is outside axis 1 of size 4
              shape  (3, 4)
              rule   -4 … 3\
            """,
            () -> x.select(-1, 4));
    assertEquals("select", thrown.operation());
    assertEquals(4, thrown.index());
    assertEquals(4, thrown.size());
    assertIndexMessage(
        """
        select: index -4 is outside axis 0 of size 3
          shape  (3, 4)
          rule   -3 … 2\
        """,
        () -> x.slice("-4"));
    assertIndexMessage(
        """
        select: index 0 is outside axis 0 of size 0
          shape  (0)
          rule   an axis of size 0 has no parts\
        """,
        () -> Tensor.of(new int[0]).select(0, 0));
  }

  @Test
  void partsMustMakeTheWhole() {
    assertMessage(
        """
        narrow: 3 elements from 2 on leave axis 1
          shape  (3, 4)
          rule   start + length <= 4\
        """,
        () -> x.narrow(-1, 2, 3));
    assertMessage(
        """
        split: parts of 0 elements
          shape  (3, 4)
          rule   a part has at least one element\
        """,
        () -> x.split(0, 1));
    assertMessage(
        """
        split: parts of (1, 2) elements do not make 4
          shape  (3, 4)
          rule   the sizes add to that of axis 1\
        """,
        () -> x.split(new int[] {1, 2}, 1));
    assertMessage("chunk: needs at least one part, found 0", () -> x.chunk(0, 0));
    assertEquals(3, x.slice(0, 0, 0).chunk(3, 0).size());
  }

  @Test
  void axesAreNamedOnceAndExist() {
    assertMessage("flip: axis 1 of (3, 4) is named twice", () -> x.flip(1, -1));
    assertMessage(
        """
        movedim: cannot move [0, 0] to [0, 1]
          shape  (3, 4)
          rule   as many places as axes, each named once\
        """,
        () -> x.movedim(new int[] {0, 0}, new int[] {0, 1}));
    assertMessage(
        """
        diagonal: needs two different axes, found 1 and -1
          shape  (3, 4)\
        """,
        () -> x.diagonal(0, 1, -1));
    assertMessage(
        """
        rot90: needs two different axes, found 0 and 0
          shape  (3, 4)\
        """,
        () -> x.rot90(1, 0, 0));
    assertMessage(
        """
        flatten: axis 1 is behind axis 0
          shape  (3, 4)\
        """,
        () -> x.flatten(1, 0));
    assertMessage(
        """
        transpose: needs at least two axes
          shape  (4)
          help   unsqueeze(0) makes a row, unsqueeze(1) a column\
        """,
        () -> x.select(0, 0).transpose());
  }

  @Test
  void sizesMustFit() {
    assertMessage(
        """
        unflatten: (2, 3) does not make 4
          shape  (3, 4)
          rule   the sizes multiply to that of axis 1\
        """,
        () -> x.unflatten(1, 2, 3));
    assertMessage(
        """
        unflatten: no size fits for −1
          from   (3, 4)
          to     [3, -1]
          rule   the known sizes divide the 4 elements\
        """,
        () -> x.unflatten(1, 3, -1));
    assertMessage(
        """
        reshape: no size fits for −1
          from   (3, 4)
          to     [65536, 65536, -1]
          rule   the known sizes divide the 12 elements\
        """,
        () -> x.reshape(65536, 65536, -1));
    assertEquals(Shape.of(1), Tensor.scalar(1f).flatten(0).shape());
    assertEquals(Shape.of(3, 2, 2), x.unflatten(-1, 2, -1).shape());
  }

  @Test
  void paddingNamesTheWidthAndTheRule() {
    assertMessage(
        """
        pad: cannot add 4 elements to axis 1 by REFLECT
          shape  (3, 4)
          rule   a mirror shows at most 3 of 4 elements\
        """,
        () -> x.pad(1, 0, 4, PadMode.REFLECT));
    assertMessage(
        """
        pad: cannot add 1 elements to axis 0 by CIRCULAR
          shape  (0)
          rule   there is nothing to repeat on an axis of size 0\
        """,
        () -> Tensor.of(new int[0]).pad(0, 1, 0, PadMode.CIRCULAR));
    assertMessage(
        """
        pad: cannot add -1 elements
          shape  (3, 4)
          help   slice(…) takes elements away\
        """,
        () -> x.pad(1, 0, -1));
    assertMessage(
        """
        pad: needs a width for each of 2 axes
          shape  (3, 4)
          before [1]
          after  [1, 1]\
        """,
        () -> x.pad(new int[] {1}, new int[] {1, 1}, 0));
  }

  @Test
  void repeatingNeedsANumberForEachAxis() {
    assertMessage(
        """
        repeat: needs a number for each of 2 axes, found 1
          shape  (3, 4)
          times  [2]\
        """,
        () -> x.repeat(2));
    assertMessage(
        """
        repeatInterleave: needs a number for each part of axis 0
          shape  (3, 4)
          times  [1, 2]
          rule   3 numbers, none negative\
        """,
        () -> x.repeatInterleave(new int[] {1, 2}, 0));
    assertMessage(
        """
        roll: needs one shift for each axis
          shifts [1]
          axes   [0, 1]\
        """,
        () -> x.roll(new int[] {1}, new int[] {0, 1}));
    assertMessage(
        """
        concat: shapes differ outside axis 0
          first  (3, 4)
          other  (4, 3)\
        """,
        () -> Tensor.concat(0, x, x.transpose()));
    assertMessage("concat: needs at least one tensor", () -> Tensor.concat(0));
    assertThrows(ShapeException.class, () -> x.expand(-1, 5));
  }

  @Test
  void onlyAllWindowsOfAnAxisAreAdded() {
    assertMessage(
        """
        overlapAdd: these are not the windows of an axis of size 8
          found  (3, 4)
          rule   (5, 4)\
        """,
        () -> x.overlapAdd(0, 8, 1, 1));
    assertMessage(
        "overlapAdd: needs windows in the last axis, found (12)",
        () -> x.flatten(0).overlapAdd(0, 12, 1, 1));
    var refused = assertThrows(DTypeException.class, () -> x.lt(3).overlapAdd(0, 6, 1, 1));
    assertEquals(
        """
        overlapAdd: needs numbers, found bool
          help   convert with to(DType.I32)\
        """,
        refused.getMessage());
    // halves are added in F32: one by one, 2048 would never grow
    Tensor windows = Tensor.of(0f, 0f, 1f, 0f, 1f, 0f, 2048f, 0f, 0f).reshape(3, 3).to(DType.F16);
    assertEquals(2050, windows.overlapAdd(0, 5, 1, 1).select(0, 2).item());
  }
}
