package vectorgrad.autograd;

/// Running sums, products and extremes of a [Variable].
sealed interface Scans permits Variable {}
