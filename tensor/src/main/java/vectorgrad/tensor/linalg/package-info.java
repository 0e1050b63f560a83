/// Matrix decompositions over plain arrays of f64: what [vectorgrad.tensor.Linalg] computes with.
package vectorgrad.tensor.linalg;
