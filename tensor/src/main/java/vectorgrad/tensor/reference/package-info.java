/// The backend that defines every operation: plain loops, float64 accumulation, written to be read.
package vectorgrad.tensor.reference;
