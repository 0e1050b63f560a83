package vectorgrad.accel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.Distribution;
import vectorgrad.tensor.Epilogue;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.RowProgram;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.spi.Backend;
import vectorgrad.tensor.spi.Elements;
import vectorgrad.tensor.spi.KernelListener;
import vectorgrad.tensor.spi.Reduction;
import vectorgrad.tensor.spi.Scan;
import vectorgrad.tensor.spi.Scatter;

/// A device that speaks OpenCL. Memory is its own ([Memory]), work is queued ([Queue]) and waited
/// for only where a value is read.
///
/// | verb | where |
/// |------|-------|
/// | pointwise, copy | [Pointwise] |
/// | reduce | [Reduce] |
/// | gather, scatter, scatterAdd | [Selection] |
/// | matmul | [MatMul] |
/// | conv2d and its gradients | [Convolution] |
/// | maxPool2d, argmax | [Extremes] |
/// | softmax | [Softmax] |
/// | attention and its gradient | [Attention] |
/// | mapRows | [Rows] |
/// | argsort | [Argsort] |
/// | scan, recurrence | [Lines] |
/// | random | [Randoms] |
///
/// What a device cannot do (a distribution that the caller wrote in Java; what is defined in f64
/// where there is none) is an error, or the processor's where that was asked for: [Fallbacks].
///
/// The same operands always give the same bits: the order in which sums are joined follows from the
/// shape alone, and nothing is added by atomic operations.
final class OpenClBackend implements Backend {
  private static final String DOUBLES = "f64, in which it is defined";

  private final Queue queue;
  private final Fallbacks fallbacks;

  OpenClBackend(Card card) {
    this(new Queue(card));
  }

  OpenClBackend(Queue queue) {
    this.queue = queue;
    this.fallbacks = new Fallbacks(queue.card().name());
  }

  Queue queue() {
    return queue;
  }

  @Override
  public String describe() {
    return queue.card().describe();
  }

  @Override
  public List<String> details() {
    List<String> details = new ArrayList<>(queue.card().details());
    details.add(
        "tensor cores: "
            + (queue.tensorCores().isEmpty()
                ? "none found"
                : queue.tensorCores().stream()
                    .map(words -> words.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", "))));
    queue.report().forEach(line -> details.add("in use: " + line));
    details.addAll(fallbacks.report());
    return details;
  }

  @Override
  public List<String> fallbacks() {
    return fallbacks.report();
  }

  @Override
  public Optional<Backend> heardBy(KernelListener listener) {
    return Optional.of(new OpenClBackend(new Queue(queue.card(), listener)));
  }

  @Override
  public boolean takesAhead() {
    return true;
  }

  @Override
  public Object allocate(DType dtype, int length) {
    if (dtype == DType.F64 && !queue.card().hasDoubles()) {
      throw new DTypeException(
          Message.of("opencl", "this device does not compute in f64")
              .row("device", queue.card().name())
              .row("help", "to(DType.F32); what is defined in f64, as var, on to(Device.CPU)"));
    }
    return queue.allocate((long) length * dtype.bytes());
  }

  @Override
  public void release(Object memory) {
    ((Memory) memory).release();
  }

  @Override
  public void upload(Object array, Tensor output) {
    long bytes = output.dtype().bytes();
    long begin = output.layout().offset() * bytes;
    queue.write(array, memory(output), begin, output.size() * bytes);
    if (array instanceof int[] numbers) {
      IntSummaryStatistics span = IntStream.of(numbers).limit(output.size()).summaryStatistics();
      memory(output).wrote(output.size(), span.getMin(), span.getMax());
    }
  }

  @Override
  public Object download(Tensor input) {
    Object array = Elements.array(input.dtype(), input.size());
    queue.read(memory(input), (long) input.layout().offset() * input.dtype().bytes(), array);
    return array;
  }

  @Override
  public void pointwise(Program program, Tensor[] inputs, Tensor[] outputs) {
    Pointwise.run(queue, program, inputs, outputs);
    wrote(outputs);
  }

  @Override
  public void reduce(Program map, Reduction reduction, Tensor[] inputs, Tensor output) {
    Reduce.run(queue, map, reduction, inputs, output);
    wrote(output);
  }

  @Override
  public void mapRows(RowProgram program, Tensor[] inputs, Tensor[] sums, Tensor output) {
    if (!Rows.can(program, inputs, sums, output)) {
      Backend.super.mapRows(program, inputs, sums, output);
      return;
    }
    int stages = sums.length - program.columns().size();
    Rows.run(queue, program, inputs, Arrays.copyOf(sums, stages), output);
    Tensor[] known = Arrays.copyOf(inputs, inputs.length + stages);
    System.arraycopy(sums, 0, known, inputs.length, stages);
    for (int k = 0; k < program.columns().size(); k++) {
      RowProgram.Part column = program.sums().getLast().get(k);
      Tensor[] read =
          Arrays.stream(column.sources()).mapToObj(i -> known[i]).toArray(Tensor[]::new);
      Reduce.run(queue, column.program(), Reduction.SUM, read, sums[stages + k]);
    }
  }

  @Override
  public void gather(Tensor input, int axis, Tensor index, Tensor output) {
    Selection.gather(queue, input, axis, index, output);
    wrote(output);
  }

  @Override
  public void scatterAdd(Tensor input, int axis, Tensor index, Tensor output) {
    Selection.scatterAdd(queue, input, axis, index, output);
    wrote(output);
  }

  @Override
  public void matmul(Tensor a, Tensor b, Tensor output) {
    if (output.dtype().isFloating()) {
      MatMul.run(queue, plan(a, b), a, b, output);
    } else {
      Backend.super.matmul(a, b, output);
    }
  }

  @Override
  public void matmul(Tensor a, Tensor b, Epilogue epilogue, Tensor output) {
    if (output.dtype().isFloating()) {
      MatMul.run(queue, plan(a, b), a, b, Optional.of(epilogue), output);
    } else {
      Backend.super.matmul(a, b, epilogue, output);
    }
  }

  private Product.Plan plan(Tensor a, Tensor b) {
    return Product.Plan.usual(queue, a.dtype(), b.dtype());
  }

  @Override
  public void attention(
      Tensor query, Tensor key, Tensor value, boolean causal, Tensor output, Tensor numbers) {
    if (!attends(query, value)) {
      Backend.super.attention(query, key, value, causal, output, numbers);
      return;
    }
    Tensor q = query.contiguous();
    Tensor k = key.contiguous();
    Tensor v = value.contiguous();
    dense(
        output,
        y -> dense(numbers, n -> Attention.forward(queue, attending(), q, k, v, causal, y, n)));
  }

  @Override
  public void attentionGradient(
      Tensor dy,
      Tensor query,
      Tensor key,
      Tensor value,
      boolean causal,
      Tensor output,
      Tensor numbers,
      Tensor[] gradients) {
    if (!attends(query, value)) {
      Backend.super.attentionGradient(dy, query, key, value, causal, output, numbers, gradients);
      return;
    }
    Tensor up = dy.contiguous();
    Tensor q = query.contiguous();
    Tensor k = key.contiguous();
    Tensor v = value.contiguous();
    Tensor y = output.contiguous();
    Tensor n = numbers.contiguous();
    dense(
        gradients[0],
        dq ->
            dense(
                gradients[1],
                dk ->
                    dense(
                        gradients[2],
                        dv ->
                            Attention.gradient(
                                queue, attending(), up, q, k, v, causal, y, n, dq, dk, dv))));
  }

  /// Whether a query and what is gathered for it fit where an item keeps its own numbers.
  private static boolean attends(Tensor query, Tensor value) {
    return Math.max(query.size(-1), value.size(-1)) <= 128;
  }

  /// Work items of a group that share keys; a processor has no use for them.
  private int attending() {
    return queue.card().isGpu() ? Math.min(Attention.ITEMS, queue.card().group()) : 1;
  }

  @Override
  public void conv2d(Tensor x, Tensor weight, Conv2dGeometry geometry, Tensor output) {
    dense(
        output,
        y ->
            Convolution.forward(
                queue, plan(x, weight), x.contiguous(), weight.contiguous(), geometry, y));
  }

  @Override
  public void conv2d(
      Tensor x, Tensor weight, Conv2dGeometry geometry, Epilogue epilogue, Tensor output) {
    if (output.layout().isContiguous() && Convolution.can(epilogue)) {
      Tensor from = x.contiguous();
      Tensor filters = weight.contiguous();
      Optional<Epilogue> finish = Optional.of(epilogue);
      Convolution.forward(queue, plan(x, weight), from, filters, geometry, finish, output);
    } else {
      Backend.super.conv2d(x, weight, geometry, epilogue, output);
    }
  }

  @Override
  public void conv2dInputGradient(
      Tensor dy, Tensor weight, Conv2dGeometry geometry, Tensor output) {
    dense(
        output,
        dx ->
            Convolution.inputGradient(
                queue, plan(dy, weight), dy.contiguous(), weight.contiguous(), geometry, dx));
  }

  @Override
  public void conv2dWeightGradient(Tensor dy, Tensor x, Conv2dGeometry geometry, Tensor output) {
    dense(
        output,
        dw ->
            Convolution.weightGradient(
                queue, plan(dy, x), dy.contiguous(), x.contiguous(), geometry, dw));
  }

  @Override
  public void maxPool2d(Tensor x, PoolGeometry geometry, Tensor values, Tensor indices) {
    dense(
        values,
        v -> dense(indices, i -> Extremes.maxPool2d(queue, x.contiguous(), geometry, v, i)));
    memory(indices).wrote(indices.size(), 0, x.size(2) * x.size(3) - 1);
  }

  @Override
  public void softmax(Tensor x, boolean logarithm, Tensor output) {
    dense(output, y -> Softmax.run(queue, x.contiguous(), logarithm, y));
  }

  @Override
  public void argmax(Tensor x, int axis, Tensor output) {
    Extremes.argmax(queue, x, axis, output);
    memory(output).wrote(output.size(), 0, x.size(axis) - 1);
  }

  @Override
  public void argsort(Tensor x, int axis, boolean descending, Tensor output) {
    Tensor rows = x.movedim(axis, -1).contiguous();
    Tensor places = output.movedim(axis, -1);
    dense(places, p -> Argsort.run(queue, rows, descending, p));
    memory(output).wrote(output.size(), 0, x.size(axis) - 1);
  }

  @Override
  public void scan(Tensor x, int axis, Scan scan, Tensor output) {
    if (Lines.canScan(queue.card(), x.dtype())) {
      Lines.scan(queue, x, axis, scan, output);
    } else {
      fallbacks.note("running " + scan, DOUBLES);
      Backend.super.scan(x, axis, scan, output);
    }
    wrote(output);
  }

  @Override
  public void recurrence(Tensor x, int axis, Tensor factors, Tensor output) {
    if (queue.card().hasDoubles()) {
      Lines.recurrence(queue, x, axis, factors, output);
    } else {
      fallbacks.note("a recurrence", DOUBLES);
      Backend.super.recurrence(x, axis, factors, output);
    }
  }

  @Override
  public void scatter(Tensor input, int axis, Tensor index, Scatter scatter, Tensor output) {
    Selection.scatter(queue, input, axis, index, scatter, output);
    wrote(output);
  }

  @Override
  public void random(Distribution distribution, Seed seed, long counter, Tensor output) {
    if (Randoms.run(queue, distribution, seed, counter, output)) {
      wrote(output);
    } else {
      fallbacks.note(
          "draws of " + distribution.getClass().getSimpleName(),
          queue.card().hasDoubles() ? "the distribution is a function in Java" : DOUBLES);
      Backend.super.random(distribution, seed, counter, output);
    }
  }

  /// Notes that indices may have changed; other elements are never asked for.
  private static void wrote(Tensor... outputs) {
    for (Tensor output : outputs) {
      memory(output).wrote();
    }
  }

  /// Computes into a tensor without gaps, which is `output` if that has none.
  private void dense(Tensor output, Consumer<Tensor> work) {
    if (output.layout().isContiguous()) {
      work.accept(output);
    } else {
      Tensor whole = Tensor.zeros(output.shape(), output.dtype(), output.device());
      work.accept(whole);
      copy(whole, output);
    }
  }

  static Memory memory(Tensor tensor) {
    return (Memory) tensor.memory();
  }

  static List<DType> dtypes(Tensor... tensors) {
    return Stream.of(tensors).map(Tensor::dtype).toList();
  }

  static List<Layout> layouts(Tensor... tensors) {
    return Stream.of(tensors).map(Tensor::layout).toList();
  }

  /// The arguments of a kernel over tensors: the struct of their strides, then their memories.
  static Queue.Argument[] arguments(List<int[]> numbers, Tensor... tensors) {
    List<Queue.Argument> arguments = new ArrayList<>();
    numbers.forEach(struct -> arguments.add(Queue.Argument.of(struct)));
    for (Tensor tensor : tensors) {
      arguments.add(Queue.Argument.of(memory(tensor)));
    }
    return arguments.toArray(Queue.Argument[]::new);
  }
}
