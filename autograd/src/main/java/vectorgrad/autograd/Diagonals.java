package vectorgrad.autograd;

/// Diagonals and triangles of a [Variable].
sealed interface Diagonals permits Variable {}
