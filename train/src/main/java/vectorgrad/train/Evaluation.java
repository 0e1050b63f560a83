package vectorgrad.train;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Variable;
import vectorgrad.data.Batch;
import vectorgrad.data.Loader;
import vectorgrad.data.Pass;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Loss;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Tensor;

/// How well a model does on samples it does not learn from.
///
/// @param averages the mean loss and metrics
/// @param confusion which classes were taken for which, where the samples have classes and are not
///   mixed
public record Evaluation(Averages averages, Optional<ConfusionMatrix> confusion) {

  /// Runs `model` over an epoch of `data` in inference mode.
  ///
  /// @param loss a mean over the samples of a batch
  public static Evaluation of(Layer model, Loss loss, Loader data, Metric... metrics) {
    return of(model, loss, data, List.of(metrics), () -> false).orElseThrow();
  }

  /// As [#of(Layer, Loss, Loader, Metric...)], given up between two batches when `stop` says so.
  ///
  /// @return empty if it was given up
  static Optional<Evaluation> of(
      Layer model, Loss loss, Loader data, List<Metric> metrics, BooleanSupplier stop) {
    return Mode.inference(() -> {
      List<String> classes = data.mixup().isPresent() ? List.of() : data.data().classes();
      ConfusionMatrix confusion = new ConfusionMatrix(classes);
      Averages averages = Averages.NONE;
      Device device = device(model);
      try (Pass pass = data.to(device).epoch(0)) {
        while (pass.hasNext()) {
          if (stop.getAsBoolean()) {
            return Optional.empty();
          }
          Batch batch = pass.next();
          try (var _ = Scope.open()) {
            Tensor targets = batch.labels();
            Variable outputs = model.forward(batch.images());
            averages =
                averages.plus(
                    batch.size(),
                    loss.of(outputs, targets).item(),
                    Metric.totals(metrics, outputs.value(), targets));
            if (!classes.isEmpty()) {
              confusion.count(targets, outputs.value().argmax(-1));
            }
          }
        }
      }
      return Optional.of(
          new Evaluation(averages, classes.isEmpty() ? Optional.empty() : Optional.of(confusion)));
    });
  }

  /// Where the model's parameters live, and so where its inputs must go.
  static Device device(Layer model) {
    return model.parameters().stream().findFirst().map(p -> p.device()).orElse(Device.CPU);
  }
}
