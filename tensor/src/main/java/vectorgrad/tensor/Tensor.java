package vectorgrad.tensor;

import java.lang.reflect.Array;
import java.util.List;
import java.util.Locale;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.spi.Elements;

/// An n-dimensional array of numbers: a [Shape], a [DType], a [Device], and a [Layout] that says
/// where the elements lie. It computes and knows nothing of gradients.
///
/// A tensor never changes for its users: every operation returns a new one. Views ([#transpose()],
/// [#slice], [#expand], [#reshape] where possible) share memory and cost nothing.
///
/// The operations are declared by family: [Elementwise], [Functions], [Rounding], [Predicates],
/// [Reductions], [Statistics], [Extremes], [Products], [Diagonals], [Views], [Slicing],
/// [Rearranging], [Ordering], [Scans], [Indexing], [Masking], [Counting], [Networks],
/// [Convolutions], [TransposedConvolutions], [Unfolding], [Pooling], [AveragePooling],
/// [AdaptivePooling].
///
/// ```java
/// var a = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, Shape.of(2, 3));
/// var b = Tensor.of(10f, 20f, 30f);
/// a.add(b);              // (2, 3): b is broadcast along the rows
/// a.matmul(a.transpose()) // (2, 2)
/// a.sum(1);              // (2)
/// ```
public final class Tensor
    implements Elementwise,
        Functions,
        Rounding,
        Predicates,
        Reductions,
        Statistics,
        Extremes,
        Products,
        Diagonals,
        Views,
        Slicing,
        Rearranging,
        Ordering,
        Scans,
        Indexing,
        Masking,
        Counting,
        Networks,
        Convolutions,
        TransposedConvolutions,
        Unfolding,
        Pooling,
        AveragePooling,
        AdaptivePooling {
  private final Storage storage;
  private final Layout layout;
  private final Device device;

  Tensor(Storage storage, Layout layout, Device device) {
    this.storage = storage;
    this.layout = layout;
    this.device = device;
  }

  // ---- creation -------------------------------------------------------------------------------

  /// A vector of f32 numbers.
  public static Tensor of(float... values) {
    return of(values, Shape.of(values.length));
  }

  /// A vector of f64 numbers.
  public static Tensor of(double... values) {
    return of(values, Shape.of(values.length));
  }

  /// A vector of i32 numbers.
  public static Tensor of(int... values) {
    return of(values, Shape.of(values.length));
  }

  /// A vector of i64 numbers.
  public static Tensor of(long... values) {
    return of(values, Shape.of(values.length));
  }

  /// A vector of u8 numbers, each the lowest 8 bits of a `byte` read as 0 … 255.
  public static Tensor of(byte... values) {
    return of(values, Shape.of(values.length));
  }

  /// A vector of truth values.
  public static Tensor of(boolean... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    return copyOf(bytes, DType.BOOL, Shape.of(values.length), values.length);
  }

  /// An f32 tensor with a copy of `values` in row-major order.
  ///
  /// @throws ShapeException if there are not as many values as elements
  public static Tensor of(float[] values, Shape shape) {
    return copyOf(values, DType.F32, shape, values.length);
  }

  /// An f64 tensor with a copy of `values` in row-major order.
  public static Tensor of(double[] values, Shape shape) {
    return copyOf(values, DType.F64, shape, values.length);
  }

  /// An i32 tensor with a copy of `values` in row-major order.
  public static Tensor of(int[] values, Shape shape) {
    return copyOf(values, DType.I32, shape, values.length);
  }

  /// An i64 tensor with a copy of `values` in row-major order.
  public static Tensor of(long[] values, Shape shape) {
    return copyOf(values, DType.I64, shape, values.length);
  }

  /// A u8 tensor with a copy of `values` in row-major order, each the lowest 8 bits of a `byte`
  /// read as 0 … 255.
  public static Tensor of(byte[] values, Shape shape) {
    return copyOf(values, DType.U8, shape, values.length);
  }

  /// A tensor of any dtype with a copy of its Java array (see [DType] for its type), in row-major
  /// order: for what reads files.
  ///
  /// @throws DTypeException if that is not the dtype's array
  /// @throws ShapeException if there are not as many values as elements
  public static Tensor ofArray(Object array, Shape shape, DType dtype) {
    Class<?> type = Elements.array(dtype, 0).getClass();
    if (array.getClass() != type) {
      throw new DTypeException(
          Message.of("ofArray", dtype + " lies in a " + type.getSimpleName())
              .row("found", array.getClass().getSimpleName()),
          shape);
    }
    return copyOf(array, dtype, shape, Array.getLength(array));
  }

  /// A single f32 number.
  public static Tensor scalar(float value) {
    return copyOf(new float[] {value}, DType.F32, Shape.SCALAR, 1);
  }

  /// A single f64 number.
  public static Tensor scalar(double value) {
    return copyOf(new double[] {value}, DType.F64, Shape.SCALAR, 1);
  }

  /// Zeros on the CPU.
  public static Tensor zeros(Shape shape, DType dtype) {
    return full(0, shape, dtype, Device.CPU);
  }

  /// Ones on the CPU.
  public static Tensor ones(Shape shape, DType dtype) {
    return full(1, shape, dtype, Device.CPU);
  }

  /// Zeros on the given device.
  public static Tensor zeros(Shape shape, DType dtype, Device device) {
    return full(0, shape, dtype, device);
  }

  /// One `value` everywhere, on the CPU.
  ///
  /// @throws DTypeException if the dtype has no such number: a fraction, or beyond its ends, among
  ///   whole numbers; neither 0 nor 1 among truth values
  public static Tensor full(double value, Shape shape, DType dtype) {
    return full(value, shape, dtype, Device.CPU);
  }

  /// One `value` everywhere. Floating dtypes take the nearest number they have.
  ///
  /// @throws DTypeException if the dtype has no such number: a fraction, or beyond its ends, among
  ///   whole numbers; neither 0 nor 1 among truth values. A `double` beyond 2⁵³ is refused for I64
  ///   too, since it may have been rounded before it came here: there is [#of(long...)]
  public static Tensor full(double value, Shape shape, DType dtype, Device device) {
    expectNumber("full", value, shape, dtype);
    return filled(value, shape, dtype, device);
  }

  private static Tensor filled(double value, Shape shape, DType dtype, Device device) {
    Tensor result = uninitialized(shape, dtype, device);
    Tensor one = shape.size() == 1 ? result : uninitialized(Shape.SCALAR, dtype, device);
    device.backend().upload(arrayOf(value, dtype), one);
    if (shape.size()
        > 1) { // a number is an operand, not part of a program: no kernel for each value
      device.backend().copy(one.expand(shape), result);
    }
    return result;
  }

  /// The numbers 0, 1, … up to but without `end`.
  public static Tensor arange(int end, DType dtype) {
    return Creation.arange(0, end, 1, dtype);
  }

  /// The numbers `start`, `start + step`, … up to but without `end`, as NumPy counts them: `⌈(end −
  /// start) / step⌉`, and none if `step` leads away from `end`. Each is `start + i·step`, rounded
  /// once to `dtype`; with a fractional step prefer [#linspace], whose count is certain.
  ///
  /// @throws IllegalArgumentException if the step is 0 or a number is not finite
  /// @throws DTypeException if `dtype` has whole numbers, and a fraction or one beyond them occurs
  public static Tensor arange(double start, double end, double step, DType dtype) {
    return Creation.arange(start, end, step, dtype);
  }

  /// `steps` numbers evenly from `start` to `end`, both of them exactly; just `start` if it is one.
  ///
  /// @throws DTypeException if `dtype` is not floating
  public static Tensor linspace(double start, double end, int steps, DType dtype) {
    return Creation.linspace(start, end, steps, dtype);
  }

  /// `steps` powers of `base`, whose exponents go evenly from `start` to `end`.
  ///
  /// @throws DTypeException if `dtype` is not floating
  public static Tensor logspace(double start, double end, int steps, double base, DType dtype) {
    return Creation.logspace(start, end, steps, base, dtype);
  }

  /// The identity matrix (n, n): ones on the main diagonal.
  public static Tensor eye(int n, DType dtype) {
    return Creation.eye(n, n, dtype);
  }

  /// A matrix of the given size with ones on its main diagonal, and zeros elsewhere.
  public static Tensor eye(int rows, int columns, DType dtype) {
    return Creation.eye(rows, columns, dtype);
  }

  /// A matrix of the given size with ones up to the given `diagonal`, where `j ≤ i + diagonal`, and
  /// zeros above: of BOOL, the causal mask of attention.
  public static Tensor tri(int rows, int columns, int diagonal, DType dtype) {
    return Diagonals.mask(rows, columns, diagonal, true).to(dtype);
  }

  /// I32 (2, n): the rows and the columns of the elements that [#tril(int)] keeps, in row-major
  /// order.
  public static Tensor trilIndices(int rows, int columns, int diagonal) {
    return Creation.triangleIndices(rows, columns, diagonal, true);
  }

  /// I32 (2, n): the rows and the columns of the elements that [#triu(int)] keeps, in row-major
  /// order.
  public static Tensor triuIndices(int rows, int columns, int diagonal) {
    return Creation.triangleIndices(rows, columns, diagonal, false);
  }

  /// The coordinates of a grid: tensor `i` holds vector `i` along axis `i`, repeated along the
  /// others by stride 0. The axes come in the order of the vectors (NumPy's `indexing="ij"`).
  ///
  /// @throws ShapeException if an operand is no vector
  public static List<Tensor> meshgrid(Tensor... vectors) {
    return Creation.meshgrid(vectors);
  }

  /// Zeros of the shape and dtype, and on the device, of `x`.
  public static Tensor zerosLike(Tensor x) {
    return fullLike(x, 0);
  }

  /// Ones of the shape and dtype, and on the device, of `x`.
  public static Tensor onesLike(Tensor x) {
    return fullLike(x, 1);
  }

  /// One `value` everywhere, in the shape and dtype, and on the device, of `x`.
  public static Tensor fullLike(Tensor x, double value) {
    return full(value, x.shape(), x.dtype(), x.device());
  }

  /// Random numbers evenly in `[0, 1)`, f32 or f64. The same seed, counter and shape always give
  /// the same numbers.
  public static Tensor uniform(Seed seed, long counter, Shape shape, DType dtype) {
    return random(Distribution.uniform(), seed, counter, shape, dtype, Device.CPU);
  }

  /// Random numbers with mean 0 and variance 1, f32 or f64. The same seed, counter and shape always
  /// give the same numbers.
  public static Tensor normal(Seed seed, long counter, Shape shape, DType dtype) {
    return random(Distribution.normal(), seed, counter, shape, dtype, Device.CPU);
  }

  /// Random numbers of any [Distribution], which says how they are made; drawn on the given device,
  /// the same ones on every device.
  ///
  /// @throws DTypeException if the distribution does not draw this dtype
  public static Tensor random(
      Distribution distribution, Seed seed, long counter, Shape shape, DType dtype, Device device) {
    return Sampling.random(distribution, seed, counter, shape, dtype, device);
  }

  /// BOOL, on the device of `p`: true with the probability in `p` (floating, any shape), that is
  /// where `u < p` with `u` as [Distribution.Uniform] draws it in f64.
  ///
  /// @throws TensorException if an element is no probability
  public static Tensor bernoulli(Seed seed, long counter, Tensor p) {
    return Sampling.bernoulli(seed, counter, p);
  }

  /// The numbers 0 … n − 1 in random order, I32, by Fisher and Yates: for `i` from 0 on, number `i`
  /// takes place `j = ⌊(i + 1)·uᵢ⌋` and what was there moves to place `i`. `uᵢ` is element `i` of a
  /// uniform draw in f64 from counter 0.
  public static Tensor permutation(Seed seed, int n) {
    return Sampling.permutation(seed, n);
  }

  /// Indices drawn by weight.
  ///
  /// | | shape | |
  /// |---|---|---|
  /// | `weights` | (…, K) | floating, not negative; they need not add up to 1 |
  /// | result | (…, `count`) | I32, on the device of the weights |
  ///
  /// With `replacement`, sample `i` is the first index at which the running sum of the weights
  /// exceeds `uᵢ` times their sum, `u` a uniform draw in f64. Without, every index waits a time `Eₖ
  /// / weightₖ`, `E` an exponential draw of the shape of the weights, and those that come first are
  /// taken, in that order: exactly what drawing one after the other without putting back would
  /// give, but each index for itself (Efraimidis & Spirakis, 2006). An index of weight 0 never
  /// comes up.
  ///
  /// @throws TensorException if a weight is negative or not finite, if all of a row are 0, or if
  ///   there are fewer above 0 than `count`, without replacement
  public static Tensor multinomial(
      Seed seed, long counter, Tensor weights, int count, boolean replacement) {
    return Sampling.multinomial(seed, counter, weights, count, replacement);
  }

  private static Object arrayOf(double value, DType dtype) {
    Object array = Elements.array(dtype, 1);
    Elements.set(dtype, array, 0, value);
    return array;
  }

  /// A Java number beside this tensor, as an operand of the operation: it takes this dtype, which
  /// must have it.
  Tensor number(String operation, double value) {
    expectNumber(operation, value, shape(), dtype());
    return filled(value, Shape.SCALAR, dtype(), device);
  }

  static void expectNumber(String operation, double value, Shape shape, DType dtype) {
    if (dtype.isFloating()) {
      return;
    }
    double least = dtype == DType.I64 ? -0x1p53 : dtype == DType.I32 ? Integer.MIN_VALUE : 0;
    double most =
        switch (dtype) {
          case I64 -> 0x1p53;
          case I32 -> Integer.MAX_VALUE;
          case U8 -> 255;
          default -> 1;
        };
    if (value >= least && value <= most && value == Math.rint(value)) {
      return;
    }
    String rule =
        switch (dtype) {
          case I64 ->
              "a double is a whole number and exact up to 2⁵³; larger ones by Tensor.of(long...)";
          case BOOL -> "bool holds 0 and 1";
          default -> "%s holds whole numbers from %.0f to %.0f".formatted(dtype, least, most);
        };
    throw new DTypeException(
        Message.of(operation, dtype + " has no number " + value)
            .row("shape", shape)
            .row("rule", rule)
            .row("help", "convert the tensor first, with to(DType.F64)"),
        shape);
  }

  /// A tensor whose elements the caller writes next, as the output of a backend's verb.
  static Tensor uninitialized(Shape shape, DType dtype, Device device) {
    return uninitialized(Layout.contiguous(shape), dtype, device);
  }

  /// As above, where the layout of such memory is known.
  static Tensor uninitialized(Layout rowMajor, DType dtype, Device device) {
    Storage storage = Storage.allocate(device.backend(), dtype, rowMajor.shape().size());
    return new Tensor(storage, rowMajor, device);
  }

  private static Tensor copyOf(Object array, DType dtype, Shape shape, int length) {
    if (length != shape.size()) {
      throw new ShapeException(
          "of", shape + " has " + shape.size() + " elements, found " + length + " values", shape);
    }
    Tensor result = uninitialized(shape, dtype, Device.CPU);
    result.device.backend().upload(array, result);
    return result;
  }

  // ---- what it is -----------------------------------------------------------------------------

  /// The sizes of the axes.
  public Shape shape() {
    return layout.shape();
  }

  /// The type of the elements.
  public DType dtype() {
    return storage.dtype();
  }

  /// Where the elements live.
  public Device device() {
    return device;
  }

  /// Where the elements lie in the memory.
  public Layout layout() {
    return layout;
  }

  /// The number of axes.
  public int rank() {
    return layout.shape().rank();
  }

  /// The size of one axis; negative axes count from the end.
  public int size(int axis) {
    return layout.shape().get(axis);
  }

  /// The number of elements.
  public int size() {
    return layout.shape().size();
  }

  /// How often the memory under this tensor was written in place, which only a [Cell] does.
  public long version() {
    return storage.version();
  }

  /// The memory, as the backend of this tensor's device knows it: for backends.
  ///
  /// @throws ClosedScopeException if the scope that owned it has closed
  public Object memory() {
    return storage.memory();
  }

  /// Whether the scope that owned the memory has closed, so that nobody can read it any more.
  public boolean isRecycled() {
    return storage.isRecycled();
  }

  /// Whether these elements can stand for a copy of them made now: no [Cell] writes them, and their
  /// memory is the garbage collector's or that of the innermost [Scope].
  public boolean lasts() {
    return storage.lasts();
  }

  Storage storage() {
    return storage;
  }

  /// What this tensor is, in one line: dtype, shape, strides, device, whether it is all of its
  /// memory, a view of a part, or one that repeats elements by stride 0, and bytes.
  public String describe() {
    int elements = size();
    for (int axis = 0; axis < rank() && elements > 0; axis++) {
      elements /= layout.stride(axis) == 0 ? size(axis) : 1;
    }
    long bytes = (long) elements * dtype().bytes();
    long all = (long) storage.length() * dtype().bytes();
    boolean whole = layout.isContiguous() && size() == storage.length();
    String memory =
        whole
            ? String.format(Locale.ROOT, "all of its memory, %,d bytes", all)
            : elements < size()
                ? String.format(Locale.ROOT, "a view that repeats %,d bytes of %,d", bytes, all)
                : String.format(Locale.ROOT, "a view, %,d bytes of %,d", bytes, all);
    return dtype() + " " + layout + " on " + device + ", " + memory;
  }

  // ---- views, copies, transfers ---------------------------------------------------------------

  /// The same memory seen through another layout: for backends and their composites.
  ///
  /// @throws ShapeException if the layout leaves the memory
  public Tensor view(Layout other) {
    other.expectWithin(storage.length());
    return within(other);
  }

  /// As [#view], through a layout that only shows what this one does.
  Tensor within(Layout other) {
    return new Tensor(storage, other, device);
  }

  /// This tensor in row-major order: itself if it already is, a copy otherwise.
  public Tensor contiguous() {
    storage.memory();
    if (size() == 0) {
      return view(Layout.contiguous(shape())); // an empty view may point behind its memory
    }
    return layout.isContiguous() ? this : copy();
  }

  /// A copy in memory of its own, row-major.
  public Tensor copy() {
    Tensor result = uninitialized(shape(), dtype(), device);
    device.backend().copy(this, result);
    return result;
  }

  /// This tensor in another dtype: itself if it has that dtype. The one way to lose something:
  ///
  /// | from | to | becomes |
  /// |------|----|---------|
  /// | any | `BOOL` | false if it is 0, else true, NaN too |
  /// | `BOOL` | any | 0 or 1 |
  /// | floating | `I32`, `I64`, `U8` | cut towards zero; the nearest there is beyond the ends; 0 for NaN |
  /// | `I32`, `I64`, `U8` | a smaller one of them | its lowest bits: 300 in `U8` is 44, −1 is 255 |
  /// | any | floating | the nearest there is, the even one of two; ±∞ beyond the largest |
  ///
  /// Every conversion rounds once.
  public Tensor to(DType dtype) {
    if (dtype == dtype()) {
      return this;
    }
    Tensor result = uninitialized(shape(), dtype, device);
    device.backend().copy(this, result);
    return result;
  }

  /// This tensor on another device: itself if it lives there.
  public Tensor to(Device target) {
    if (target == device) {
      return this;
    }
    Tensor result = uninitialized(shape(), dtype(), target);
    target.backend().upload(download(), result);
    return result;
  }

  /// Lets this tensor outlive the scope it was made in: its memory passes to the garbage collector.
  public Tensor keep() {
    storage.release();
    return this;
  }

  // ---- reading --------------------------------------------------------------------------------

  /// A copy of the elements in row-major order, exact: of an F32, F16 or BF16 tensor.
  public float[] toFloats() {
    if (!dtype().isHalf()) {
      expectDType("toFloats", DType.F32, this);
    }
    return (float[]) to(DType.F32).download();
  }

  /// A copy of the elements in row-major order; exact from every dtype but I64, whose numbers
  /// beyond 2⁵³ are rounded.
  public double[] toDoubles() {
    return (double[]) to(Device.CPU).to(DType.F64).download(); // its device may have no f64
  }

  /// A copy of the elements in row-major order, exact: of an I32 or U8 tensor.
  public int[] toInts() {
    if (dtype() != DType.U8) {
      expectDType("toInts", DType.I32, this);
    }
    return (int[]) to(DType.I32).download();
  }

  /// A copy of the elements in row-major order, exact: of an I64, I32 or U8 tensor.
  public long[] toLongs() {
    if (!dtype().isInteger()) {
      expectDType("toLongs", DType.I64, this);
    }
    return (long[]) to(DType.I64).download();
  }

  /// A copy of the bytes of a u8 tensor in row-major order; Java's are signed, `b & 0xff` is the
  /// number.
  public byte[] toBytes() {
    expectDType("toBytes", DType.U8, this);
    return (byte[]) download();
  }

  /// A copy of the elements of a bool tensor in row-major order.
  public boolean[] toBooleans() {
    expectDType("toBooleans", DType.BOOL, this);
    byte[] bytes = (byte[]) download();
    boolean[] values = new boolean[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes[i] != 0;
    }
    return values;
  }

  /// A copy of the elements in row-major order in the dtype's Java array (see [DType] for its
  /// type).
  public Object toArray() {
    return download();
  }

  /// The number in a tensor of one element, exactly; truth is 1.
  ///
  /// @throws ShapeException if there are more, or none
  /// @throws DTypeException if it is an I64 that no `double` is: then there is [#itemLong()]
  public double item() {
    expectOne("item");
    double value = Elements.number(dtype(), download(), 0);
    if (dtype() == DType.I64 && Math.abs(value) >= 0x1p53 && !isExact(value)) {
      throw new DTypeException(
          Message.of("item", "no double is " + itemLong())
              .row("shape", shape())
              .row("help", "read it with itemLong()"),
          shape());
    }
    return value;
  }

  private boolean isExact(double value) {
    return value < 0x1p63 && (long) value == itemLong();
  }

  /// The number in a tensor of one element, exactly: of an I64, I32, U8 or BOOL tensor; truth is 1.
  ///
  /// @throws ShapeException if there are more, or none
  /// @throws DTypeException if it is a floating number
  public long itemLong() {
    expectOne("itemLong");
    if (dtype().isFloating()) {
      throw new DTypeException(
          Message.of("itemLong", "needs whole numbers, found " + dtype())
              .row("shape", shape())
              .row("help", "read it with item(), or convert with to(DType.I64)"),
          shape());
    }
    return Elements.whole(dtype(), download(), 0);
  }

  private void expectOne(String operation) {
    if (size() != 1) {
      throw new ShapeException(
          Message.of(operation, "needs exactly one element, found " + size())
              .row("shape", shape())
              .row("help", "reduce first, or read toDoubles()"),
          shape());
    }
  }

  private Object download() {
    return device.backend().download(contiguous());
  }

  /// The elements in nested brackets as NumPy prints them, then shape, dtype and device.
  ///
  /// Of more than a thousand elements, the middle of long axes is left out. Only what is shown is
  /// read, and decides the notation: as many decimals, at most four, as the numbers' exact bits
  /// take, or scientific notation where sizes differ too much.
  @Override
  public String toString() {
    return Printing.print(this);
  }

  // ---- elementwise programs -------------------------------------------------------------------

  /// Evaluates a fused elementwise program of one formula over the broadcast `inputs`, in one pass.
  ///
  /// @return a fresh tensor: BOOL of truth formulas; else of the dtype the inputs promote to, and
  ///   F64 where that is one of whole numbers and the program leaves them, by a quotient or a root
  public static Tensor map(Program program, Tensor... inputs) {
    return Elementwise.evaluate("map", program, inputs)[0];
  }

  /// Evaluates a fused elementwise program of several formulas over the broadcast `inputs`, in one
  /// pass.
  public static List<Tensor> mapAll(Program program, Tensor... inputs) {
    return List.of(Elementwise.evaluate("map", program, inputs));
  }

  /// `x` where `condition` (BOOL) is true, `y` elsewhere; all three broadcast.
  public static Tensor where(Tensor condition, Tensor x, Tensor y) {
    expectDType("where", DType.BOOL, condition);
    return Elementwise.evaluate("where", Elementwise.Programs.WHERE, condition, x, y)[0];
  }

  /// The sum over `axes` (over everything without axes) of one fused formula of the broadcast
  /// `inputs`; the mapped tensor is never in memory.
  public static Tensor sumOf(Program map, boolean keepDim, int[] axes, Tensor... inputs) {
    return Reductions.sumOf(map, keepDim, axes, inputs);
  }

  /// Evaluates a program that reads sums over `axes` (over everything without axes) of the
  /// broadcast `inputs`, which are floating: `y = x / Σ x` is one. A row that is summed comes from
  /// memory once.
  ///
  /// @return the values of the formula, then the sums, and then those of the columns; the summed
  ///   axes have size 1
  public static List<Tensor> mapRows(RowProgram program, int[] axes, Tensor... inputs) {
    return Reductions.mapRows(program, axes, inputs);
  }

  /// Sums products of elements as a formula of indices says (Einstein's convention).
  ///
  /// | equation | |
  /// |---|---|
  /// | `"ij,jk->ik"` | the product of two matrices |
  /// | `"bhqd,bhkd->bhqk"` | the scores of attention |
  /// | `"ij,jk,kl"` | a chain of products; without `->` the output has, in alphabetical order, the labels that occur once |
  /// | `"ii->i"`, `"ii->"` | the diagonal and the trace |
  /// | `"...ij->...ji"` | an ellipsis stands for any axes, which broadcast |
  ///
  /// Each letter is an index of all the axes that it labels; what the output leaves out is summed.
  /// Axes of size 1 broadcast. Operands are joined two at a time, in the order of the least flops
  /// for up to ten operands and a good one for more, each by a matrix product where it can; see
  /// [#einsumPath]. What only rearranges a tensor is a view. The dtype is what all promote to.
  /// Follows `numpy.einsum`.
  ///
  /// @throws ShapeException if the equation does not fit the operands
  public static Tensor einsum(String equation, Tensor... operands) {
    return Einsum.evaluate(equation, operands);
  }

  /// How [#einsum] would compute an equation of operands of the given shapes, and at what cost.
  /// Nothing is computed.
  ///
  /// @throws ShapeException if the equation does not fit the operands
  public static EinsumPath einsumPath(String equation, Shape... operands) {
    return Einsum.path(equation, operands);
  }

  /// The tensors one behind the other along `axis`, in a copy. They agree in all other sizes.
  public static Tensor concat(int axis, Tensor... parts) {
    return Rearranging.concat(axis, parts);
  }

  /// Tensors of one shape side by side along a new `axis`, in a copy.
  public static Tensor stack(int axis, Tensor... parts) {
    Tensor[] unsqueezed = new Tensor[parts.length];
    for (int i = 0; i < parts.length; i++) {
      unsqueezed[i] = parts[i].unsqueeze(axis);
    }
    return concat(axis, unsqueezed);
  }

  // ---- checks ---------------------------------------------------------------------------------

  /// The device of all the `tensors`; the one place where mixed devices are refused.
  static Device commonDevice(String operation, Tensor... tensors) {
    Device device = tensors.length == 0 ? Device.CPU : tensors[0].device;
    for (Tensor tensor : tensors) {
      expectDevice(operation, device, tensor);
    }
    return device;
  }

  static void expectDevice(String operation, Device expected, Tensor tensor) {
    if (tensor.device != expected) {
      throw new DeviceException(
          Message.of(
                  operation,
                  "operands live on different devices, " + expected + " and " + tensor.device)
              .row("rule", "nothing moves between devices by itself")
              .row("help", "move one of them with to(Device)"),
          tensor.shape());
    }
  }

  static void expectDType(String operation, DType expected, Tensor tensor) {
    if (tensor.dtype() != expected) {
      throw new DTypeException(
          Message.of(operation, "needs " + expected + ", found " + tensor.dtype())
              .row("shape", tensor.shape())
              .row("help", "convert with to(DType." + expected.name() + ")"),
          tensor.shape());
    }
  }

  /// The dtype in which an operation on all the `tensors` computes: see [DType#promote]. None is
  /// that of truth values.
  ///
  /// @throws DTypeException if one is I64 and another floating: no dtype holds all of both
  public static DType promote(String operation, Tensor... tensors) {
    if (tensors.length == 0) {
      return DType.BOOL;
    }
    DType common = tensors[0].dtype();
    for (int i = 1; i < tensors.length; i++) {
      DType dtype = tensors[i].dtype();
      if (dtype != common) {
        if (!common.promotesWith(dtype)) {
          throw notPromoted(operation, common, dtype, tensors);
        }
        common = common.promote(dtype);
      }
    }
    return common;
  }

  private static DTypeException notPromoted(
      String operation, DType left, DType right, Tensor... tensors) {
    Message message = Message.of(operation, "no dtype holds both " + left + " and " + right);
    Shape[] shapes = new Shape[tensors.length];
    for (int i = 0; i < tensors.length; i++) {
      shapes[i] = tensors[i].shape();
      String name = tensors.length > 2 ? "in " + i : i == 0 ? "left" : "right";
      message.row(name, shapes[i] + " " + tensors[i].dtype());
    }
    message.row("help", "convert one of them, perhaps with to(DType.F64)");
    return new DTypeException(message, shapes);
  }

  /// The dtype of both; nothing is converted silently.
  static DType commonDType(String operation, Tensor left, Tensor right) {
    if (left.dtype() != right.dtype()) {
      throw new DTypeException(
          Message.of(operation, "dtypes differ, " + left.dtype() + " and " + right.dtype())
              .row("left", left.shape() + " " + left.dtype())
              .row("right", right.shape() + " " + right.dtype())
              .row("help", "convert one of them with to(DType)"),
          left.shape(),
          right.shape());
    }
    return left.dtype();
  }
}
