package vectorgrad.bench;

/// How long is measured.
///
/// @param forks fresh JVMs for each kernel of ours: what the JIT compiler makes of the same code
///   differs from one to the next
/// @param warmups iterations that do not count
/// @param peerWarmups the same of other libraries, whose code is compiled already
/// @param measurements iterations that count
/// @param milliseconds of one iteration
/// @param threads that kernels may use, ours and theirs
record Plan(
    int forks, int warmups, int peerWarmups, int measurements, int milliseconds, int threads) {
  /// For figures to be published. A LeNet's kernels were seen to take five seconds on a busy
  /// machine until the JIT compiler was done with all of them.
  static final Plan FULL = new Plan(5, 28, 6, 10, 200, 1);

  /// For a look while working: all groups in five minutes, which is why it leaves some rows out.
  static final Plan QUICK = new Plan(1, 13, 2, 3, 150, 1);

  /// What a JVM takes to start, prepare and end, roughly.
  private static final double OVERHEAD_SECONDS = 1.6;

  /// How much longer is warmed up what was not steady.
  private static final int LONGER = 3;

  Plan forks(int number) {
    return new Plan(number, warmups, peerWarmups, measurements, milliseconds, threads);
  }

  Plan threads(int number) {
    return new Plan(forks, warmups, peerWarmups, measurements, milliseconds, number);
  }

  /// For what was still getting faster.
  Plan longer() {
    return new Plan(forks, LONGER * warmups, peerWarmups, measurements, milliseconds, threads);
  }

  /// For what takes longer than an iteration: more of them tell little, and a slow device would
  /// keep its machine for hours.
  Plan brief() {
    return new Plan(forks, 1, 1, Math.min(2, measurements), milliseconds, threads);
  }

  /// Whether one operation takes longer than an iteration.
  boolean exceeds(double nanoseconds) {
    return nanoseconds > milliseconds * 1e6;
  }

  /// Whether a trial is part of a round, in which each is measured in a JVM of its own. Code of
  /// other libraries is the same in every JVM, and still they take part in each round: by their
  /// pace one knows whether it was the machine that made a JVM of ours slow. A library that is
  /// never the fastest cannot tell; it is content with the first and the last round, between which
  /// the machine may have changed. So is an essay, which explains instead of compares.
  boolean includes(Trial trial, int round) {
    return !(trial.essay() || trial.outdone()) || round == 1 || round == forks;
  }

  /// How many iterations of a trial do not count.
  int warmups(Trial trial) {
    return trial.slow() ? 1 : trial.peer() ? peerWarmups : warmups;
  }

  /// How many do.
  int measurements(Trial trial) {
    return trial.slow() ? Math.min(2, measurements) : measurements;
  }

  /// How long one JVM takes for a trial, roughly.
  double seconds(Trial trial) {
    return OVERHEAD_SECONDS + (warmups(trial) + measurements(trial)) * milliseconds / 1e3;
  }
}
