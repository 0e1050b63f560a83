/// The processor against a device that speaks OpenCL: from which size on the device is worth it,
/// and how busy a network keeps it.
package vectorgrad.bench.gpu;
