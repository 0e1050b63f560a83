package vectorgrad.accel;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import vectorgrad.tensor.DType;

/// What OpenCL C says of a convolution and of each of its gradients: the definition, a work item
/// for each element of the result and a loop for each axis that is summed; and the functions that
/// find the elements of the two factors where it is a product.
enum ConvolutionKernel {
  FORWARD(
      """
        const int ow = id % s.out_width;
        const int oh = id / s.out_width % s.out_height;
        const int o = id / (s.out_width * s.out_height) % (s.groups * s.filters);
        const int p = id / (s.out_width * s.out_height * s.groups * s.filters);
        const int g = o / s.filters;
        for (int c = 0; c < s.channels; c++) {
          for (int i = 0; i < s.kernel_h; i++) {
            const int h = oh * s.stride_h + i * s.dilation_h - s.padding_h;
            if (h < 0 || h >= s.height) continue;
            const int line =
                s.x + (((p * s.groups + g) * s.channels + c) * s.height + h) * s.width;
            const int filter = s.weight + ((o * s.channels + c) * s.kernel_h + i) * s.kernel_w;
            for (int j = 0; j < s.kernel_w; j++) {
              const int w = ow * s.stride_w + j * s.dilation_w - s.padding_w;
              if (w < 0 || w >= s.width) continue;
              SUM(line + w, filter + j)
            }
          }
        }
        const int to = s.y + id;
      """,
      """
      REAL a_at(const Sizes s, int batch, int m, int k, PARAMETERS) {
        const int f = s.kernel_h * s.kernel_w;
        const int at = weight_at(s, batch, m, k / f, k % f);
        return LOAD_1;
      }
      REAL b_at(const Sizes s, int batch, int k, int n, PARAMETERS) {
        const int f = s.kernel_h * s.kernel_w;
        const int q = s.out_height * s.out_width;
        const int at = x_at(s, batch, k / f, n / q, n % q, k % f);
        return at < 0 ? 0 : LOAD_0;
      }
      int c_at(const Sizes s, int batch, int m, int n) {
        const int q = s.out_height * s.out_width;
        return y_at(s, batch, m, n / q, n % q);
      }
      """),
  INPUT_GRADIENT(
      """
        const int w = id % s.width;
        const int h = id / s.width % s.height;
        const int c = id / (s.width * s.height) % (s.groups * s.channels);
        const int p = id / (s.width * s.height * s.groups * s.channels);
        const int g = c / s.channels;
        for (int o = g * s.filters; o < (g + 1) * s.filters; o++) {
          for (int i = 0; i < s.kernel_h; i++) {
            const int up = h + s.padding_h - i * s.dilation_h;
            const int oh = up / s.stride_h;
            if (up < 0 || oh * s.stride_h != up || oh >= s.out_height) continue;
            const int line =
                s.y + ((p * s.groups * s.filters + o) * s.out_height + oh) * s.out_width;
            const int filter =
                s.weight
                    + ((o * s.channels + c % s.channels) * s.kernel_h + i) * s.kernel_w;
            for (int j = 0; j < s.kernel_w; j++) {
              const int left = w + s.padding_w - j * s.dilation_w;
              const int ow = left / s.stride_w;
              if (left < 0 || ow * s.stride_w != left || ow >= s.out_width) continue;
              SUM(line + ow, filter + j)
            }
          }
        }
        const int to = s.x + id;
      """,
      """
      REAL a_at(const Sizes s, int batch, int m, int k, PARAMETERS) {
        const int f = s.kernel_h * s.kernel_w;
        const int at = weight_at(s, batch, k / f, m, k % f);
        return LOAD_1;
      }
      REAL b_at(const Sizes s, int batch, int k, int n, PARAMETERS) {
        const int f = s.kernel_h * s.kernel_w;
        const int q = s.height * s.width;
        const int from = seen_from(s, n % q, k % f);
        const int at = y_at(s, batch, k / f, n / q, from);
        return from < 0 ? 0 : LOAD_0;
      }
      int c_at(const Sizes s, int batch, int m, int n) {
        const int q = s.height * s.width;
        return s.x + ((n / q * s.groups + batch) * s.channels + m) * q + n % q;
      }
      """),
  WEIGHT_GRADIENT(
      """
        const int j = id % s.kernel_w;
        const int i = id / s.kernel_w % s.kernel_h;
        const int c = id / (s.kernel_w * s.kernel_h) % s.channels;
        const int o = id / (s.kernel_w * s.kernel_h * s.channels);
        const int g = o / s.filters;
        const int pictures = s.k / (s.out_height * s.out_width);
        for (int p = 0; p < pictures; p++) {
          for (int oh = 0; oh < s.out_height; oh++) {
            const int h = oh * s.stride_h + i * s.dilation_h - s.padding_h;
            if (h < 0 || h >= s.height) continue;
            const int line =
                s.x + (((p * s.groups + g) * s.channels + c) * s.height + h) * s.width;
            const int out =
                s.y + ((p * s.groups * s.filters + o) * s.out_height + oh) * s.out_width;
            for (int ow = 0; ow < s.out_width; ow++) {
              const int w = ow * s.stride_w + j * s.dilation_w - s.padding_w;
              if (w < 0 || w >= s.width) continue;
              SUM(out + ow, line + w)
            }
          }
        }
        const int to = s.weight + id;
      """,
      """
      REAL a_at(const Sizes s, int batch, int m, int k, PARAMETERS) {
        const int q = s.out_height * s.out_width;
        const int at = y_at(s, batch, m, k / q, k % q);
        return LOAD_0;
      }
      REAL b_at(const Sizes s, int batch, int k, int n, PARAMETERS) {
        const int f = s.kernel_h * s.kernel_w;
        const int q = s.out_height * s.out_width;
        const int at = x_at(s, batch, n / f, k / q, k % q, n % f);
        return at < 0 ? 0 : LOAD_1;
      }
      int c_at(const Sizes s, int batch, int m, int n) {
        const int f = s.kernel_h * s.kernel_w;
        return weight_at(s, batch, m, n / f, n % f);
      }
      """);

  private final String definition;
  private final String functions;

  /// @param definition statements that sum up element `id` of the result, and find its place
  /// @param functions for a product
  ConvolutionKernel(String definition, String functions) {
    this.definition = definition;
    this.functions = functions;
  }

  /// The struct `s`: what every product needs, then sizes, then where the operands begin.
  static final List<String> NUMBERS =
      List.of(
          "m",
          "n",
          "k",
          "a_along_k",
          "b_along_k",
          "filters",
          "channels",
          "groups",
          "height",
          "width",
          "out_height",
          "out_width",
          "kernel_h",
          "kernel_w",
          "stride_h",
          "stride_w",
          "padding_h",
          "padding_w",
          "dilation_h",
          "dilation_w",
          "x",
          "weight",
          "y");

  private static final String TYPES =
      "typedef struct { int "
          + String.join("; int ", NUMBERS)
          + "; } Sizes;\n"
          + "typedef struct { int start; int stride; } Channels;\n";

  /// The place in x that the filter's place `f` sees from place `q` of picture `p`, or −1 in the
  /// border.
  private static final String PLACES =
      """
      int x_at(const Sizes s, int batch, int channel, int p, int q, int f) {
        const int h = q / s.out_width * s.stride_h + f / s.kernel_w * s.dilation_h - s.padding_h;
        const int w = q % s.out_width * s.stride_w + f % s.kernel_w * s.dilation_w - s.padding_w;
        const int plane = (p * s.groups + batch) * s.channels + channel;
        return h < 0 || h >= s.height || w < 0 || w >= s.width
            ? -1 : s.x + (plane * s.height + h) * s.width + w;
      }
      int weight_at(const Sizes s, int batch, int filter, int channel, int f) {
        const int at = (batch * s.filters + filter) * s.channels + channel;
        return s.weight + at * s.kernel_h * s.kernel_w + f;
      }
      int y_at(const Sizes s, int batch, int filter, int p, int q) {
        const int plane = (p * s.groups + batch) * s.filters + filter;
        return s.y + plane * s.out_height * s.out_width + q;
      }
      /* the place in a plane of y from which f sees place q of x, or -1 if none does */
      int seen_from(const Sizes s, int q, int f) {
        const int h = q / s.width + s.padding_h - f / s.kernel_w * s.dilation_h;
        const int w = q % s.width + s.padding_w - f % s.kernel_w * s.dilation_w;
        return h < 0 || w < 0 || h % s.stride_h != 0 || w % s.stride_w != 0
                || h / s.stride_h >= s.out_height || w / s.stride_w >= s.out_width
            ? -1 : h / s.stride_h * s.out_width + w / s.stride_w;
      }
      """;

  /// For errors and profiles.
  String title() {
    return "convolution, " + name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /// The factors of the product, see [Convolution] for which they are.
  ///
  /// @param instruction of tensor cores, if they multiply
  /// @param finish of forward; its tensors have an element for each filter
  Product.Operands operands(
      List<DType> dtypes, Optional<TensorCores.Instruction> instruction, Finish finish) {
    Numbers numbers = Numbers.of(dtypes.get(2));
    // without the comma before them
    String inputs = Source.parameters(dtypes.subList(0, 2), 0).substring(2);
    String found =
        functions
            .replace("PARAMETERS", inputs)
            .replace("REAL", instruction.isPresent() ? "uint" : numbers.type())
            .replace("LOAD_0", load(instruction, dtypes.get(0), numbers, "a0"))
            .replace("LOAD_1", load(instruction, dtypes.get(1), numbers, "a1"));
    return new Product.Operands(
        finish.after(title()),
        List.of(this, dtypes, instruction, finish),
        TYPES + PLACES + found,
        Source.parameters(dtypes, 1).substring(2) + channels(finish) + finish.parameters(),
        "",
        new Product.Factor("a_at(s, batch, m, k, a0, a1)", "0"),
        new Product.Factor("b_at(s, batch, k, n, a0, a1)", "0"),
        finish.store(
            numbers,
            places(finish, "batch * s.filters + m"),
            dtypes.get(2),
            "a2",
            "c_at(s, batch, m, n)"),
        instruction);
  }

  private static String load(
      Optional<TensorCores.Instruction> instruction, DType dtype, Numbers numbers, String array) {
    return instruction
        .map(i -> i.words().load(array, "at"))
        .orElseGet(() -> Source.load(dtype, numbers, array, "at"));
  }

  /// Where the elements for the filters are.
  private static String channels(Finish finish) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < finish.dtypes().size(); i++) {
      text.append(", const Channels s%d".formatted(i));
    }
    return text.toString();
  }

  private static List<String> places(Finish finish, String filter) {
    return IntStream.range(0, finish.dtypes().size())
        .mapToObj(i -> "(s%d.start + (%s) * s%d.stride)".formatted(i, filter, i))
        .toList();
  }

  /// The source of the definition.
  String definition(Card card, List<DType> dtypes, Finish finish) {
    Numbers numbers = Numbers.of(dtypes.get(2));
    String sum =
        "value = fma(%s, %s, value);"
            .formatted(
                Source.load(dtypes.get(0), numbers, "a0", "(A)"),
                Source.load(dtypes.get(1), numbers, "a1", "(B)"));
    return Source.prelude(card.hasDoubles())
        + TYPES
        + "#define SUM(A, B) %s\n".formatted(sum)
        + "__kernel void run(const Sizes s, const int items%s%s%s) {\n"
            .formatted(Source.parameters(dtypes, 1), channels(finish), finish.parameters())
        + "  const int id = get_global_id(0);\n  if (id >= items) return;\n"
        + "  %s value = 0;\n".formatted(numbers.type())
        + definition
        + "  %s\n}\n"
            .formatted(finish.store(numbers, places(finish, "o"), dtypes.get(2), "a2", "to"));
  }
}
