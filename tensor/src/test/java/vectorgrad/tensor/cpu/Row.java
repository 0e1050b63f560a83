package vectorgrad.tensor.cpu;

import java.util.Random;
import vectorgrad.numerics.Precision;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.spi.Elements;

/// Operands of one row of a program, filled with nasty numbers, and what the program's own reading
/// makes of them.
@SuppressWarnings("ArrayRecordComponent") // never compared
record Row(Program program, DType[] dtypes, Object[] arrays, int[] offsets, int[] strides, int n) {
  private static final double[] NASTY = {
    0,
    -0.0,
    1,
    -1,
    0.5,
    1.5,
    2.5,
    -0.3,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Float.MIN_VALUE,
    Float.MIN_NORMAL,
    Float.MAX_VALUE,
    Double.MIN_VALUE,
    Double.MAX_VALUE,
    8388607.5,
    8388608,
    -88.5,
    89,
    -104,
    0x1p52,
    1e-8
  };

  /// A row with each operand in an array of its own.
  static Row of(Random random, Program program, DType[] dtypes, int[] strides, int n) {
    Object[] arrays = new Object[dtypes.length];
    int[] offsets = new int[dtypes.length];
    int common = random.nextInt(3);
    boolean shareOffset = random.nextBoolean();
    for (int k = 0; k < arrays.length; k++) {
      int before = shareOffset ? common : random.nextInt(20);
      int reach = (n - 1) * strides[k];
      offsets[k] = before + Math.max(0, -reach);
      arrays[k] = array(random, dtypes[k], before + Math.abs(reach) + 1 + random.nextInt(20));
    }
    return new Row(program, dtypes, arrays, offsets, strides, n);
  }

  private static Object array(Random random, DType dtype, int length) {
    Object array = Elements.array(dtype, length);
    for (int i = 0; i < length; i++) {
      double value =
          random.nextInt(3) == 0 ? NASTY[random.nextInt(NASTY.length)] : random.nextGaussian() * 5;
      switch (array) {
        case float[] f -> f[i] = (float) value;
        case double[] d -> d[i] = value;
        case int[] w -> w[i] = random.nextInt(41) - 20;
        case long[] w -> w[i] = random.nextLong(-20, 21);
        case byte[] b -> b[i] = (byte) random.nextInt(dtype == DType.U8 ? 256 : 2);
        case short[] _ -> Elements.set(dtype, array, i, value);
        default -> throw new AssertionError();
      }
    }
    return array;
  }

  /// The same row in copies of the arrays; what shared an array before shares its copy.
  Row copy() {
    Object[] copies = new Object[arrays.length];
    for (int k = 0; k < copies.length; k++) {
      for (int j = 0; j < k; j++) {
        if (arrays[j] == arrays[k]) {
          copies[k] = copies[j];
        }
      }
      if (copies[k] == null) {
        copies[k] =
            switch (arrays[k]) {
              case float[] f -> f.clone();
              case double[] d -> d.clone();
              case int[] w -> w.clone();
              case byte[] b -> b.clone();
              case long[] w -> w.clone();
              case short[] h -> h.clone();
              default -> throw new AssertionError();
            };
      }
    }
    return new Row(program, dtypes, copies, offsets, strides, n);
  }

  Signature signature() {
    return Signature.of(dtypes, strides);
  }

  /// Computes the row as the program reads itself, element by element.
  Row expected() {
    Row result = copy();
    Arithmetic arithmetic = Arithmetic.of(program, signature());
    int outputs = program.outputs().size();
    int inputs = arrays.length - outputs;
    double[] in = new double[inputs];
    float[] floatIn = new float[inputs];
    long[] wholeIn = new long[inputs];
    double[] out = new double[outputs];
    float[] floatOut = new float[outputs];
    long[] wholeOut = new long[outputs];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < inputs; k++) {
        in[k] = result.get(k, i);
        floatIn[k] = (float) in[k];
        wholeIn[k] = arithmetic.isWhole() ? result.whole(k, i) : 0;
      }
      switch (arithmetic) {
        case FLOAT -> program.evaluate(floatIn, floatOut);
        case DOUBLE -> program.lowered(Precision.DOUBLE).evaluate(in, out);
        case INT -> program.evaluate(wholeIn, wholeOut, 32);
        case LONG -> program.evaluate(wholeIn, wholeOut, 64);
      }
      for (int o = 0; o < outputs; o++) {
        DType dtype = dtypes[inputs + o];
        Object array = result.arrays[inputs + o];
        int place = offsets[inputs + o] + i * strides[inputs + o];
        if (arithmetic.isWhole()) {
          Elements.set(dtype, array, place, wholeOut[o]);
        } else {
          double value = arithmetic == Arithmetic.FLOAT ? floatOut[o] : out[o];
          Elements.set(dtype, array, place, value);
        }
      }
    }
    return result;
  }

  Row computed(RowKernel kernel) {
    Row result = copy();
    kernel.run(result.arrays, offsets, strides, n);
    return result;
  }

  /// The numbers of a half operand: of NaN there is one.
  float[] halves(int operand) {
    float[] numbers = new float[((short[]) arrays[operand]).length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) Elements.number(dtypes[operand], arrays[operand], i);
    }
    return numbers;
  }

  private double get(int operand, int i) {
    return Elements.number(
        dtypes[operand], arrays[operand], offsets[operand] + i * strides[operand]);
  }

  private long whole(int operand, int i) {
    return Elements.whole(
        dtypes[operand], arrays[operand], offsets[operand] + i * strides[operand]);
  }
}
