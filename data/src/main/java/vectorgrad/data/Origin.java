package vectorgrad.data;

import java.util.List;

/// Where a data set came from.
///
/// @param source the place it was read from, such as `cache /home/ada/.cache/vectorgrad/mnist`
/// @param notes what should not pass silently: sources that failed before this one, damaged files
///   that were set aside, content that could not be verified
public record Origin(String source, List<String> notes) {
  /// Copies the notes.
  public Origin {
    notes = List.copyOf(notes);
  }
}
