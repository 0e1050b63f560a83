/// Tensors: arrays with a shape, a dtype and a device, and no idea of gradients.
///
/// `Layout` holds all index arithmetic, `Walk` hands rows to kernels, `Scope` recycles what a step
/// allocated.
package vectorgrad.tensor;
