package vectorgrad.nn;

import java.util.Arrays;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.ConvGeometry;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.PadMode;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Sliding;

/// The sizes and names of a [Convolution].
final class Filters {
  /// Another way to move along one axis.
  interface Change {
    Sliding of(Sliding present, int number);
  }

  private Filters() {}

  /// Filters of zeros, for `axes` spatial axes: `kernel` has a size for each of them, or one for
  /// all.
  static Parameter zeros(String name, int axes, int first, int second, int... kernel) {
    int[] sizes = new int[axes + 2];
    sizes[0] = first;
    sizes[1] = second;
    for (int axis = 0; axis < axes; axis++) {
      sizes[axis + 2] = kernel[kernel.length == 1 ? 0 : axis];
    }
    if (Arrays.stream(sizes).anyMatch(size -> size < 1)) {
      throw new IllegalArgumentException(
          Message.of(name, "channels and filters must have a size of at least 1")
              .row("weight", Shape.of(sizes))
              .toString());
    }
    return Parameter.of(Shape.of(sizes));
  }

  static Sliding[] sliding(ConvGeometry g) {
    return IntStream.range(0, g.axes()).mapToObj(g::along).toArray(Sliding[]::new);
  }

  static int in(Convolution<?> layer) {
    Shape weight = layer.weight().shape();
    return transposed(layer) ? weight.get(0) : weight.get(1) * layer.geometry().groups();
  }

  static int out(Convolution<?> layer) {
    Shape weight = layer.weight().shape();
    return transposed(layer) ? weight.get(1) * layer.geometry().groups() : weight.get(0);
  }

  static String name(Convolution<?> layer) {
    return (transposed(layer) ? "ConvTranspose" : "Conv") + layer.geometry().axes() + "d";
  }

  private static boolean transposed(Convolution<?> layer) {
    return layer instanceof ConvTranspose;
  }

  static void check(Convolution<?> layer, Variable x) {
    Sizes.expectNumbers(layer, name(layer), x);
    Shape input = x.shape();
    int axes = layer.geometry().axes() + 2;
    if (input.rank() != axes) {
      String problem = "the input has " + input.rank() + " axes instead of " + axes;
      boolean alone = input.rank() == axes - 1 && input.get(0) == in(layer);
      throw refused(layer, input, problem, alone ? "one example alone is x.unsqueeze(0)" : "");
    }
    int found = input.get(1);
    if (found != in(layer)) {
      String channels = found + (found == 1 ? " channel" : " channels");
      boolean last = input.get(-1) == in(layer);
      String help = last ? "the channels look to be last: x.movedim(-1, 1)" : "";
      throw refused(
          layer, input, "the input has " + channels + ", the filters expect " + in(layer), help);
    }
  }

  private static ShapeException refused(
      Convolution<?> layer, Shape input, String problem, String help) {
    Shape weight = layer.weight().shape();
    int axes = layer.geometry().axes();
    String perGroup = layer.geometry().groups() == 1 ? "" : "/groups";
    String channels = transposed(layer) ? "in out" : "out in";
    String places = axes == 1 ? "L" : axes == 2 ? "H W" : "D H W";
    String taps = axes == 1 ? "k" : axes == 2 ? "kH kW" : "kD kH kW";
    Message message =
        Location.message(layer, name(layer), problem)
            .row("input", Location.column(input, weight) + "N C " + places)
            .row("weight", Location.column(weight, input) + channels + perGroup + " " + taps);
    return new ShapeException(help.isEmpty() ? message : message.row("help", help), input, weight);
  }

  static String label(Convolution<?> layer) {
    ConvGeometry g = layer.geometry();
    int[] weight = layer.weight().shape().toArray();
    StringBuilder text = new StringBuilder(name(layer)).append('(');
    text.append(in(layer)).append(", ").append(out(layer)).append(", ");
    text.append(sizes(Arrays.copyOfRange(weight, 2, weight.length)));
    setting(text, "stride", g, Sliding::stride, 1);
    setting(text, "padding", g, Sliding::padding, 0);
    setting(text, "dilation", g, Sliding::dilation, 1);
    if (g.groups() != 1) {
      text.append(", groups ").append(g.groups());
    }
    if (layer.padMode() != PadMode.CONSTANT) {
      text.append(", ").append(layer.padMode());
    }
    if (layer instanceof ConvTranspose t && t.outputPadding().stream().anyMatch(n -> n > 0)) {
      text.append(", output padding ");
      text.append(common(t.outputPadding().stream().mapToInt(n -> n).toArray()));
    }
    return text.append(layer.bias().isPresent() ? ")" : ", without bias)").toString();
  }

  private static void setting(
      StringBuilder text, String name, ConvGeometry g, ToIntFunction<Sliding> part, int usual) {
    int[] numbers = Arrays.stream(sliding(g)).mapToInt(part).toArray();
    if (Arrays.stream(numbers).anyMatch(n -> n != usual)) {
      text.append(", ").append(name).append(' ').append(common(numbers));
    }
  }

  /// One number where all are the same.
  static String common(int... numbers) {
    boolean same = Arrays.stream(numbers).allMatch(n -> n == numbers[0]);
    return same ? Integer.toString(numbers[0]) : sizes(numbers);
  }

  static String sizes(int... numbers) {
    return Arrays.stream(numbers).mapToObj(Integer::toString).collect(Collectors.joining("×"));
  }
}
