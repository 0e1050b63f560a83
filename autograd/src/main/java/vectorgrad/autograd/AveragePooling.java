package vectorgrad.autograd;

/// Mean pooling of a [Variable].
sealed interface AveragePooling permits Variable {}
