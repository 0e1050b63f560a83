package vectorgrad.tensor;

/// Elements that were chosen along an axis, and where they were.
///
/// @param values the chosen elements
/// @param indices I32, of the same shape: the place of each along the axis
public record Chosen(Tensor values, Tensor indices) {}
