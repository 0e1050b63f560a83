package vectorgrad.tensor;

/// The extreme elements along an axis, and where they were.
///
/// @param values the elements
/// @param indices their indices along the axis, I32
public record Extreme(Tensor values, Tensor indices) {}
