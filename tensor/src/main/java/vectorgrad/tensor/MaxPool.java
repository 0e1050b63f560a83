package vectorgrad.tensor;

/// The result of a max pooling.
///
/// @param values the maximum of every window, (N, C, oH, oW)
/// @param indices I32, where each maximum was: `h·W + w` in its plane
public record MaxPool(Tensor values, Tensor indices) {}
