/// Tensors on whatever speaks OpenCL, through JOCL.
package vectorgrad.accel;
