package vectorgrad.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.Objects;
import vectorgrad.optim.Schedule;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Seed;

/// What determines a run's result, to the bit.
///
/// @param model the network's name
/// @param data the data set's name, or the folder it is in
/// @param epochs the epochs of the whole run
/// @param batch the pictures of a batch
/// @param learningRate Adam's, the highest one
/// @param schedule by what the rate is multiplied, step after step, as [Schedule#parse] reads it;
///   empty for 1
/// @param precision in what products are computed: f32, bf16 or f16
/// @param seed from which everything random follows
/// @param limit the first so many training pictures are used; 0 for all
/// @param validation so many of them are held out
/// @param regularisation what holds it back from learning the pictures by heart
record Settings(
    String model,
    String data,
    int epochs,
    int batch,
    double learningRate,
    String schedule,
    String precision,
    long seed,
    int limit,
    int validation,
    Regularisation regularisation) {
  private static final Gson JSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  Settings {
    Objects.requireNonNull(model);
    Objects.requireNonNull(data);
    Objects.requireNonNull(schedule);
    Objects.requireNonNull(precision);
    Objects.requireNonNull(regularisation);
  }

  /// The learning rate of each step: by the schedule, or down once for every snapshot.
  ///
  /// @param batches of an epoch
  Schedule rate(int batches) {
    int snapshots = regularisation.snapshots();
    Schedule shape =
        snapshots > 0
            ? cycles(Math.ceilDiv(batches, regularisation.accumulate()))
            : schedule.isEmpty() ? Schedule.constant(1) : Schedule.parse(schedule);
    return shape.times(learningRate);
  }

  /// Half cosines that together are as long as the run, and behind it up again, so that the last
  /// one has a bottom too.
  private Schedule cycles(int stepsOfAnEpoch) {
    int snapshots = regularisation.snapshots();
    long steps = (long) epochs * stepsOfAnEpoch;
    if (steps < 2L * snapshots) {
      throw new UserError(
          Message.of("train", "--snapshots %,d is too many".formatted(snapshots))
              .row("rule", "each takes 2 steps at least, and there are %,d".formatted(steps)));
    }
    Schedule cycles = Schedule.constant(1);
    for (int i = snapshots - 1; i >= 0; i--) {
      cycles = Schedule.cosine(steps * (i + 1) / snapshots - steps * i / snapshots).then(cycles);
    }
    return cycles;
  }

  /// The seed of the initial parameters and of dropout.
  Seed initialization() {
    return Seed.of(seed);
  }

  /// The seed of the order of the pictures.
  Seed shuffling() {
    return Seed.of(seed).fold(1);
  }

  /// The seed of the mixing of pictures.
  Seed mixing() {
    return Seed.of(seed).fold(3);
  }

  /// The seed by which pictures are held out.
  Seed holdingOut() {
    return Seed.of(seed).fold(2);
  }

  Settings withEpochs(int other) {
    return new Settings(
        model,
        data,
        other,
        batch,
        learningRate,
        schedule,
        precision,
        seed,
        limit,
        validation,
        regularisation);
  }

  String toJson() {
    return JSON.toJson(this);
  }

  /// The settings, the seeds that follow from them, and `more` about the run, for people to read.
  String toJson(JsonObject more) {
    JsonObject all = JSON.toJsonTree(this).getAsJsonObject();
    JsonObject seeds = new JsonObject();
    // as texts: many readers of JSON round numbers of 64 bits
    seeds.addProperty("initialization", Long.toHexString(initialization().key()));
    seeds.addProperty("shuffling", Long.toHexString(shuffling().key()));
    seeds.addProperty("mixing", Long.toHexString(mixing().key()));
    seeds.addProperty("holdingOut", Long.toHexString(holdingOut().key()));
    all.add("seeds", seeds);
    more.entrySet().forEach(entry -> all.add(entry.getKey(), entry.getValue()));
    return JSON.toJson(all) + "\n";
  }

  /// Reads what [#toJson()] wrote.
  ///
  /// @param file where it comes from, for the error
  static Settings fromJson(String json, Path file) {
    try {
      return Objects.requireNonNull(JSON.fromJson(json, Settings.class));
    } catch (RuntimeException e) {
      UserError error =
          new UserError(
              Message.of("resume", "the checkpoint was not written by vg train").row("file", file));
      error.initCause(e);
      throw error;
    }
  }
}
