package vectorgrad.data;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/// None of the sources of a data set has it. The message lists each of them with its reason.
public final class DataUnavailableException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String dataset;
  private final transient List<Attempt> attempts;

  /// An error about `dataset` after all the `attempts` failed.
  public DataUnavailableException(String dataset, List<Attempt> attempts) {
    super(message(dataset, attempts));
    this.dataset = dataset;
    this.attempts = List.copyOf(attempts);
  }

  /// The name of the data set.
  public String dataset() {
    return dataset;
  }

  /// The sources asked, in their order, each with its reason.
  public List<Attempt> attempts() {
    return attempts == null ? List.of() : attempts;
  }

  /// The whole story in one line, for a program that goes on with other data.
  public String summary() {
    return dataset
        + " could not be had ("
        + attempts().stream().map(Attempt::toString).collect(Collectors.joining("; "))
        + ")";
  }

  private static String message(String dataset, List<Attempt> attempts) {
    return attempts.stream()
        .map(attempt -> "\n  " + attempt)
        .collect(
            Collectors.joining(
                "",
                dataset + ": could not be had",
                "\n  help   put its four IDX files in a folder and name the folder"));
  }
}
