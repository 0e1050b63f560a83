package vectorgrad.bench.batch;

/// What is done with a batch.
public enum Pass {
  /// To its logits, as numbers of Java.
  INFERENCE,

  /// A step of gradient descent.
  TRAINING
}
