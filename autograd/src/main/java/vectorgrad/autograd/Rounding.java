package vectorgrad.autograd;

/// Whole parts, remainders and bounds of a [Variable], and what is flat between them.
sealed interface Rounding permits Variable {}
