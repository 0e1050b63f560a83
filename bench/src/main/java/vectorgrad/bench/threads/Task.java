package vectorgrad.bench.threads;

import java.util.Optional;
import vectorgrad.bench.train.Training;

/// What is shared out: a product of matrices, or a step of training.
public enum Task {
  MATMUL_256("256x256x256 nn", Optional.empty()),
  MATMUL_1024("1024x1024x1024 nn", Optional.empty()),
  LENET("", Optional.of(Training.LENET)),
  MLP_4096("", Optional.of(Training.MLP_4096_SGD));

  private final String product;
  private final Optional<Training> training;

  Task(String product, Optional<Training> training) {
    this.product = product;
    this.training = training;
  }

  /// The step, if it is one.
  public Optional<Training> training() {
    return training;
  }

  /// The product otherwise, as [vectorgrad.bench.matmul.Product#of] reads it.
  public String product() {
    return product;
  }
}
