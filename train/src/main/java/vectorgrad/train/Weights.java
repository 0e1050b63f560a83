package vectorgrad.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import vectorgrad.autograd.Buffer;
import vectorgrad.autograd.Parameter;
import vectorgrad.nn.Parameterized;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Tensor;

/// The parameters and buffers of a model as a [Safetensors] file: what is needed to use it. To
/// train on, keep a [Checkpoint].
public final class Weights {
  private Weights() {}

  /// Writes the parameters and buffers of `model` under their names.
  ///
  /// @param metadata what else the file shall say, such as the names of the classes
  public static void write(Parameterized model, Path file, Map<String, String> metadata)
      throws IOException {
    new Safetensors(of(model), metadata).write(file);
  }

  /// Gives `model` the parameters and buffers of the file.
  ///
  /// @throws CheckpointException if the file is damaged, or if names are missing or left over or
  ///   shapes or dtypes differ; then the message holds the table of differences and the model is as
  ///   it was
  public static void read(Parameterized model, Path file) throws IOException {
    Map<String, Tensor> found = Safetensors.read(file).tensors();
    Differences.refuse("weights", of(model), found);
    set(model, found);
  }

  /// The parameters and buffers by name. The tensors share the cells' memory.
  static Map<String, Tensor> of(Parameterized model) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    model.namedParameters().forEach((name, parameter) -> tensors.put(name, parameter.value()));
    model.namedBuffers().forEach((name, buffer) -> tensors.put(name, buffer.value()));
    return tensors;
  }

  /// As [#of], in memory of their own outside every scope.
  static Map<String, Tensor> copyOf(Parameterized model) {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    Scope.outside(() -> {
      of(model).forEach((name, tensor) -> copies.put(name, tensor.copy()));
      return copies;
    });
    return copies;
  }

  /// Sets every parameter and buffer; there is one tensor for each.
  static void set(Parameterized model, Map<String, Tensor> tensors) {
    for (Map.Entry<String, Parameter> entry : model.namedParameters().entrySet()) {
      Parameter parameter = entry.getValue();
      parameter.set(tensors.get(entry.getKey()).to(parameter.device()));
    }
    for (Map.Entry<String, Buffer> entry : model.namedBuffers().entrySet()) {
      Buffer buffer = entry.getValue();
      buffer.set(tensors.get(entry.getKey()).to(buffer.value().device()));
    }
  }
}
