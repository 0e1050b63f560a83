package vectorgrad.tensor.cpu;

import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.spi.Elements;

/// Evaluates a program by reading it anew for every element: for programs too long to be compiled.
final class ReadingKernel extends RowKernel {
  private final Program program;
  private final Arithmetic arithmetic;
  private final DType[] dtypes;
  private final int inputs;
  private final int outputs;

  ReadingKernel(Program program, Signature signature, Arithmetic arithmetic) {
    this.program = program;
    this.arithmetic = arithmetic;
    this.outputs = program.outputs().size();
    this.inputs = signature.operands() - outputs;
    this.dtypes = new DType[signature.operands()];
    for (int k = 0; k < dtypes.length; k++) {
      dtypes[k] = signature.dtype(k);
    }
  }

  @Override
  void run(Object[] arrays, int[] offsets, int[] strides, int n) {
    int[] places = offsets.clone(); // never of lanes: RowPass does not ask for them here
    for (int i = 0; i < n; i++) {
      if (arithmetic.isWhole()) {
        wholeNumbers(arrays, places);
      } else if (arithmetic == Arithmetic.FLOAT) {
        floats(arrays, places);
      } else {
        doubles(arrays, places);
      }
      for (int k = 0; k < places.length; k++) {
        places[k] += strides[k];
      }
    }
  }

  private void floats(Object[] arrays, int[] places) {
    float[] in = new float[inputs];
    float[] out = new float[outputs];
    for (int k = 0; k < inputs; k++) {
      in[k] = (float) Elements.number(dtypes[k], arrays[k], places[k]);
    }
    program.evaluate(in, out);
    for (int o = 0, k = inputs; o < outputs; o++, k++) {
      Elements.set(dtypes[k], arrays[k], places[k], (double) out[o]);
    }
  }

  private void doubles(Object[] arrays, int[] places) {
    double[] in = new double[inputs];
    double[] out = new double[outputs];
    for (int k = 0; k < inputs; k++) {
      in[k] = Elements.number(dtypes[k], arrays[k], places[k]);
    }
    program.evaluate(in, out);
    for (int o = 0, k = inputs; o < outputs; o++, k++) {
      Elements.set(dtypes[k], arrays[k], places[k], out[o]);
    }
  }

  private void wholeNumbers(Object[] arrays, int[] places) {
    long[] in = new long[inputs];
    long[] out = new long[outputs];
    for (int k = 0; k < inputs; k++) {
      in[k] = Elements.whole(dtypes[k], arrays[k], places[k]);
    }
    program.evaluate(in, out, arithmetic == Arithmetic.INT ? 32 : 64);
    for (int o = 0, k = inputs; o < outputs; o++, k++) {
      Elements.set(dtypes[k], arrays[k], places[k], out[o]);
    }
  }
}
