package vectorgrad.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Distribution;
import vectorgrad.tensor.Epilogue;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.RowProgram;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.spi.Backend;
import vectorgrad.tensor.spi.KernelListener;
import vectorgrad.tensor.spi.Reduction;
import vectorgrad.tensor.spi.Scan;
import vectorgrad.tensor.spi.Scatter;

/// A backend with a clock around each of its verbs, for one that runs them while the caller waits.
final class TimedBackend implements Backend {
  private final Backend backend;
  private final KernelListener listener;
  private final Map<Object, String> names = new ConcurrentHashMap<>(); // of programs

  TimedBackend(Backend backend, KernelListener listener) {
    this.backend = backend;
    this.listener = listener;
  }

  private void timed(String kernel, Runnable work) {
    long begin = System.nanoTime();
    work.run();
    listener.ran(kernel, begin, System.nanoTime());
  }

  @Override
  public String describe() {
    return backend.describe();
  }

  @Override
  public List<String> details() {
    return backend.details();
  }

  @Override
  public List<String> fallbacks() {
    return backend.fallbacks();
  }

  @Override
  public int threads() {
    return backend.threads();
  }

  @Override
  public void threads(int threads) {
    backend.threads(threads);
  }

  @Override
  public Optional<Backend> heardBy(KernelListener other) {
    return Optional.of(new TimedBackend(backend, other));
  }

  @Override
  public boolean takesAhead() {
    return backend.takesAhead();
  }

  @Override
  public Object allocate(DType dtype, int length) {
    return backend.allocate(dtype, length);
  }

  @Override
  public void release(Object memory) {
    backend.release(memory);
  }

  @Override
  public void upload(Object array, Tensor output) {
    timed("write", () -> backend.upload(array, output));
  }

  @Override
  public Object download(Tensor input) {
    long begin = System.nanoTime();
    Object array = backend.download(input);
    listener.ran("read", begin, System.nanoTime());
    return array;
  }

  @Override
  public void pointwise(Program program, Tensor[] inputs, Tensor[] outputs) {
    String name = names.computeIfAbsent(program, Object::toString);
    timed(name, () -> backend.pointwise(program, inputs, outputs));
  }

  @Override
  public void reduce(Program map, Reduction reduction, Tensor[] inputs, Tensor output) {
    String name = Profile.lower(reduction) + " of " + names.computeIfAbsent(map, Object::toString);
    timed(name, () -> backend.reduce(map, reduction, inputs, output));
  }

  @Override
  public void mapRows(RowProgram program, Tensor[] inputs, Tensor[] sums, Tensor output) {
    String name = names.computeIfAbsent(program, _ -> "rows of " + program.map());
    timed(name, () -> backend.mapRows(program, inputs, sums, output));
  }

  @Override
  public void scatterAdd(Tensor input, int axis, Tensor index, Tensor output) {
    timed("scatterAdd", () -> backend.scatterAdd(input, axis, index, output));
  }

  @Override
  public void gather(Tensor input, int axis, Tensor index, Tensor output) {
    timed("gather", () -> backend.gather(input, axis, index, output));
  }

  @Override
  public void copy(Tensor input, Tensor output) {
    timed("copy", () -> backend.copy(input, output));
  }

  @Override
  public void matmul(Tensor a, Tensor b, Tensor output) {
    timed("matmul", () -> backend.matmul(a, b, output));
  }

  @Override
  public void matmul(Tensor a, Tensor b, Epilogue epilogue, Tensor output) {
    timed("matmul", () -> backend.matmul(a, b, epilogue, output));
  }

  @Override
  public void attention(
      Tensor query, Tensor key, Tensor value, boolean causal, Tensor output, Tensor numbers) {
    timed("attention", () -> backend.attention(query, key, value, causal, output, numbers));
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
    timed(
        "attention, gradients",
        () -> backend.attentionGradient(dy, query, key, value, causal, output, numbers, gradients));
  }

  @Override
  public void conv2d(Tensor x, Tensor weight, Conv2dGeometry geometry, Tensor output) {
    timed("convolution, forward", () -> backend.conv2d(x, weight, geometry, output));
  }

  @Override
  public void conv2d(
      Tensor x, Tensor weight, Conv2dGeometry geometry, Epilogue epilogue, Tensor output) {
    timed("convolution, forward", () -> backend.conv2d(x, weight, geometry, epilogue, output));
  }

  @Override
  public void conv2dInputGradient(
      Tensor dy, Tensor weight, Conv2dGeometry geometry, Tensor output) {
    timed(
        "convolution, input gradient",
        () -> backend.conv2dInputGradient(dy, weight, geometry, output));
  }

  @Override
  public void conv2dWeightGradient(Tensor dy, Tensor x, Conv2dGeometry geometry, Tensor output) {
    timed(
        "convolution, weight gradient",
        () -> backend.conv2dWeightGradient(dy, x, geometry, output));
  }

  @Override
  public void maxPool2d(Tensor x, PoolGeometry geometry, Tensor values, Tensor indices) {
    timed("maxPool2d", () -> backend.maxPool2d(x, geometry, values, indices));
  }

  @Override
  public void softmax(Tensor x, boolean logarithm, Tensor output) {
    String name = logarithm ? "logSoftmax" : "softmax";
    timed(name, () -> backend.softmax(x, logarithm, output));
  }

  @Override
  public void argmax(Tensor x, int axis, Tensor output) {
    timed("argmax", () -> backend.argmax(x, axis, output));
  }

  @Override
  public void argsort(Tensor x, int axis, boolean descending, Tensor output) {
    timed("argsort", () -> backend.argsort(x, axis, descending, output));
  }

  @Override
  public void scan(Tensor x, int axis, Scan scan, Tensor output) {
    timed("scan", () -> backend.scan(x, axis, scan, output));
  }

  @Override
  public void recurrence(Tensor x, int axis, Tensor factors, Tensor output) {
    timed("recurrence", () -> backend.recurrence(x, axis, factors, output));
  }

  @Override
  public void scatter(Tensor input, int axis, Tensor index, Scatter scatter, Tensor output) {
    timed("scatter", () -> backend.scatter(input, axis, index, scatter, output));
  }

  @Override
  public void random(Distribution distribution, Seed seed, long counter, Tensor output) {
    timed("random", () -> backend.random(distribution, seed, counter, output));
  }
}
