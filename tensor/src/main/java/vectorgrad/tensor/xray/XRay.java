package vectorgrad.tensor.xray;

import java.util.ArrayList;
import java.util.List;
import vectorgrad.numerics.Fidelity;
import vectorgrad.numerics.FloatFormat;
import vectorgrad.numerics.PrecisionTrace;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// A device on which every number exists twice: in a format of few bits, rounded after each
/// operation, and beside it in float64, as if nothing had ever been rounded. Any layer, model or
/// training step that runs there tells, operation by operation, where numbers overflow, vanish and
/// lose bits.
///
/// ```java
/// XRay xray = XRay.of(FloatFormat.FP16);
/// model.to(xray.device());
/// model.forward(Variable.constant(images.to(xray.device())));
/// System.out.println(xray.report());
/// ```
///
/// Tensors of F32, F16 and BF16 are held in the format; those of F64 stay as they are, and so do
/// whole numbers and truth values, which are those of the rounded world. Sums and products of a
/// reduction are accumulated in float32 and rounded once, as matrix units do it, unless
/// [#accumulating()].
///
/// It is as slow as the reference, and not for several threads.
public final class XRay {
  private final FloatFormat format;
  private final Device device;
  private final XRayBackend backend;

  /// An operation, and what became of its results.
  ///
  /// @param verb what was asked of the device: `matmul`, `softmax`; empty for an elementwise
  ///   formula
  /// @param formula what was computed
  /// @param shape of the results
  /// @param fidelity what became of them
  public record Operation(String verb, String formula, Shape shape, Fidelity fidelity) {
    /// Verb, formula and shape.
    public String name() {
      return (verb.isEmpty() ? "" : verb + ": ") + formula;
    }
  }

  /// All operations since the X-ray began, in the order in which each was first seen.
  ///
  /// @param format the format of the rounded world
  /// @param operations the operations; equal ones on the same shape are one
  public record Report(FloatFormat format, List<Operation> operations) {
    /// Those in which something overflowed, vanished or became NaN.
    public List<Operation> suspects() {
      return operations.stream().filter(o -> !o.fidelity().isHarmless()).toList();
    }

    /// A table with a row for each operation: its results, what happened to them, and the bits lost
    /// on average and at worst.
    @Override
    public String toString() {
      StringBuilder table = new StringBuilder(PrecisionTrace.header(format.toString()));
      for (Operation operation : operations) {
        table.append('\n').append(PrecisionTrace.row(operation.name(), operation.fidelity()));
      }
      return table.toString();
    }
  }

  private XRay(FloatFormat format, boolean accumulates) {
    this.format = format;
    this.backend = new XRayBackend(format, accumulates);
    this.device = Device.of("xray-" + format.name(), backend);
  }

  /// An X-ray in the given format.
  public static XRay of(FloatFormat format) {
    return new XRay(format, false);
  }

  /// A fresh X-ray whose reductions round every product and every sum to the format as well.
  public XRay accumulating() {
    return new XRay(format, true);
  }

  /// Where to move what is to be looked at.
  public Device device() {
    return device;
  }

  /// What happened until now.
  public Report report() {
    return new Report(format, new ArrayList<>(backend.operations()));
  }

  /// Forgets what happened until now.
  public void clear() {
    backend.clear();
  }

  /// The elements of a tensor of this device in row-major order, had nothing ever been rounded.
  public double[] exact(Tensor x) {
    return backend.exact(x);
  }
}
