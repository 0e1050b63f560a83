package vectorgrad.accel;

import java.util.List;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
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
    int f = weight.size(2) * weight.size(3);
    int[] product = {
      weight.size(0) / g.groups(), y.size(0) * y.size(2) * y.size(3), weight.size(1) * f, 1, 0
    };
    run(queue, plan, ConvolutionKernel.FORWARD, product, x, weight, g, y, x, weight, y);
  }

  static void inputGradient(
      Queue queue, Product.Plan plan, Tensor dy, Tensor weight, Conv2dGeometry g, Tensor dx) {
    int f = weight.size(2) * weight.size(3);
    int[] product = {
      weight.size(1), dx.size(0) * dx.size(2) * dx.size(3), weight.size(0) / g.groups() * f, 0, 0
    };
    run(queue, plan, ConvolutionKernel.INPUT_GRADIENT, product, dx, weight, g, dy, dy, weight, dx);
  }

  static void weightGradient(
      Queue queue, Product.Plan plan, Tensor dy, Tensor x, Conv2dGeometry g, Tensor dw) {
    int f = dw.size(2) * dw.size(3);
    int[] product = {
      dw.size(0) / g.groups(), dw.size(1) * f, dy.size(0) * dy.size(2) * dy.size(3), 1, 1
    };
    run(queue, plan, ConvolutionKernel.WEIGHT_GRADIENT, product, x, dw, g, dy, dy, x, dw);
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
    if (plan.variant().equals(Product.NAIVE)) {
      queue.run(
          List.of("definition", kernel, dtypes),
          () -> kernel.definition(queue.card(), dtypes),
          kernel::title,
          output.size(),
          OpenClBackend.arguments(
              List.of(sizes, new int[] {output.size()}), first, second, output));
      return;
    }
    Product.run(
        queue,
        plan,
        Numbers.of(output.dtype()),
        kernel.operands(dtypes, plan.instruction()),
        g.groups(),
        sizes,
        OpenClBackend.arguments(List.of(), first, second, output));
  }
}
