package vectorgrad.tensor;

/// How often numbers fall into each of several ranges.
///
/// @param counts I32 (bins): how many elements are in each
/// @param edges F64 (bins + 1), rising: bin `i` reaches from edge `i` to edge `i + 1`
public record Histogram(Tensor counts, Tensor edges) {}
