/// Samples of every operation of a variable, for the gradient checks; one class for each family of
/// operations.
package vectorgrad.gradcheck.samples;
