package vectorgrad.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonSyntaxException;

/// What determines a run's result, to the bit.
///
/// @param model the network
/// @param data the data set that was used
/// @param epochs the epochs of the whole run
/// @param batch the samples of a batch
/// @param learningRate Adam's
/// @param seed from which the initial parameters, the order of samples and dropout follow
/// @param limit at most so many training samples; 0 for all
/// @param validation so many samples are held out of the training data
record Settings(
    String model,
    String data,
    int epochs,
    int batch,
    double learningRate,
    long seed,
    int limit,
    int validation) {
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  String toJson() {
    return GSON.toJson(this);
  }

  static Settings fromJson(String json) {
    try {
      return GSON.fromJson(json, Settings.class);
    } catch (JsonSyntaxException e) {
      throw new Failures.UserError("resume: the checkpoint's settings cannot be read");
    }
  }
}
