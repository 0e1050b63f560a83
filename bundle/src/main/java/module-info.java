/// Vectorgrad's library in one module: formulas, tensors, gradients, layers and optimizers.
///
/// Nothing else is needed. With `jdk.incubator.vector` present the kernels use all lanes; without
/// it they run on scalar loops and say so once.
module vectorgrad {
  requires static jdk.incubator.vector;

  exports vectorgrad.autograd;
  exports vectorgrad.nn;
  exports vectorgrad.numerics;
  exports vectorgrad.optim;
  exports vectorgrad.tensor;
  exports vectorgrad.tensor.spi;
  exports vectorgrad.tensor.xray;

  uses vectorgrad.tensor.spi.DeviceProvider;
}
