package vectorgrad.autograd;

import vectorgrad.tensor.Tensor;

/// Elements that an operation picked, such as the largest along an axis, and the places where it
/// found them.
///
/// The places are constants: which element is picked does not change with a small step, unless two
/// are equal, which is a kink. So the gradient of each of the values flows to the element at its
/// place, and to no other one.
///
/// @param values the elements, with their history
/// @param indices I32, of the same shape: their places along the axis of the operation, or as it
///   says
public record Picked(Variable values, Tensor indices) {}
