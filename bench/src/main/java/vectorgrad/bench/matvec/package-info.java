/// A matrix times a vector, its numbers stored in 32 bits and in 16.
package vectorgrad.bench.matvec;
