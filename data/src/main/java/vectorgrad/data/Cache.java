package vectorgrad.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// A data set's folder in the cache, as a source: what earlier runs fetched.
///
/// @param folder the folder
record Cache(Path folder) implements Source {
  /// File locks keep processes apart, but throw between threads of one process.
  private static final ReentrantLock THREADS = new ReentrantLock();

  @Override
  public String describe() {
    return "cache " + folder;
  }

  @Override
  public Path provide(PublishedFiles files, Path cache, Progress progress) throws IOException {
    files.locateAll(folder);
    return folder;
  }

  /// Checks every file after the cache could not give the data set. Damaged ones are set aside as
  /// `NAME.damaged`: they are never used, and later sources fetch them again.
  ///
  /// @return what is wrong, in one line
  String examine(PublishedFiles files) throws IOException {
    List<String> problems = new ArrayList<>();
    int missing = 0;
    for (PublishedFiles.Entry entry : files.files()) {
      Optional<Path> file = entry.locate(folder);
      if (file.isEmpty()) {
        missing++;
        problems.add("no " + entry.compressedName());
        continue;
      }
      try {
        entry.read(file.get());
      } catch (DataException e) {
        Path aside = file.get().resolveSibling(file.get().getFileName() + ".damaged");
        Files.move(file.get(), aside, StandardCopyOption.REPLACE_EXISTING);
        problems.add(Reason.of(e) + "; set aside as " + aside.getFileName());
      }
    }
    return missing == files.files().size() ? "nothing there yet" : String.join("; ", problems);
  }

  /// Creates the folder and keeps other threads and processes from fetching into it at the same
  /// time.
  ///
  /// @throws IOException if the folder cannot be written
  Lock lock(Progress progress) throws IOException {
    boolean threadWaited = !THREADS.tryLock();
    if (threadWaited) {
      announceWait(progress);
      lockInterruptibly();
    }
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      boolean waited = lock == null;
      if (waited) {
        announceWait(progress);
        lock = channel.lock();
      }
      return new Lock(channel, lock, waited || threadWaited);
    } catch (IOException | RuntimeException e) {
      THREADS.unlock();
      throw e;
    }
  }

  private void announceWait(Progress progress) {
    progress.on(new Progress.Note("waiting for somebody else who fetches into " + folder));
  }

  private static void lockInterruptibly() throws InterruptedIOException {
    try {
      THREADS.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for the cache");
    }
  }

  /// A held lock.
  ///
  /// @param channel keeps other processes away while it is open
  /// @param lock the lock on it
  /// @param waited whether somebody else held it before
  record Lock(FileChannel channel, FileLock lock, boolean waited) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try (channel) {
        lock.release();
      } finally {
        THREADS.unlock();
      }
    }
  }
}
