package vectorgrad.autograd;

/// Operations of a [Variable] under a mask.
sealed interface Masking permits Variable {}
