package vectorgrad.autograd;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import vectorgrad.autograd.GradCheck.Element;
import vectorgrad.autograd.GradCheck.Entry;
import vectorgrad.tensor.Tensor;

/// Every derivative of every output with respect to every number the function depends on: a row of
/// them by one backward pass, a column by the differences of one input element.
final class FullJacobian {
  private final Probe probe;
  private final Tensor y;
  private final double size;
  private final List<double[]> rows = new ArrayList<>(); // by output, then by element of all inputs

  FullJacobian(Probe probe) {
    this.probe = probe;
    List<Variable> variables = probe.variables(probe.place(), true);
    Variable output = probe.call(variables);
    this.y = output.value();
    this.size = y.size() == 0 ? 0 : y.abs().max().item();
    for (int place = 0; place < y.size(); place++) {
      Variable number = output.mul(Variable.constant(Projection.unit(place, y, 1))).sum();
      Gradients gradients =
          number.requiresGrad() ? number.backwardKeepingGraph() : new Gradients(false);
      List<double[]> row = new ArrayList<>();
      for (int i = 0; i < variables.size(); i++) {
        if (probe.moves(i)) {
          Variable x = variables.get(i);
          row.add(gradients.has(x) ? gradients.get(x).toDoubles() : new double[x.size()]);
        }
      }
      rows.add(row.stream().flatMapToDouble(java.util.Arrays::stream).toArray());
    }
  }

  /// The entries whose relative error exceeds the tolerance, worst first.
  List<Entry> wrong() {
    double[] norms = rows.stream().mapToDouble(FullJacobian::norm).toArray();
    List<Entry> wrong = new ArrayList<>();
    int column = 0;
    for (int i = 0; i < probe.place().size(); i++) {
      Tensor x = probe.place().get(i);
      for (int place = 0; probe.moves(i) && place < x.size(); place++, column++) {
        Slope[] slopes = slopes(i, place);
        for (int k = 0; k < slopes.length; k++) {
          double analytic = rows.get(k)[column];
          double error = Projection.error(analytic, slopes[k], norms[k], size);
          if (!(error <= GradCheck.TOLERANCE)) {
            Slope slope = slopes[k];
            List<Integer> at = Projection.indices(place, x.shape());
            Element element =
                new Element(probe.name(i), at, analytic, slope.value(), slope.change(), error);
            wrong.add(new Entry(Projection.indices(k, y.shape()), element));
          }
        }
      }
    }
    wrong.sort(Comparator.comparingDouble((Entry entry) -> entry.element().error()).reversed());
    return wrong;
  }

  private Slope[] slopes(int i, int place) {
    List<Tensor> at = probe.place();
    return Slope.ofAll(t -> {
      Tensor step = Projection.unit(place, at.get(i), t);
      return probe.call(probe.variables(Projection.moved(at, i, step), false)).value().toDoubles();
    });
  }

  private static double norm(double[] row) {
    double sum = 0;
    for (double value : row) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }
}
