package vectorgrad.tensor.spi;

/// The distributions a backend draws from. Element `i` of a draw that begins at counter `c` comes
/// from Philox block `c + i / 4` (`c + i / 2` for uniform f64), whatever the number of threads.
public enum Distribution {
  /// Evenly in `[0, 1)`: the upper 24 bits of one word for f32, the upper 53 of two words for f64.
  UNIFORM,
  /// Mean 0, variance 1, by Box and Muller (1958): words `2j` and `2j + 1` of a block give its
  /// elements `2j` and `2j + 1`.
  NORMAL
}
