package vectorgrad.accel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Epilogue;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.Tensor;

/// The 2-d convolution and its gradients, each as one [Product] of matrices of which one or two are
/// pictures that are unfolded as they are read (*implicit GEMM*): nothing is built in memory.
///
/// | | M | N | K | A | B |
/// |---|---|---|---|---|---|
/// | y | filters | pictures, places in y | channels, places in the filter | weight | x |
/// | dx | channels | pictures, places in x | filters, places in the filter | weight | dy |
/// | dw | filters | channels, places in the filter | pictures, places in y | dy | x |
///
/// A batch is a group of channels. Before that, the definition: a work item for each element of the
/// result, and a loop for each axis that is summed. Processors take it, since finding an element of
/// an unfolded picture costs them more than the product: [Product#NAIVE] stands for it. Both sum in
/// the same order.
///
/// Source: Chetlur et al., *cuDNN: efficient primitives for deep learning*, 2014.
final class Convolution {
  private Convolution() {}

  static void forward(
      Queue queue, Product.Plan plan, Tensor x, Tensor weight, Conv2dGeometry g, Tensor y) {
    forward(queue, plan, x, weight, g, Optional.empty(), y);
  }

  /// Whether the other tensors of an epilogue have one element for each filter.
  static boolean can(Epilogue epilogue) {
    return epilogue.others().stream()
        .map(Tensor::layout)
        .allMatch(layout -> isRepeated(layout, 0, 2, 3));
  }

  private static boolean isRepeated(Layout layout, int... axes) {
    return Arrays.stream(axes).allMatch(a -> layout.stride(a) == 0 || layout.shape().get(a) == 1);
  }

  static void forward(
      Queue queue,
      Product.Plan plan,
      Tensor x,
      Tensor weight,
      Conv2dGeometry g,
      Optional<Epilogue> epilogue,
      Tensor y) {
    int f = weight.size(2) * weight.size(3);
    int[] product = {
      weight.size(0) / g.groups(), y.size(0) * y.size(2) * y.size(3), weight.size(1) * f, 1, 0
    };
    run(queue, plan, ConvolutionKernel.FORWARD, product, x, weight, g, y, x, weight, epilogue, y);
  }

  static void inputGradient(
      Queue queue, Product.Plan plan, Tensor dy, Tensor weight, Conv2dGeometry g, Tensor dx) {
    int f = weight.size(2) * weight.size(3);
    int[] product = {
      weight.size(1), dx.size(0) * dx.size(2) * dx.size(3), weight.size(0) / g.groups() * f, 0, 0
    };
    var none = Optional.<Epilogue>empty();
    var kernel = ConvolutionKernel.INPUT_GRADIENT;
    run(queue, plan, kernel, product, dx, weight, g, dy, dy, weight, none, dx);
  }

  static void weightGradient(
      Queue queue, Product.Plan plan, Tensor dy, Tensor x, Conv2dGeometry g, Tensor dw) {
    int f = dw.size(2) * dw.size(3);
    int[] product = {
      dw.size(0) / g.groups(), dw.size(1) * f, dy.size(0) * dy.size(2) * dy.size(3), 1, 1
    };
    var none = Optional.<Epilogue>empty();
    var kernel = ConvolutionKernel.WEIGHT_GRADIENT;
    run(queue, plan, kernel, product, x, dw, g, dy, dy, x, none, dw);
  }

  /// @param product M, N and K, and whether neighbours in A and B lie along K
  /// @param first of the two operands, `a0`
  /// @param second `a1`
  private static void run(
      Queue queue,
      Product.Plan plan,
      ConvolutionKernel kernel,
      int[] product,
      Tensor x,
      Tensor weight,
      Conv2dGeometry g,
      Tensor y,
      Tensor first,
      Tensor second,
      Optional<Epilogue> epilogue,
      Tensor output) {
    List<DType> dtypes = OpenClBackend.dtypes(first, second, output);
    int[] sizes = new int[ConvolutionKernel.NUMBERS.size()];
    System.arraycopy(product, 0, sizes, 0, product.length);
    int[] rest = {
      weight.size(0) / g.groups(),
      weight.size(1),
      g.groups(),
      x.size(2),
      x.size(3),
      y.size(2),
      y.size(3),
      weight.size(2),
      weight.size(3),
      g.strideH(),
      g.strideW(),
      g.paddingH(),
      g.paddingW(),
      g.dilationH(),
      g.dilationW(),
      x.layout().offset(),
      weight.layout().offset(),
      y.layout().offset()
    };
    System.arraycopy(rest, 0, sizes, product.length, rest.length);
    Finish finish = epilogue.map(Finish::of).orElse(Finish.NONE);
    List<Tensor> others = epilogue.map(Epilogue::others).orElse(List.of());
    List<Queue.Argument> arguments = new ArrayList<>();
    if (plan.variant().equals(Product.NAIVE)) {
      arguments.add(Queue.Argument.of(sizes));
      arguments.add(Queue.Argument.of(output.size()));
    }
    for (Tensor tensor : List.of(first, second, output)) {
      arguments.add(Queue.Argument.of(OpenClBackend.memory(tensor)));
    }
    for (Tensor other : others) {
      arguments.add(Queue.Argument.of(other.layout().offset(), other.layout().stride(1)));
    }
    for (Tensor other : others) {
      arguments.add(Queue.Argument.of(OpenClBackend.memory(other)));
    }
    Queue.Argument[] given = arguments.toArray(Queue.Argument[]::new);
    if (plan.variant().equals(Product.NAIVE)) {
      queue.run(
          List.of("definition", kernel, dtypes, finish),
          () -> kernel.definition(queue.card(), dtypes, finish),
          () -> finish.after(kernel.title()),
          output.size(),
          given);
      return;
    }
    Product.run(
        queue,
        plan,
        Numbers.of(output.dtype()),
        kernel.operands(dtypes, plan.instruction(), finish),
        g.groups(),
        sizes,
        given);
  }
}
