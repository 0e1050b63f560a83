package vectorgrad.tensor.spi;

import java.util.List;
import java.util.Optional;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Distribution;
import vectorgrad.tensor.Epilogue;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.RowProgram;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Tensor;

/// What a device must be able to do: a few verbs on strided operands.
///
/// Five have no default: [#allocate], [#upload] and [#download], [#pointwise], [#reduce] and
/// [#scatterAdd] are enough to run everything. The others have a composite default, written as
/// views, elementwise formulas and reductions, that says what they mean; a fast backend overrides
/// them.
///
/// Operands arrive checked: shapes agree, broadcast operands are expanded, devices are the same.
/// The output is allocated by the caller, overlaps no input unless stated, and every element of it
/// must be written. Results depend on shapes and values alone, never on the number of threads.
public interface Backend {
  /// One line on what this backend computes with, such as its lanes and threads.
  String describe();

  /// Further lines on what it can do, for those who look for what is missing.
  default List<String> details() {
    return List.of();
  }

  /// What this backend could not compute and left to the processor so far, since that was asked
  /// for: a line for each kernel, with how often.
  default List<String> fallbacks() {
    return List.of();
  }

  /// The number of threads the kernels use.
  default int threads() {
    return 1;
  }

  /// Sets the number of threads the kernels use; a backend without threads of its own ignores it.
  default void threads(int threads) {}

  /// A backend of the same kind that tells `listener` when each of its kernels ran, by the clock of
  /// what they ran on; empty if this one has no such clock, and only its callers can time it. What
  /// has run by the time a value is read has been told by then.
  default Optional<Backend> heardBy(KernelListener listener) {
    return Optional.empty();
  }

  /// Whether another thread may [#allocate], [#upload] and [#release] while one computes: then
  /// loaders send their batches ahead. Worth it where kernels run while their callers go on.
  default boolean takesAhead() {
    return false;
  }

  /// Memory for `length` elements, of unspecified content.
  Object allocate(DType dtype, int length);

  /// Takes memory back that nobody is going to touch any more; what has been asked for is still
  /// computed with it. What does not come back so is the garbage collector's.
  default void release(Object memory) {}

  /// Copies a Java array (see [DType] for its type) into the memory of `output`, which is
  /// contiguous from its offset on.
  void upload(Object array, Tensor output);

  /// Copies the elements of `input`, which is contiguous from its offset on, into a fresh Java
  /// array (see [DType] for its type).
  Object download(Tensor input);

  /// Evaluates a fused elementwise `program`: output `o` at every index is formula `o` of the
  /// inputs at that index. An output may be the very same tensor as an input.
  ///
  /// It computes in the dtype the inputs promote to ([DType#promote]) and converts as it loads and
  /// stores, each time rounding once. Halves are computed in F32. Whole numbers are computed with
  /// as such where the program stays among them ([Program#isWhole]), in 32 bits, or in 64 if an
  /// operand is I64, and in F64 where it does not.
  void pointwise(Program program, Tensor[] inputs, Tensor[] outputs);

  /// Evaluates the one formula of `map` at every index of the inputs and joins the results:
  /// `output` has the inputs' shape and stride 0 along the axes that are reduced. Whole numbers are
  /// joined in 64 bits, floating ones in their own dtype or wider, halves in F32 or wider; what
  /// comes out is rounded once.
  void reduce(Program map, Reduction reduction, Tensor[] inputs, Tensor output);

  /// Evaluates a program that reads sums: each into one of `sums`, which have the inputs' shape and
  /// stride 0 along the axes that are summed, and then the formula into `output`. The last sums are
  /// those of the columns. All are floating.
  default void mapRows(RowProgram program, Tensor[] inputs, Tensor[] sums, Tensor output) {
    Composites.mapRows(this, program, inputs, sums, output);
  }

  /// `output[…, index[…, i, …], …] += input[…, i, …]` along `axis`, in row-major order of the
  /// input, onto what the output holds. `index` is I32, of the input's shape; values outside the
  /// axis throw an [IndexOutOfBoundsException].
  void scatterAdd(Tensor input, int axis, Tensor index, Tensor output);

  /// `output[…, i, …] = input[…, index[…, i, …], …]` along `axis`; `index` is I32, of the output's
  /// shape.
  void gather(Tensor input, int axis, Tensor index, Tensor output);

  /// Copies `input` into `output`, converting the dtype: towards zero from floating to integer,
  /// nonzero to true.
  default void copy(Tensor input, Tensor output) {
    pointwise(Composites.IDENTITY, new Tensor[] {input}, new Tensor[] {output});
  }

  /// `C = A·B` for every batch: `a` is (…, M, K), `b` is (…, K, N), `output` (…, M, N), with equal
  /// batch axes. All have one dtype; but for an F32 output operands may be F16 or BF16, which are
  /// read as F32.
  default void matmul(Tensor a, Tensor b, Tensor output) {
    Composites.matmul(this, a, b, output);
  }

  /// The same, and what the epilogue makes of it; its tensors have the shape of `output`, expanded.
  default void matmul(Tensor a, Tensor b, Epilogue epilogue, Tensor output) {
    matmul(a, b, output);
    epilogue.apply(this, output);
  }

  /// `softmax(Q·Kᵀ/√d)·V` for every head: `query` is (N, H, Lq, d), `key` (N, G, Lk, d), `value`
  /// (N, G, Lk, v), where G divides H and neighbouring heads of queries share one of keys; `output`
  /// is (N, H, Lq, v). If `causal`, query i sees the keys up to i + Lk − Lq, and one that sees none
  /// gives 0. Into `numbers` (N, H, Lq, 2) goes what [#attentionGradient] needs: the largest `q·k`
  /// of each query, and the sum of `exp((q·k − largest)/√d)`; 0 and 1 where it sees nothing.
  ///
  /// All are F32, or all F64, and no size is 0. The last axis of the outputs has stride 1.
  default void attention(
      Tensor query, Tensor key, Tensor value, boolean causal, Tensor output, Tensor numbers) {
    Composites.attention(query, key, value, causal, output, numbers);
  }

  /// The `gradients` of [#attention] with respect to queries, keys and values, each of the shape of
  /// what it belongs to, from `dy` (N, H, Lq, v) and what that verb gave.
  default void attentionGradient(
      Tensor dy,
      Tensor query,
      Tensor key,
      Tensor value,
      boolean causal,
      Tensor output,
      Tensor numbers,
      Tensor[] gradients) {
    Composites.attentionGradient(dy, query, key, value, causal, output, numbers, gradients);
  }

  /// The cross-correlation of `x` (N, C, H, W) with `weight` (O, C / groups, kH, kW) into (N, O,
  /// oH, oW).
  default void conv2d(Tensor x, Tensor weight, Conv2dGeometry geometry, Tensor output) {
    Composites.conv2d(this, x, weight, geometry, output);
  }

  /// The same, and what the epilogue makes of it; its tensors have the shape of `output`, expanded.
  default void conv2d(
      Tensor x, Tensor weight, Conv2dGeometry geometry, Epilogue epilogue, Tensor output) {
    conv2d(x, weight, geometry, output);
    epilogue.apply(this, output);
  }

  /// The gradient of [#conv2d] with respect to its input, from `dy` (N, O, oH, oW) into (N, C, H,
  /// W).
  default void conv2dInputGradient(
      Tensor dy, Tensor weight, Conv2dGeometry geometry, Tensor output) {
    Composites.conv2dInputGradient(this, dy, weight, geometry, output);
  }

  /// The gradient of [#conv2d] with respect to its weight, from `dy` (N, O, oH, oW) and `x` (N, C,
  /// H, W).
  default void conv2dWeightGradient(Tensor dy, Tensor x, Conv2dGeometry geometry, Tensor output) {
    Composites.conv2dWeightGradient(this, dy, x, geometry, output);
  }

  /// The maximum of every window of `x` (N, C, H, W) into `values` (N, C, oH, oW), and its place
  /// `h·W + w` in the plane into `indices` (I32): the first of equals, the first NaN if there is
  /// one.
  default void maxPool2d(Tensor x, PoolGeometry geometry, Tensor values, Tensor indices) {
    Composites.maxPool2d(this, x, geometry, values, indices);
  }

  /// Softmax over the last axis, `exp(x − max) / Σ exp(x − max)`, or its logarithm. An exponential
  /// that is subnormal may count as 0.
  default void softmax(Tensor x, boolean logarithm, Tensor output) {
    Composites.softmax(x, logarithm, output);
  }

  /// The index of the largest element along `axis` into `output` (I32, without that axis): the
  /// first of equals, the first NaN if there is one.
  default void argmax(Tensor x, int axis, Tensor output) {
    Composites.argmax(this, x, axis, output);
  }

  /// The places along `axis` of the elements in rising order, in falling order if `descending`,
  /// into `output` (I32): the first ones, as many as the output has along the axis. Equal elements
  /// keep their order, −0 and 0 are equal, NaN is larger than every number. `x` is F32, F64, I32 or
  /// I64.
  default void argsort(Tensor x, int axis, boolean descending, Tensor output) {
    Sorting.argsort(this, x, axis, descending, output);
  }

  /// What `scan` makes of the elements up to each one along `axis`: of F32, F64 and I64 into the
  /// same dtype; places, of these and I32, into I32.
  default void scan(Tensor x, int axis, Scan scan, Tensor output) {
    Scanning.scan(this, x, axis, scan, output);
  }

  /// `output₀ = x₀` and `outputᵢ = xᵢ + factorsᵢ₋₁·outputᵢ₋₁` along `axis`, which is at least 2
  /// long and one shorter in `factors`: from the first on, in float64, rounded once as it is
  /// stored. All are F32, or all F64.
  default void recurrence(Tensor x, int axis, Tensor factors, Tensor output) {
    Scanning.recurrence(this, x, axis, factors, output);
  }

  /// `output[…, index[…, i, …], …]` joined with `input[…, i, …]` as `scatter` says, along `axis`
  /// and in row-major order of the input, onto what the output holds. `index` is I32, of the
  /// input's shape; values outside the axis throw an [IndexOutOfBoundsException]. The others are
  /// both F32, F64, I32 or I64.
  default void scatter(Tensor input, int axis, Tensor index, Scatter scatter, Tensor output) {
    Scanning.scatter(this, input, axis, index, scatter, output);
  }

  /// Random numbers into the contiguous `output`, whose dtype the distribution draws: see
  /// [Distribution] for which numbers they are, and why they are the same everywhere.
  default void random(Distribution distribution, Seed seed, long counter, Tensor output) {
    Object draws = Elements.array(output.dtype(), output.size());
    Draws.fill(distribution, seed, counter, output.dtype(), draws, 0, output.size());
    upload(draws, output);
  }

  /// The program `y = x`.
  static Program identity() {
    return Composites.IDENTITY;
  }
}
