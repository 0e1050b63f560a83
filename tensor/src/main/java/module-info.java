/// Tensors and the backends that compute on them.
///
/// The Vector API is optional: with `jdk.incubator.vector` present the kernels use all lanes,
/// without it they run on scalar loops and say so once.
module vectorgrad.tensor {
  requires transitive vectorgrad.numerics;
  requires static jdk.incubator.vector;

  exports vectorgrad.tensor;
  exports vectorgrad.tensor.spi;
  exports vectorgrad.tensor.xray;

  uses vectorgrad.tensor.spi.DeviceProvider;
}
