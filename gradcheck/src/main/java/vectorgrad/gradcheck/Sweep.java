package vectorgrad.gradcheck;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import vectorgrad.autograd.GradientException;
import vectorgrad.tensor.Seed;

/// Checks of many subjects, side by side on all cores. What is found depends on the subjects and
/// the terms only.
///
/// @param orders how often is differentiated, if not as each subject says
/// @param seed what inputs and directions are drawn from, if not as each subject says
/// @param jacobian whether the whole Jacobian of every subject is compared too
public record Sweep(Optional<Integer> orders, Optional<Seed> seed, boolean jacobian) {

  /// Each subject on its own terms.
  public static final Sweep AS_DECLARED = new Sweep(Optional.empty(), Optional.empty(), false);

  /// What was found of one subject in all layouts.
  ///
  /// @param subject what was checked
  /// @param orders how often it was differentiated
  /// @param error the worst relative error of a derivative; NaN if it could not be computed
  /// @param ulps how far f32 is from f64 at worst; NaN if it could not be computed
  /// @param failures the reports of what is wrong, one at most for derivatives and for f32
  public record Row(Subject subject, int orders, double error, double ulps, List<String> failures) {
    /// Keeps its own copy of the list.
    public Row {
      failures = List.copyOf(failures);
    }

    /// Whether everything agrees.
    public boolean passes() {
      return failures.isEmpty();
    }
  }

  /// Checks all subjects, and tells `done` of each that is ready.
  ///
  /// @return a row for each subject, in their order
  public List<Row> of(List<Subject> subjects, Consumer<Row> done) {
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors());
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<Row>> rows = new ArrayList<>();
      for (Subject subject : subjects) {
        rows.add(
            pool.submit(() -> {
              Row row = of(subject);
              synchronized (this) {
                done.accept(row);
              }
              return row;
            }));
      }
      List<Row> all = new ArrayList<>();
      for (Future<Row> row : rows) {
        all.add(row.get());
      }
      return all;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Row of(Subject subject) {
    Seed from = seed.orElse(subject.seed());
    int most = orders.orElse(subject.orders());
    List<String> failures = new ArrayList<>();
    double error = 0;
    double ulps = 0;
    try {
      for (Layouts layout : subject.layouts()) {
        Outcome outcome = subject.check(layout, from, most, jacobian || subject.jacobian());
        if (!outcome.passes() && failures.isEmpty()) {
          failures.add(outcome.toString());
        }
        error = Math.max(error, outcome.error());
      }
      Optional<Rounding> far = Optional.empty();
      for (Layouts layout : subject.layouts()) {
        Rounding rounding = subject.rounding(layout, from);
        ulps = Math.max(ulps, rounding.ulps());
        far = far.or(() -> Optional.of(rounding).filter(found -> !found.passes()));
      }
      far.ifPresent(found -> failures.add(found.toString()));
      return new Row(subject, most, error, ulps, failures);
    } catch (RuntimeException | AssertionError | LinkageError e) {
      boolean speaks = e instanceof IllegalArgumentException || e instanceof GradientException;
      failures.add((speaks ? e.getMessage() : e) + "\n  at     " + subject.source());
      return new Row(subject, most, Double.NaN, Double.NaN, failures);
    }
  }
}
