package vectorgrad.tensor.xray;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import vectorgrad.numerics.Fidelity;
import vectorgrad.numerics.FloatFormat;
import vectorgrad.numerics.PrecisionTrace;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.Walk;
import vectorgrad.tensor.spi.Backend;
import vectorgrad.tensor.spi.Elements;
import vectorgrad.tensor.spi.Reduction;

/// The verbs, each on the rounded numbers and on the exact ones. The larger verbs are the
/// composites of [Backend], under their own name.
final class XRayBackend implements Backend {
  /// The memory of a floating tensor.
  private static final class Twin {
    final double[] rounded;
    final double[] exact;

    Twin(int length) {
      rounded = new double[length];
      exact = new double[length];
    }
  }

  private record Key(String verb, Object what, Shape shape) {}

  private final FloatFormat format;
  private final boolean accumulates;
  private final Map<Key, PrecisionTrace> traces = new HashMap<>();
  private final Map<Key, Fidelity.Counter> counters = new HashMap<>();
  private final Set<Key> seen = new LinkedHashSet<>(); // the order of both
  private String verb = "";

  XRayBackend(FloatFormat format, boolean accumulates) {
    this.format = format;
    this.accumulates = accumulates;
  }

  @Override
  public String describe() {
    return "x-ray: everything in " + format + ", and in float64 beside it";
  }

  List<XRay.Operation> operations() {
    return seen.stream().flatMap(this::operations).toList();
  }

  private Stream<XRay.Operation> operations(Key key) {
    return traces.containsKey(key)
        ? traces.get(key).operations().stream()
            .map(o -> new XRay.Operation(key.verb, o.formula().toString(), key.shape, o.fidelity()))
        : Stream.of(
            new XRay.Operation(
                key.verb, key.what.toString(), key.shape, counters.get(key).total()));
  }

  void clear() {
    traces.clear();
    counters.clear();
    seen.clear();
  }

  double[] exact(Tensor x) {
    double[] exact = new double[x.size()];
    int[] next = {0};
    forEachElement(places -> exact[next[0]++] = exact(x, places[0]), x);
    return exact;
  }

  // ---- memory -----------------------------------------------------------------------------------

  @Override
  public Object allocate(DType dtype, int length) {
    return dtype.isFloating() ? new Twin(length) : Elements.array(dtype, length);
  }

  @Override
  public void upload(Object array, Tensor output) {
    int offset = output.layout().offset();
    if (output.memory() instanceof Twin twin) {
      boolean counts = output.size() > 1 && isRounded(output); // a number is part of a formula
      Fidelity.Counter counter =
          counts
              ? counter(new Key("", "load " + output.shape(), output.shape()))
              : new Fidelity.Counter(format);
      for (int i = 0; i < output.size(); i++) {
        double x = Elements.number(output.dtype(), array, i);
        twin.exact[offset + i] = x;
        twin.rounded[offset + i] = stored(output, x);
        counter.count(x, x, twin.rounded[offset + i], Double.isFinite(x), !Double.isNaN(x));
      }
    } else {
      Device.REFERENCE.backend().upload(array, output);
    }
  }

  @Override
  public Object download(Tensor input) {
    if (!(input.memory() instanceof Twin twin)) {
      return Device.REFERENCE.backend().download(input);
    }
    Object array = Elements.array(input.dtype(), input.size());
    for (int i = 0; i < input.size(); i++) {
      Elements.set(input.dtype(), array, i, twin.rounded[input.layout().offset() + i]);
    }
    return array;
  }

  private static double rounded(Tensor x, int place) {
    return x.memory() instanceof Twin twin
        ? twin.rounded[place]
        : Elements.number(x.dtype(), x.memory(), place);
  }

  private static double exact(Tensor x, int place) {
    return x.memory() instanceof Twin twin
        ? twin.exact[place]
        : Elements.number(x.dtype(), x.memory(), place);
  }

  private void write(Tensor x, int place, double rounded, double exact) {
    if (x.memory() instanceof Twin twin) {
      twin.rounded[place] = stored(x, rounded);
      twin.exact[place] = exact;
    } else {
      Elements.set(x.dtype(), x.memory(), place, rounded);
    }
  }

  private double stored(Tensor x, double value) {
    return isRounded(x) ? format.round(value) : value;
  }

  private static boolean isRounded(Tensor x) {
    return x.dtype().isFloating() && x.dtype() != DType.F64;
  }

  // ---- verbs ------------------------------------------------------------------------------------

  @Override
  public void pointwise(Program program, Tensor[] inputs, Tensor[] outputs) {
    Tensor[] all = Stream.concat(Stream.of(inputs), Stream.of(outputs)).toArray(Tensor[]::new);
    if (Stream.of(all).noneMatch(x -> x.dtype().isFloating())) {
      Device.REFERENCE.backend().pointwise(program, inputs, outputs); // its memory is the same
      return;
    }
    boolean wide = Stream.of(all).anyMatch(x -> x.dtype() == DType.F64);
    PrecisionTrace trace =
        wide // computed in float64, and at most stored in the format
            ? new PrecisionTrace(program, FloatFormat.FP64)
            : trace(new Key(verb, program, outputs[0].shape()), program);
    double[] in = new double[inputs.length];
    double[] exactIn = new double[inputs.length];
    double[] out = new double[outputs.length];
    double[] exactOut = new double[outputs.length];
    forEachElement(
        places -> {
          for (int i = 0; i < in.length; i++) {
            in[i] = rounded(inputs[i], places[i]);
            exactIn[i] = exact(inputs[i], places[i]);
          }
          trace.evaluate(in, exactIn, out, exactOut);
          for (int i = 0; i < out.length; i++) {
            write(outputs[i], places[in.length + i], out[i], exactOut[i]);
          }
        },
        all);
  }

  /// In float32, or in the format, and beside it in float64.
  @Override
  public void reduce(Program map, Reduction reduction, Tensor[] inputs, Tensor output) {
    Tensor[] all = Stream.concat(Stream.of(inputs), Stream.of(output)).toArray(Tensor[]::new);
    if (Stream.of(all).noneMatch(x -> x.dtype().isFloating())) {
      Device.REFERENCE.backend().reduce(map, reduction, inputs, output);
      return;
    }
    boolean wide = Stream.of(all).anyMatch(x -> x.dtype() == DType.F64);
    int length = length(output.layout());
    double[] totals = new double[length];
    double[] exacts = new double[length];
    boolean[] infinite = new boolean[length];
    boolean[] nan = new boolean[length];
    Arrays.fill(totals, reduction.identity());
    Arrays.fill(exacts, reduction.identity());
    double[] in = new double[inputs.length];
    double[] exactIn = new double[inputs.length];
    double[] term = new double[1];
    double[] exactTerm = new double[1];
    forEachElement(
        places -> {
          int place = places[in.length];
          for (int i = 0; i < in.length; i++) {
            in[i] = rounded(inputs[i], places[i]);
            exactIn[i] = exact(inputs[i], places[i]);
            infinite[place] |= !Double.isFinite(in[i]);
            nan[place] |= Double.isNaN(in[i]);
          }
          if (accumulates && !wide) {
            map.evaluate(format, in, term);
          } else {
            map.evaluate(in, term);
          }
          map.evaluate(exactIn, exactTerm);
          double total = reduction.join(totals[place], term[0]);
          totals[place] = wide ? total : accumulates ? format.round(total) : (float) total;
          exacts[place] = reduction.join(exacts[place], exactTerm[0]);
        },
        all);
    Fidelity.Counter counter =
        wide
            ? new Fidelity.Counter(format)
            : counter(new Key(verb, name(reduction) + " " + map, once(output).shape()));
    forEachElement(
        places -> {
          int place = places[0];
          double result = stored(output, totals[place]);
          counter.count(exacts[place], totals[place], result, !infinite[place], !nan[place]);
          write(output, place, result, exacts[place]);
        },
        once(output));
  }

  @Override
  public void gather(Tensor input, int axis, Tensor index, Tensor output) {
    if (!(input.memory() instanceof Twin)) {
      Device.REFERENCE.backend().gather(input, axis, index, output);
      return;
    }
    int stride = input.layout().stride(axis);
    forEachElement(
        places -> {
          int chosen = Objects.checkIndex(((int[]) index.memory())[places[1]], input.size(axis));
          int place = places[0] + chosen * stride;
          write(output, places[2], rounded(input, place), exact(input, place));
        },
        start(input, axis, index.shape()),
        index,
        output);
  }

  /// In the order of the input, each sum rounded as it is stored.
  @Override
  public void scatterAdd(Tensor input, int axis, Tensor index, Tensor output) {
    if (!(output.memory() instanceof Twin)) {
      Device.REFERENCE.backend().scatterAdd(input, axis, index, output);
      return;
    }
    Fidelity.Counter counter = counter(new Key(verb, "scatterAdd", output.shape()));
    int stride = output.layout().stride(axis);
    forEachElement(
        places -> {
          int chosen = Objects.checkIndex(((int[]) index.memory())[places[1]], output.size(axis));
          int place = places[0] + chosen * stride;
          double a = rounded(output, place);
          double b = rounded(input, places[2]);
          double exact = exact(output, place) + exact(input, places[2]);
          boolean finite = Double.isFinite(a) && Double.isFinite(b);
          boolean numbers = !Double.isNaN(a) && !Double.isNaN(b);
          counter.count(exact, a + b, stored(output, a + b), finite, numbers);
          write(output, place, a + b, exact);
        },
        start(output, axis, index.shape()),
        index,
        input);
  }

  @Override
  public void matmul(Tensor a, Tensor b, Tensor output) {
    named("matmul", () -> Backend.super.matmul(a, b, output));
  }

  @Override
  public void conv2d(Tensor x, Tensor weight, Conv2dGeometry geometry, Tensor output) {
    named("conv2d", () -> Backend.super.conv2d(x, weight, geometry, output));
  }

  @Override
  public void conv2dInputGradient(
      Tensor dy, Tensor weight, Conv2dGeometry geometry, Tensor output) {
    named("conv2d, dx", () -> Backend.super.conv2dInputGradient(dy, weight, geometry, output));
  }

  @Override
  public void conv2dWeightGradient(Tensor dy, Tensor x, Conv2dGeometry geometry, Tensor output) {
    named("conv2d, dw", () -> Backend.super.conv2dWeightGradient(dy, x, geometry, output));
  }

  @Override
  public void maxPool2d(Tensor x, PoolGeometry geometry, Tensor values, Tensor indices) {
    named("maxPool2d", () -> Backend.super.maxPool2d(x, geometry, values, indices));
  }

  @Override
  public void softmax(Tensor x, boolean logarithm, Tensor output) {
    String name = logarithm ? "logSoftmax" : "softmax";
    named(name, () -> Backend.super.softmax(x, logarithm, output));
  }

  // ---- what is counted --------------------------------------------------------------------------

  /// Runs a composite; what it is made of is counted under its name.
  private void named(String name, Runnable composite) {
    String outer = verb;
    verb = outer.isEmpty() ? name : outer;
    try {
      composite.run();
    } finally {
      verb = outer;
    }
  }

  private PrecisionTrace trace(Key key, Program program) {
    seen.add(key);
    return traces.computeIfAbsent(key, _ -> new PrecisionTrace(program, format));
  }

  private Fidelity.Counter counter(Key key) {
    seen.add(key);
    return counters.computeIfAbsent(key, _ -> new Fidelity.Counter(format));
  }

  private static String name(Reduction reduction) {
    return reduction.name().toLowerCase(Locale.ROOT);
  }

  // ---- walks ------------------------------------------------------------------------------------

  /// The first element along `axis`, repeated over `shape` by stride 0.
  private static Tensor start(Tensor tensor, int axis, Shape shape) {
    return tensor.slice(axis, 0, Math.min(1, tensor.size(axis)), 1).expand(shape);
  }

  /// The output of a reduction with each of its elements once.
  private static Tensor once(Tensor output) {
    Tensor result = output;
    for (int axis = 0; axis < output.rank(); axis++) {
      if (output.layout().stride(axis) == 0 && output.size(axis) > 1) {
        result = result.slice(axis, 0, 1, 1);
      }
    }
    return result;
  }

  private static int length(Layout layout) {
    int place = layout.offset();
    for (int axis = 0; axis < layout.shape().rank(); axis++) {
      place += Math.max(0, (layout.shape().get(axis) - 1) * layout.stride(axis));
    }
    return place + 1;
  }

  private static void forEachElement(Walk.Row visit, Tensor... tensors) {
    Walk walk = Walk.over(Stream.of(tensors).map(Tensor::layout).toArray(Layout[]::new));
    walk.forEachElement(0, walk.elements(), visit);
  }
}
