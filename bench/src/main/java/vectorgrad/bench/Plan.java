package vectorgrad.bench;

import com.google.gson.annotations.SerializedName;

/// How long is measured.
///
/// @param rounds in which everything is measured once, in fresh JVMs: the machine changes from one
///   to the next
/// @param siblings JVMs of ours for the same row in a round: what the JIT compiler makes of the
///   same code differs from one to the next, and the machine is the same for both
/// @param warmups iterations that do not count
/// @param peerWarmups the same of other libraries, whose code is compiled already
/// @param measurements iterations that count
/// @param milliseconds of one iteration
/// @param threads that kernels may use, ours and theirs
record Plan(
    @SerializedName(value = "rounds", alternate = "forks") int rounds,
    int siblings,
    int warmups,
    int peerWarmups,
    int measurements,
    int milliseconds,
    int threads) {
  /// For figures to be published. A LeNet's kernels were seen to take five seconds on a busy
  /// machine until the JIT compiler was done with all of them.
  static final Plan FULL = new Plan(3, 2, 28, 6, 10, 200, 1);

  /// For a look while working: all groups in five minutes, which is why it leaves some rows out.
  static final Plan QUICK = new Plan(1, 1, 13, 2, 3, 150, 1);

  /// What a JVM takes to start, prepare and end, roughly.
  private static final double OVERHEAD_SECONDS = 1.6;

  /// How much longer is warmed up what was not steady.
  private static final int LONGER = 3;

  Plan rounds(int number) {
    return new Plan(number, siblings, warmups, peerWarmups, measurements, milliseconds, threads);
  }

  Plan threads(int number) {
    return new Plan(rounds, siblings, warmups, peerWarmups, measurements, milliseconds, number);
  }

  /// For what was still getting faster.
  Plan longer() {
    return new Plan(
        rounds, siblings, LONGER * warmups, peerWarmups, measurements, milliseconds, threads);
  }

  /// For what takes longer than an iteration: more of them tell little, and a slow device would
  /// keep its machine for hours.
  Plan brief() {
    return new Plan(rounds, siblings, 1, 1, Math.min(2, measurements), milliseconds, threads);
  }

  /// Whether one operation takes longer than an iteration.
  boolean exceeds(double nanoseconds) {
    return nanoseconds > milliseconds * 1e6;
  }

  /// In how many JVMs a trial is measured in a round: ours in all that there are. Code of other
  /// libraries is the same in every JVM, and still they take part in each round: the machine
  /// changes. A library that is never the fastest is content with the first and the last round; so
  /// is an essay, which explains instead of compares.
  int jvms(Trial trial, int round) {
    if ((trial.essay() || trial.outdone()) && round != 1 && round != rounds) {
      return 0;
    }
    return trial.essay() || trial.peer() ? 1 : siblings;
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
