package vectorgrad.bench;

/// How long is measured.
///
/// @param forks fresh JVMs for each trial: what the JIT compiler makes of the same code differs
///   from one to the next
/// @param warmups iterations that do not count
/// @param measurements iterations that count
/// @param milliseconds of one iteration
/// @param threads that kernels may use, ours and theirs
record Plan(int forks, int warmups, int measurements, int milliseconds, int threads) {
  /// For figures to be published. A LeNet's kernels were seen to take three seconds on a busy
  /// machine until the JIT compiler was done with all of them.
  static final Plan FULL = new Plan(5, 8, 5, 400, 1);

  /// For a look while working.
  static final Plan QUICK = new Plan(1, 6, 2, 200, 1);

  Plan forks(int number) {
    return new Plan(number, warmups, measurements, milliseconds, threads);
  }

  Plan threads(int number) {
    return new Plan(forks, warmups, measurements, milliseconds, number);
  }
}
