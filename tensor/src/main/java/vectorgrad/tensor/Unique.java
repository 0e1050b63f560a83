package vectorgrad.tensor;

/// The different elements of a tensor.
///
/// @param values every element once, in rising order: a vector
/// @param inverse I32, of the tensor's shape: which of the values each element is
/// @param counts I32: how often each of the values was there
public record Unique(Tensor values, Tensor inverse, Tensor counts) {}
