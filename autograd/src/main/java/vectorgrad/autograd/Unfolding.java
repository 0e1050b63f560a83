package vectorgrad.autograd;

/// The windows of a [Variable], side by side, and back.
sealed interface Unfolding permits Variable {}
