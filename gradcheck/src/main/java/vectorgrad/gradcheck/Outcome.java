package vectorgrad.gradcheck;

import java.util.List;
import java.util.Locale;
import vectorgrad.autograd.GradCheck.Entry;
import vectorgrad.autograd.GradCheck.Report;
import vectorgrad.tensor.Message;

/// What the check of one subject, on inputs that lie in memory in one way, has found.
///
/// @param subject what was checked
/// @param layout how its inputs lay in memory
/// @param report what random directions found
/// @param jacobian the wrong entries of the Jacobian, if it was compared, worst first
public record Outcome(Subject subject, Layouts layout, Report report, List<Entry> jacobian) {
  private static final int SHOWN = 4;

  /// Keeps its own copy of the list.
  public Outcome {
    jacobian = List.copyOf(jacobian);
  }

  /// Whether every derivative agrees with its difference.
  public boolean passes() {
    return report.passes() && jacobian.isEmpty();
  }

  /// The worst relative error; NaN counts as the largest.
  public double error() {
    double worst = report.worst().error();
    return jacobian.isEmpty() ? worst : Math.max(worst, jacobian.getFirst().element().error());
  }

  /// Returns if everything agrees.
  ///
  /// @throws AssertionError with the report otherwise
  public Outcome orThrow() {
    if (!passes()) {
      throw new AssertionError(toString());
    }
    return this;
  }

  /// The report: what is wrong and where, and how to see it again.
  @Override
  public String toString() {
    Message message =
        report.passes() && !jacobian.isEmpty()
            ? Message.of(subject.operation(), "entries of the Jacobian are wrong")
            : report.message(subject.operation());
    for (Entry entry : jacobian.subList(0, Math.min(SHOWN, jacobian.size()))) {
      message.row(
          "d y",
          String.format(
              Locale.ROOT,
              "%s / d %s %s: %.9g, not %.9g",
              entry.output(),
              entry.element().of(),
              entry.element().at(),
              entry.element().analytic(),
              entry.element().numeric()));
    }
    if (jacobian.size() > SHOWN) {
      message.row("", "and " + (jacobian.size() - SHOWN) + " entries more");
    }
    return message
        .row("inputs", layout.label())
        .row("seed", report.seed().key())
        .row("at", subject.source())
        .toString();
  }
}
