package vectorgrad.autograd;

/// Operations of a [Variable] that put elements in order.
sealed interface Ordering permits Variable {}
