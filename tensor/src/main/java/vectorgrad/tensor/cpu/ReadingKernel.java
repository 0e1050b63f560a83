package vectorgrad.tensor.cpu;

import vectorgrad.numerics.Program;

/// Evaluates a program by reading it anew for every element: for programs too long to be compiled.
final class ReadingKernel extends RowKernel {
  private final Program program;
  private final Arithmetic arithmetic;

  ReadingKernel(Program program, Arithmetic arithmetic) {
    this.program = program;
    this.arithmetic = arithmetic;
  }

  @Override
  void run(Object[] arrays, int[] offsets, int[] strides, int n) {
    if (arithmetic == Arithmetic.FLOAT) {
      floats(arrays, offsets, strides, n);
    } else {
      doubles(arrays, offsets, strides, n); // float64 holds every i32
    }
  }

  private void floats(Object[] arrays, int[] offsets, int[] strides, int n) {
    float[] out = new float[program.outputs().size()];
    float[] in = new float[arrays.length - out.length];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < in.length; k++) {
        in[k] = (float) get(arrays[k], offsets[k] + i * strides[k]);
      }
      program.evaluate(in, out);
      for (int o = 0, k = in.length; o < out.length; o++, k++) {
        set(arrays[k], offsets[k] + i * strides[k], out[o]);
      }
    }
  }

  private void doubles(Object[] arrays, int[] offsets, int[] strides, int n) {
    double[] out = new double[program.outputs().size()];
    double[] in = new double[arrays.length - out.length];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < in.length; k++) {
        in[k] = get(arrays[k], offsets[k] + i * strides[k]);
      }
      program.evaluate(in, out);
      for (int o = 0, k = in.length; o < out.length; o++, k++) {
        set(arrays[k], offsets[k] + i * strides[k], out[o]);
      }
    }
  }

  private static double get(Object array, int place) {
    return switch (array) {
      case float[] f -> f[place];
      case double[] d -> d[place];
      case int[] i -> i[place];
      case byte[] b -> b[place];
      default -> throw new IllegalArgumentException("not an array of numbers: " + array.getClass());
    };
  }

  private static void set(Object array, int place, double value) {
    switch (array) {
      case float[] f -> f[place] = (float) value;
      case double[] d -> d[place] = value;
      case int[] i -> i[place] = (int) value;
      case byte[] b -> b[place] = (byte) (value != 0 ? 1 : 0);
      default -> throw new IllegalArgumentException("not an array of numbers: " + array.getClass());
    }
  }
}
