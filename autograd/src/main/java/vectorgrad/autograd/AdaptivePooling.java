package vectorgrad.autograd;

/// Pooling of a [Variable] to a given size.
sealed interface AdaptivePooling permits Variable {}
