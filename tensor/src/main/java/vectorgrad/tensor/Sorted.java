package vectorgrad.tensor;

/// Elements in order along an axis, and where they were.
///
/// @param values the elements in order
/// @param indices I32, of the same shape: the place of each along the axis before
public record Sorted(Tensor values, Tensor indices) {}
