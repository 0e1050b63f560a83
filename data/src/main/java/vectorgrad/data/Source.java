package vectorgrad.data;

import java.io.IOException;
import java.nio.file.Path;

/// A place that may have the files of a data set.
sealed interface Source permits Cache, DebianPackage.Installed, DebianPackage.Fetched, Mirror {
  /// What and where it is, as it is shown to users.
  String describe();

  /// Makes sure that all files of the data set lie in a folder on this machine.
  ///
  /// @param cache the data set's folder in the cache; whatever lies there under a final name has
  ///   been verified
  /// @return the folder that has them
  /// @throws IOException if this place does not have them, or not undamaged
  Path provide(PublishedFiles files, Path cache, Progress progress) throws IOException;
}
