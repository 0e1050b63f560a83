package vectorgrad.autograd;

/// Elementary functions of a [Variable]: each is a formula.
sealed interface Functions permits Variable {}
