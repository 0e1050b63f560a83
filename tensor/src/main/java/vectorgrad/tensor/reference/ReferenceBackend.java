package vectorgrad.tensor.reference;

import java.util.Arrays;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.Walk;
import vectorgrad.tensor.spi.ArrayBackend;
import vectorgrad.tensor.spi.Elements;
import vectorgrad.tensor.spi.Reduction;

/// Every operation as its definition says it: one element after the other, everything computed and
/// accumulated in float64 and rounded once when it is stored, or in whole numbers, exactly. Written
/// to be read; the fast backends are tested against it. What is not here is a composite of what is
/// (see [Backend]).
public final class ReferenceBackend implements ArrayBackend {

  /// The definition. It has no state.
  public ReferenceBackend() {}

  @Override
  public String describe() {
    return "reference: one element at a time, in float64";
  }

  @Override
  public void pointwise(Program program, Tensor[] inputs, Tensor[] outputs) {
    Reading reading = new Reading(program, inputs, wholeBits(program, inputs, outputs));
    forEachElement(
        places -> {
          reading.evaluate(places);
          for (int i = 0; i < outputs.length; i++) {
            if (reading.bits > 0) {
              write(outputs[i], places[inputs.length + i], reading.wholes[i]);
            } else {
              write(outputs[i], places[inputs.length + i], reading.numbers[i]);
            }
          }
        },
        inputs,
        outputs);
  }

  @Override
  public void reduce(Program map, Reduction reduction, Tensor[] inputs, Tensor output) {
    Tensor[] outputs = {output};
    Reading reading = new Reading(map, inputs, areWhole(inputs) && map.isWhole(64) ? 64 : 0);
    int length = lastPlace(output.layout()) + 1;
    double[] totals = new double[length];
    long[] wholes = new long[length];
    Arrays.fill(totals, reduction.identity());
    Arrays.fill(wholes, reduction.wholeIdentity());
    forEachElement(
        places -> {
          reading.evaluate(places);
          int place = places[inputs.length];
          if (reading.bits > 0) {
            wholes[place] = reduction.join(wholes[place], reading.wholes[0]);
          } else {
            totals[place] = reduction.join(totals[place], reading.numbers[0]);
          }
        },
        inputs,
        outputs);
    forEachElement(
        places -> {
          if (reading.bits > 0) {
            write(output, places[0], wholes[places[0]]);
          } else {
            write(output, places[0], totals[places[0]]);
          }
        },
        outputs);
  }

  /// A program evaluated at one index after the other: in float64, or in whole numbers.
  private static final class Reading {
    private final Program program;
    private final Tensor[] inputs;
    private final double[] numbersIn;
    private final long[] wholesIn;
    final int bits; // of the whole numbers; 0 for float64
    final double[] numbers; // the outputs
    final long[] wholes; // or these

    Reading(Program program, Tensor[] inputs, int bits) {
      this.program = program;
      this.inputs = inputs;
      this.bits = bits;
      this.numbersIn = new double[inputs.length];
      this.wholesIn = new long[inputs.length];
      this.numbers = new double[program.outputs().size()];
      this.wholes = new long[program.outputs().size()];
    }

    void evaluate(int[] places) {
      if (bits > 0) {
        for (int i = 0; i < inputs.length; i++) {
          wholesIn[i] = whole(inputs[i], places[i]);
        }
        program.evaluate(wholesIn, wholes, bits);
      } else {
        for (int i = 0; i < inputs.length; i++) {
          numbersIn[i] = number(inputs[i], places[i]);
        }
        program.evaluate(numbersIn, numbers);
      }
    }
  }

  /// Whole numbers are computed with as such where the program stays among them, in 64 bits if any
  /// operand has as many.
  private static int wholeBits(Program program, Tensor[] inputs, Tensor[] outputs) {
    boolean wide = false;
    for (Tensor tensor : concat(inputs, outputs)) {
      wide |= tensor.dtype() == DType.I64;
    }
    int bits = wide ? 64 : 32;
    return areWhole(inputs.length > 0 ? inputs : outputs) && program.isWhole(bits) ? bits : 0;
  }

  private static boolean areWhole(Tensor[] tensors) {
    boolean whole = true;
    for (Tensor tensor : tensors) {
      whole &= !tensor.dtype().isFloating();
    }
    return whole;
  }

  @Override
  public void gather(Tensor input, int axis, Tensor index, Tensor output) {
    // the input without the chosen axis, walked together with the output; the index chooses the
    // place
    Tensor start = start(input, axis, index.shape());
    int stride = input.layout().stride(axis);
    forEachElement(
        places -> {
          int chosen = check(((int[]) index.memory())[places[1]], input.size(axis));
          int from = places[0] + chosen * stride;
          if (input.dtype().isFloating()) {
            write(output, places[2], number(input, from));
          } else {
            write(output, places[2], whole(input, from));
          }
        },
        start,
        index,
        output);
  }

  @Override
  public void scatterAdd(Tensor input, int axis, Tensor index, Tensor output) {
    Tensor start = start(output, axis, index.shape());
    int stride = output.layout().stride(axis);
    forEachElement(
        places -> {
          int chosen = check(((int[]) index.memory())[places[1]], output.size(axis));
          int place = places[0] + chosen * stride;
          if (input.dtype().isFloating()) {
            write(output, place, number(output, place) + number(input, places[2]));
          } else {
            write(output, place, whole(output, place) + whole(input, places[2]));
          }
        },
        start,
        index,
        input);
  }

  /// The first element along `axis`, repeated over `shape` by stride 0.
  private static Tensor start(Tensor tensor, int axis, Shape shape) {
    return tensor.slice(axis, 0, Math.min(1, tensor.size(axis)), 1).expand(shape);
  }

  private static int check(int index, int size) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException("index " + index + " is outside an axis of size " + size);
    }
    return index;
  }

  private static double number(Tensor tensor, int place) {
    return Elements.number(tensor.dtype(), tensor.memory(), place);
  }

  private static long whole(Tensor tensor, int place) {
    return Elements.whole(tensor.dtype(), tensor.memory(), place);
  }

  private static void write(Tensor tensor, int place, double value) {
    Elements.set(tensor.dtype(), tensor.memory(), place, value);
  }

  private static void write(Tensor tensor, int place, long value) {
    Elements.set(tensor.dtype(), tensor.memory(), place, value);
  }

  private static int lastPlace(Layout layout) {
    int place = layout.offset();
    for (int axis = 0; axis < layout.shape().rank(); axis++) {
      place += Math.max(0, (layout.shape().get(axis) - 1) * layout.stride(axis));
    }
    return place;
  }

  private static void forEachElement(Walk.Row visit, Tensor[] inputs, Tensor[] outputs) {
    forEachElement(visit, concat(inputs, outputs));
  }

  private static Tensor[] concat(Tensor[] inputs, Tensor[] outputs) {
    Tensor[] all = Arrays.copyOf(inputs, inputs.length + outputs.length);
    System.arraycopy(outputs, 0, all, inputs.length, outputs.length);
    return all;
  }

  /// Visits the places of corresponding elements, in row-major order.
  private static void forEachElement(Walk.Row visit, Tensor... tensors) {
    Layout[] layouts = new Layout[tensors.length];
    for (int i = 0; i < layouts.length; i++) {
      layouts[i] = tensors[i].layout();
    }
    Walk walk = Walk.over(layouts);
    int[] strides = walk.rowStrides();
    int[] places = new int[tensors.length];
    walk.forEachRow(offsets -> {
      System.arraycopy(offsets, 0, places, 0, places.length);
      for (int n = 0; n < walk.rowLength(); n++) {
        visit.at(places);
        for (int i = 0; i < places.length; i++) {
          places[i] += strides[i];
        }
      }
    });
  }
}
