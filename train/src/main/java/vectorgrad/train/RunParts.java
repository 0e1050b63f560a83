package vectorgrad.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import vectorgrad.data.Loader;
import vectorgrad.data.Mixup;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Loss;
import vectorgrad.optim.Optimizer;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Tensor;

/// What a run consists of: where a [Checkpoint] comes from and where it goes.
///
/// What decides the run's bits is either in the checkpoint and put back, or in the [#recipe] and
/// compared.
record RunParts(
    Layer model,
    Loss loss,
    Optimizer optimizer,
    Loader training,
    int accumulated,
    OptionalDouble mostNorm,
    Precision precision,
    List<Companion> companions) {
  private static final String MODEL = "model.";
  private static final String OPTIMIZER = "optimizer.";

  /// What differs from JVM to JVM in the text of a lambda, or of an object without a text.
  private static final Pattern PASSING = Pattern.compile("\\$\\$Lambda[^,; \\])]*|@[0-9a-f]+\\b");

  Checkpoint checkpoint(Position position, History history, String settings) {
    Checkpoint.Run run =
        new Checkpoint.Run(
            Checkpoint.VERSION,
            position,
            optimizer.steps(),
            Checkpoint.Order.of(training),
            recipe(),
            frozen(),
            history.epochs());
    return new Checkpoint(
        Weights.of(model), optimizerState(), companionStates(), run, history, settings);
  }

  /// The settings by what they belong to.
  private Map<String, String> recipe() {
    Map<String, String> recipe = new LinkedHashMap<>();
    recipe.put("network", model.tree().replaceAll(" frozen\\b", "")); // that is carried
    recipe.put("loss", loss.toString());
    recipe.put("optimizer", optimizer.recipe());
    recipe.put("mixup", training.mixup().map(Mixup::toString).orElse("none"));
    recipe.put("batches in a step", Integer.toString(accumulated));
    recipe.put(
        "norm clipped to",
        mostNorm.isPresent() ? Double.toString(mostNorm.getAsDouble()) : "nothing");
    recipe.put("precision", precision.autocast().dtype().toString());
    for (Companion companion : companions) {
      if (!companion.recipe().isEmpty()) {
        recipe.put(companion.name(), companion.recipe());
      }
    }
    recipe.replaceAll((_, text) -> PASSING.matcher(text).replaceAll(""));
    return recipe;
  }

  private List<String> frozen() {
    return model.namedParameters().entrySet().stream()
        .filter(entry -> !entry.getValue().trainable())
        .map(Map.Entry::getKey)
        .toList();
  }

  private Map<String, Tensor> optimizerState() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    optimizer.state().forEach((name, cell) -> state.put(name, cell.value()));
    return state;
  }

  private Map<String, Tensor> companionStates() {
    Map<String, Tensor> states = new LinkedHashMap<>();
    for (Companion companion : companions) {
      String prefix = companion.name() + ".";
      companion.state().forEach((name, tensor) -> states.put(prefix + name, tensor));
    }
    return states;
  }

  /// Puts the state back, or refuses and changes nothing.
  ///
  /// @param otherwise whether settings may differ; then companions whose state is not there, or
  ///   does not fit, begin anew
  void restore(Checkpoint checkpoint, boolean otherwise) throws CheckpointException {
    Map<String, Tensor> wanted = new LinkedHashMap<>();
    put(MODEL, Weights.of(model), wanted);
    put(OPTIMIZER, optimizerState(), wanted);
    Map<String, Tensor> found = new LinkedHashMap<>();
    put(MODEL, checkpoint.model(), found);
    put(OPTIMIZER, checkpoint.optimizer(), found);
    Map<Companion, Map<String, Tensor>> states = new LinkedHashMap<>();
    for (Companion companion : companions) {
      Map<String, Tensor> state = Checkpoint.part(companion.name() + ".", checkpoint.companions());
      Map<String, Tensor> expected = companion.expected(state);
      if (!otherwise) {
        put(Checkpoint.COMPANION + companion.name() + ".", expected, wanted);
      } else if (!Differences.fits(expected, state)) {
        continue;
      }
      states.put(companion, state);
    }
    if (!otherwise) {
      put(Checkpoint.COMPANION, checkpoint.companions(), found);
    }
    Differences.refuse("checkpoint", wanted, found);
    Checkpoint.Run run = checkpoint.run();
    expectOrder(run);
    if (!otherwise) {
      expectRecipe(run.recipe());
    }
    optimizer.restore(checkpoint.optimizer(), run.steps());
    Weights.set(model, checkpoint.model());
    states.forEach(Companion::restore);
    if (!otherwise) {
      model
          .namedParameters()
          .forEach((name, parameter) -> parameter.trainable(!run.frozen().contains(name)));
    }
  }

  private static void put(String prefix, Map<String, Tensor> tensors, Map<String, Tensor> into) {
    tensors.forEach((name, tensor) -> into.put(prefix + name, tensor));
  }

  private void expectOrder(Checkpoint.Run run) throws CheckpointException {
    Checkpoint.Order here = Checkpoint.Order.of(training);
    if (!here.equals(run.order())) {
      throw new CheckpointException(
          Message.of("checkpoint", "it belongs to a run with other batches; nothing was changed")
              .row("here", here)
              .row("file", run.order()));
    }
    if (run.position().batch() > training.batches()) {
      throw new CheckpointException(
          Message.of("checkpoint", "its next batch is " + run.position().batch())
              .row("rule", "an epoch has " + training.batches() + " batches"));
    }
  }

  private void expectRecipe(Map<String, String> theirs) throws CheckpointException {
    Map<String, String> ours = recipe();
    if (ours.equals(theirs)) {
      return;
    }
    Message message =
        Message.of("checkpoint", "it belongs to a run with other settings; nothing was changed");
    Map<String, String> all = new LinkedHashMap<>(ours);
    theirs.forEach(all::putIfAbsent);
    for (String name : all.keySet()) {
      String here = ours.getOrDefault(name, "none");
      String there = theirs.getOrDefault(name, "none");
      if (!here.equals(there)) {
        int line = firstDifference(here, there);
        message.row("of", name);
        message.row("here", line(here, line));
        message.row("file", line(there, line));
      }
    }
    throw new CheckpointException(
        message.row("help", "set it as it was; branch(checkpoint) goes on otherwise"));
  }

  private static int firstDifference(String here, String there) {
    int line = 0;
    while (line(here, line).equals(line(there, line))) {
      line++;
    }
    return line;
  }

  private static String line(String text, int number) {
    List<String> lines = text.lines().toList();
    return number < lines.size() ? lines.get(number).strip().replaceAll(" {2,}", "  ") : "nothing";
  }
}
