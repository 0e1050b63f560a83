package vectorgrad.nn;

import vectorgrad.autograd.Buffer;
import vectorgrad.autograd.Mode;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Tensor;

/// The random stream of a layer: a key, and how many training passes there were, in a buffer of
/// four words. Every pass draws from a seed that is a function of both, and of the [Replica]. The
/// buffer is the processor's from the first pass on, so that nobody waits for a device to read it.
final class Draws {
  private Draws() {}

  /// The stream of the key 0.
  static Buffer state() {
    return new Buffer(words(0, 0));
  }

  /// Gives every layer a key of its own.
  static Initializer initializer() {
    return (present, seed) -> words(seed.key(), 0).to(present.device());
  }

  /// The seed of this pass; in training the counter moves on.
  static Seed next(Buffer state) {
    int[] words = state.value().toInts();
    long key = join(words[0], words[1]);
    long counter = join(words[2], words[3]);
    if (Mode.current().training()) {
      state.set(words(key, counter + 1));
    }
    Seed seed = Seed.of(key).fold(counter);
    int replica = Replica.current();
    return replica == 0 ? seed : seed.fold(replica);
  }

  private static long join(int upper, int lower) {
    return ((long) upper << 32) | (lower & 0xffffffffL);
  }

  private static Tensor words(long key, long counter) {
    return Tensor.of((int) (key >> 32), (int) key, (int) (counter >> 32), (int) counter);
  }
}
