package vectorgrad.tensor.cpu;

import java.util.Random;
import vectorgrad.numerics.Precision;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;

/// Operands of one row of a program, filled with nasty numbers, and what the program's own reading
/// makes of them.
@SuppressWarnings("ArrayRecordComponent") // never compared
record Row(Program program, Object[] arrays, int[] offsets, int[] strides, int n) {
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
    return new Row(program, arrays, offsets, strides, n);
  }

  private static Object array(Random random, DType dtype, int length) {
    Object array =
        switch (dtype) {
          case F32 -> new float[length];
          case F64 -> new double[length];
          case I32 -> new int[length];
          case BOOL -> new byte[length];
        };
    for (int i = 0; i < length; i++) {
      double value =
          random.nextInt(3) == 0 ? NASTY[random.nextInt(NASTY.length)] : random.nextGaussian() * 5;
      switch (array) {
        case float[] f -> f[i] = (float) value;
        case double[] d -> d[i] = value;
        case int[] w -> w[i] = random.nextInt(41) - 20;
        case byte[] b -> b[i] = (byte) random.nextInt(2);
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
              default -> throw new AssertionError();
            };
      }
    }
    return new Row(program, copies, offsets, strides, n);
  }

  /// Computes the row as the program reads itself, element by element.
  Row expected() {
    Row result = copy();
    Arithmetic arithmetic = Arithmetic.of(program, Signature.of(arrays, strides));
    int outputs = program.outputs().size();
    int inputs = arrays.length - outputs;
    double[] in = new double[inputs];
    float[] floatIn = new float[inputs];
    double[] out = new double[outputs];
    float[] floatOut = new float[outputs];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < inputs; k++) {
        in[k] = result.get(k, i);
        floatIn[k] = (float) in[k];
      }
      switch (arithmetic) {
        case FLOAT -> program.evaluate(floatIn, floatOut);
        case DOUBLE -> program.lowered(Precision.DOUBLE).evaluate(in, out);
        case INT -> program.evaluate(in, out);
      }
      for (int o = 0; o < outputs; o++) {
        double value = arithmetic == Arithmetic.FLOAT ? floatOut[o] : out[o];
        boolean wraps = arithmetic == Arithmetic.INT;
        result.set(inputs + o, i, wraps ? (int) (long) value : value);
      }
    }
    return result;
  }

  Row computed(RowKernel kernel) {
    Row result = copy();
    kernel.run(result.arrays, offsets, strides, n);
    return result;
  }

  double get(int operand, int i) {
    int place = offsets[operand] + i * strides[operand];
    return switch (arrays[operand]) {
      case float[] f -> f[place];
      case double[] d -> d[place];
      case int[] w -> w[place];
      case byte[] b -> b[place];
      default -> throw new AssertionError();
    };
  }

  private void set(int operand, int i, double value) {
    int place = offsets[operand] + i * strides[operand];
    switch (arrays[operand]) {
      case float[] f -> f[place] = (float) value;
      case double[] d -> d[place] = value;
      case int[] w -> w[place] = (int) value;
      case byte[] b -> b[place] = (byte) (value != 0 ? 1 : 0);
      default -> throw new AssertionError();
    }
  }
}
