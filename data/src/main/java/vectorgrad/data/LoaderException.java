package vectorgrad.data;

import vectorgrad.tensor.Message;

/// A batch could not be read; the cause, from the loader's thread, says why.
public final class LoaderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int batch;

  LoaderException(int batch, Throwable cause) {
    super(
        Message.of("Loader", "batch " + batch + " could not be read")
            .row("cause", Reason.of(cause))
            .toString(),
        cause);
    this.batch = batch;
  }

  /// The number of the batch in its epoch, from 0.
  public int batch() {
    return batch;
  }
}
