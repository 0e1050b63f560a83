/// Reverse-mode differentiation: a `Variable` is a tensor with a history, `backward()` returns `Gradients`.
///
/// Every operation is a record that holds its forward and its backward side by side. Backward is written on
/// variables, so derivatives of any order come for free.
package vectorgrad.autograd;
