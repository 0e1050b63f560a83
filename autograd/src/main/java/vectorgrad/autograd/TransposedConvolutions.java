package vectorgrad.autograd;

/// Transposed convolutions of a [Variable].
sealed interface TransposedConvolutions permits Variable {}
