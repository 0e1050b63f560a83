package vectorgrad.accel;

import java.util.ArrayList;
import java.util.List;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.Walk;

/// How a kernel finds its elements: a [Walk] as a struct of whole numbers, which the kernel gets by
/// value. One kernel serves every shape.
///
/// ```c
/// typedef struct { int n; int axes; int size[AXES]; int start[K]; int stride[AXES * K]; } Name;
/// ```
record Strides(Walk walk, int operands, int axes) {
  /// A kernel has room for as many axes, which are what is left of them once neighbours are merged.
  private static final int USUAL = 4;

  static Strides over(List<Layout> layouts) {
    Walk walk = Walk.over(layouts.toArray(Layout[]::new));
    int axes = USUAL;
    while (axes < walk.axes()) {
      axes *= 2;
    }
    return new Strides(walk, layouts.size(), axes);
  }

  /// The struct's type.
  String type(String name) {
    return "typedef struct { int n; int axes; int size[%d]; int start[%d]; int stride[%d]; } %s;\n"
        .formatted(axes, operands, axes * operands, name);
  }

  /// Statements that find the places `PREFIX0`, `PREFIX1`, … of element `number`: the last axis
  /// turns fastest.
  String places(String walk, String number, String prefix) {
    StringBuilder text = new StringBuilder("  int rest_%s = %s;\n".formatted(prefix, number));
    for (int k = 0; k < operands; k++) {
      text.append("  int %s%d = %s.start[%d];\n".formatted(prefix, k, walk, k));
    }
    text.append(
        "  for (int axis = %s.axes - 1; axis >= 0; axis--) {\n".formatted(walk)
            + "    const int next = axis == 0 ? 0 : rest_%s / %s.size[axis];\n"
                .formatted(prefix, walk)
            + "    const int at = rest_%s - next * %s.size[axis];\n".formatted(prefix, walk)
            + "    rest_%s = next;\n".formatted(prefix));
    for (int k = 0; k < operands; k++) {
      text.append(
          "    %s%d += at * %s.stride[axis * %d + %d];\n".formatted(prefix, k, walk, operands, k));
    }
    return text.append("  }\n").toString();
  }

  /// The number of elements.
  int elements() {
    return walk.elements();
  }

  /// The struct.
  int[] numbers() {
    List<Integer> numbers = new ArrayList<>(List.of(elements(), walk.axes()));
    for (int axis = 0; axis < axes; axis++) {
      numbers.add(axis < walk.axes() ? walk.size(axis) : 1);
    }
    for (int k = 0; k < operands; k++) {
      numbers.add(walk.start(k));
    }
    for (int axis = 0; axis < axes; axis++) {
      for (int k = 0; k < operands; k++) {
        numbers.add(axis < walk.axes() ? walk.stride(axis, k) : 0);
      }
    }
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }
}
