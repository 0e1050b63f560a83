package vectorgrad.tensor.reference;

import java.util.Arrays;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.Walk;
import vectorgrad.tensor.spi.ArrayBackend;
import vectorgrad.tensor.spi.Reduction;

/// Every operation as its definition says it: one element after the other, everything computed and
/// accumulated in float64 and rounded once when it is stored. Written to be read; the fast backends
/// are tested against it. What is not here is a composite of what is (see [Backend]).
public final class ReferenceBackend implements ArrayBackend {

  /// The definition. It has no state.
  public ReferenceBackend() {}

  @Override
  public String describe() {
    return "reference: one element at a time, in float64";
  }

  @Override
  public void pointwise(Program program, Tensor[] inputs, Tensor[] outputs) {
    double[] in = new double[inputs.length];
    double[] out = new double[outputs.length];
    forEachElement(
        places -> {
          for (int i = 0; i < in.length; i++) {
            in[i] = read(inputs[i], places[i]);
          }
          program.evaluate(in, out);
          for (int i = 0; i < out.length; i++) {
            write(outputs[i], places[in.length + i], out[i]);
          }
        },
        inputs,
        outputs);
  }

  @Override
  public void reduce(Program map, Reduction reduction, Tensor[] inputs, Tensor output) {
    double[] in = new double[inputs.length];
    double[] value = new double[1];
    double[] total = new double[lastPlace(output.layout()) + 1];
    Arrays.fill(total, reduction.identity());
    Tensor[] outputs = {output};
    forEachElement(
        places -> {
          for (int i = 0; i < in.length; i++) {
            in[i] = read(inputs[i], places[i]);
          }
          map.evaluate(in, value);
          int place = places[in.length];
          total[place] = reduction.join(total[place], value[0]);
        },
        inputs,
        outputs);
    forEachElement(places -> write(output, places[0], total[places[0]]), outputs);
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
          write(output, places[2], read(input, places[0] + chosen * stride));
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
          write(output, place, read(output, place) + read(input, places[2]));
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

  private static double read(Tensor tensor, int place) {
    return switch (tensor.memory()) {
      case float[] f -> f[place];
      case double[] d -> d[place];
      case int[] i -> i[place];
      case byte[] b -> b[place];
      case Object other -> throw new IllegalStateException("not an array: " + other.getClass());
    };
  }

  private static void write(Tensor tensor, int place, double value) {
    switch (tensor.memory()) {
      case float[] f -> f[place] = (float) value;
      case double[] d -> d[place] = value;
      case int[] i -> i[place] = (int) value;
      case byte[] b -> b[place] = (byte) (value != 0 ? 1 : 0);
      case Object other -> throw new IllegalStateException("not an array: " + other.getClass());
    }
  }

  private static int lastPlace(Layout layout) {
    int place = layout.offset();
    for (int axis = 0; axis < layout.shape().rank(); axis++) {
      place += Math.max(0, (layout.shape().get(axis) - 1) * layout.stride(axis));
    }
    return place;
  }

  private static void forEachElement(Walk.Row visit, Tensor[] inputs, Tensor[] outputs) {
    Tensor[] all = Arrays.copyOf(inputs, inputs.length + outputs.length);
    System.arraycopy(outputs, 0, all, inputs.length, outputs.length);
    forEachElement(visit, all);
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
