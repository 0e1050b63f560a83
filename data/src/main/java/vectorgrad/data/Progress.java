package vectorgrad.data;

import java.util.OptionalLong;

/// Hears what happens while a data set is looked for. Called on the thread that loads, never more
/// than about ten times a second; nothing in this module prints.
@FunctionalInterface
public interface Progress {
  /// Hears nothing.
  Progress SILENT = event -> {};

  /// Something happened.
  void on(Event event);

  /// What can happen.
  sealed interface Event {}

  /// A source is asked.
  ///
  /// @param source its name
  record Asking(String source) implements Event {}

  /// More of a file has arrived.
  ///
  /// @param file its name
  /// @param bytes how much of it is here by now, what an earlier download left included
  /// @param total how long it is, where that is known
  record Arriving(String file, long bytes, OptionalLong total) implements Event {}

  /// A source could not give the data; the next one is asked.
  ///
  /// @param attempt the source and the reason
  record Failed(Attempt attempt) implements Event {}

  /// Something a user should know, in one line.
  ///
  /// @param line the line
  record Note(String line) implements Event {}
}
