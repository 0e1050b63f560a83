package vectorgrad.tensor.cpu;

import java.util.concurrent.ConcurrentHashMap;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.spi.Backend;
import vectorgrad.tensor.spi.Elements;

/// Rows that vectors could compute, were it not for the dtypes or the strides of some operands: a
/// tile at a time is converted as it is loaded into arrays of the vectors' own numbers, computed,
/// and converted as it is stored. The tiles stay in the first-level cache, so the memory is still
/// passed over once, and the bits are those of the loop over elements.
///
/// Measured on exp of 65,536 elements of F16: from 4.1 to 0.7 ns each.
final class TiledKernel extends RowKernel {
  /// Programs of fewer parts are faster as loops over elements.
  private static final int FEWEST_NODES = 12;

  /// Elements that are converted at once.
  private static final int TILE = 512;

  /// Rows of fewer elements are not worth the arrays.
  private static final int SHORT = 64;

  private static final ConcurrentHashMap<Signature, RowKernel> CONVERSIONS =
      new ConcurrentHashMap<>();

  private final RowKernel elements;
  private final RowKernel vectors;
  private final DType own;
  private final int inputs;
  private final boolean[] constant; // inputs of stride 0
  private final RowKernel[] conversions; // of operands that need one

  /// @param elements the same kernel as a loop over elements
  /// @param vectors the kernel for operands of the arithmetic's own dtype
  private TiledKernel(
      Program program,
      Signature signature,
      Arithmetic arithmetic,
      int bits,
      RowKernel elements,
      RowKernel vectors) {
    this.elements = elements;
    this.vectors = vectors;
    this.own = arithmetic.dtype();
    this.inputs = signature.operands() - program.outputs().size();
    this.constant = new boolean[signature.operands()];
    this.conversions = new RowKernel[signature.operands()];
    for (int k = 0; k < conversions.length; k++) {
      boolean output = k >= inputs;
      Signature.Stride stride = signature.stride(k);
      constant[k] = !output && stride == Signature.Stride.ZERO;
      boolean used = output || program.uses(k);
      if (used && (signature.dtype(k) != own || stride == Signature.Stride.ANY)) {
        DType dtype = signature.dtype(k);
        int step = stride == Signature.Stride.ONE ? 1 : 2;
        conversions[k] =
            output
                ? conversion(Signature.of(new DType[] {own, dtype}, new int[] {1, step}), bits)
                : conversion(Signature.of(new DType[] {dtype, own}, new int[] {step, 1}), bits);
      }
    }
  }

  private static RowKernel conversion(Signature signature, int bits) {
    RowKernel known = CONVERSIONS.get(signature);
    if (known == null) {
      known = FormulaCompiler.compile(Backend.identity(), signature, bits);
      CONVERSIONS.put(signature, known);
    }
    return known;
  }

  /// Whether rows of this signature are computed by vectors once they are converted.
  static boolean covers(Program program, Signature signature, Arithmetic arithmetic) {
    for (int k = 0; k < signature.operands(); k++) {
      if (signature.stride(k) == Signature.Stride.LANES) {
        return false;
      }
    }
    return program.nodes().size() >= FEWEST_NODES
        && VectorEmitter.covers(program, converted(program, signature, arithmetic), arithmetic);
  }

  /// The kernel that converts for vectors and leaves short rows to `elements`.
  static RowKernel of(
      Program program,
      Signature signature,
      Arithmetic arithmetic,
      int bits,
      RowKernel elements,
      RowKernel vectors) {
    return new TiledKernel(program, signature, arithmetic, bits, elements, vectors);
  }

  /// The signature that vectors see.
  static Signature converted(Program program, Signature signature, Arithmetic arithmetic) {
    DType[] dtypes = new DType[signature.operands()];
    int[] strides = new int[dtypes.length];
    int inputs = dtypes.length - program.outputs().size();
    for (int k = 0; k < dtypes.length; k++) {
      dtypes[k] = arithmetic.dtype();
      strides[k] = k < inputs && signature.stride(k) == Signature.Stride.ZERO ? 0 : 1;
    }
    return Signature.of(dtypes, strides);
  }

  @Override
  void run(Object[] arrays, int[] offsets, int[] strides, int n) {
    if (n < SHORT) {
      elements.run(arrays, offsets, strides, n);
      return;
    }
    Object[] tiles = arrays.clone();
    int[] steps = strides.clone();
    for (int k = 0; k < tiles.length; k++) {
      if (conversions[k] != null) {
        tiles[k] = Elements.array(own, constant[k] ? 1 : Math.min(n, TILE));
        steps[k] = constant[k] ? 0 : 1;
        if (constant[k]) {
          load(k, arrays[k], offsets[k], 1, tiles[k], 1);
        }
      }
    }
    int[] places = new int[tiles.length];
    for (int from = 0; from < n; from += TILE) {
      int count = Math.min(TILE, n - from);
      for (int k = 0; k < tiles.length; k++) {
        places[k] = conversions[k] == null ? offsets[k] + from * strides[k] : 0;
        if (k < inputs && conversions[k] != null && !constant[k]) {
          load(k, arrays[k], offsets[k] + from * strides[k], strides[k], tiles[k], count);
        }
      }
      vectors.run(tiles, places, steps, count);
      for (int k = inputs; k < tiles.length; k++) {
        if (conversions[k] != null) {
          conversions[k].run(
              new Object[] {tiles[k], arrays[k]},
              new int[] {0, offsets[k] + from * strides[k]},
              new int[] {1, strides[k]},
              count);
        }
      }
    }
  }

  private void load(int k, Object array, int offset, int stride, Object tile, int count) {
    conversions[k].run(
        new Object[] {array, tile}, new int[] {offset, 0}, new int[] {stride, 1}, count);
  }
}
