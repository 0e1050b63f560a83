package vectorgrad.autograd;

/// Statistics and distances of a [Variable].
sealed interface Statistics permits Variable {}
