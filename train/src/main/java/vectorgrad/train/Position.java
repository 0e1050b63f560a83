package vectorgrad.train;

import java.util.Objects;

/// How far a run is.
///
/// @param epoch the epoch in progress, from 0
/// @param batch the next batch in it, from 0
/// @param seconds the time that the steps of this epoch took so far
/// @param running the mean loss and metrics of this epoch so far
public record Position(int epoch, int batch, double seconds, Averages running) {
  /// The beginning.
  public static final Position START = atEpoch(0);

  /// Checks the numbers, which may come from a file.
  ///
  /// @throws IllegalArgumentException if one is negative
  public Position {
    Objects.requireNonNull(running);
    if (epoch < 0 || batch < 0 || !(seconds >= 0)) {
      throw new IllegalArgumentException(
          "Position: nothing is negative, found epoch %d, batch %d, %s s"
              .formatted(epoch, batch, seconds));
    }
  }

  /// The beginning of an epoch.
  static Position atEpoch(int epoch) {
    return new Position(epoch, 0, 0, Averages.NONE);
  }
}
