package vectorgrad.optim;

/// Keeps the package alive until its first class moves in; then it goes.
final class Skeleton {
  private Skeleton() {}
}
