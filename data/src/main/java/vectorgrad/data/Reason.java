package vectorgrad.data;

import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// Says in one line why something failed. The JDK's network exceptions often carry no message at
/// all.
final class Reason {
  private Reason() {}

  static String of(Throwable failure) {
    return switch (failure) {
      case HttpConnectTimeoutException _ -> "no connection in time";
      case ConnectException e when isUnresolved(e) -> "the host is unknown; is there a network?";
      case ConnectException _ -> "the connection was refused";
      case AccessDeniedException e -> "no permission for " + e.getFile();
      case NoSuchFileException e -> "there is no " + e.getFile();
      case NotDirectoryException e -> e.getFile() + " is no folder";
      case FileSystemException e when e.getReason() == null -> "cannot use " + e.getFile();
      default ->
          failure.getMessage() == null
              ? failure.getClass().getSimpleName()
              : oneLine(failure.getMessage());
    };
  }

  private static boolean isUnresolved(Throwable failure) {
    Throwable cause = failure;
    while (cause != null) {
      if (cause instanceof UnresolvedAddressException) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /// The lines of a message in one.
  static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", "; ").replaceAll(" {2,}", " ");
  }
}
