package vectorgrad.autograd;

/// Extreme elements of a [Variable], with their places.
sealed interface Extremes permits Variable {}
