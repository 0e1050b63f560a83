package vectorgrad.optim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import vectorgrad.autograd.GradientException;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Parameter;
import vectorgrad.tensor.Cell;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Several optimizers as one. A group that the gradients do not reach makes no step, so each counts
/// its own, and the counts are part of the state: `group.0.steps`.
final class Groups implements Optimizer {
  private final List<Optimizer> groups;
  private final List<Cell> counts = new ArrayList<>();
  private long steps;

  Groups(List<Optimizer> groups) {
    this.groups = groups;
    Set<Parameter> seen = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (Optimizer group : groups) {
      for (Parameter parameter : group.parameters()) {
        if (!seen.add(parameter)) {
          throw new IllegalArgumentException(
              Message.of("groups", "\"" + parameter.name() + "\" is in two groups").toString());
        }
      }
      for (String name : group.state().keySet()) {
        if (!names.add(name)) {
          throw new IllegalArgumentException(
              Message.of("groups", "two groups name their state alike, \"" + name + "\"")
                  .row("why", "their parameters come from different models")
                  .row("help", "name them in one record, and take the groups from its parameters")
                  .toString());
        }
      }
      counts.add(new Cell(count(0)));
    }
  }

  private static Tensor count(long steps) {
    return Tensor.of(new int[] {Math.toIntExact(steps)}, Shape.SCALAR);
  }

  @Override
  public void step(Gradients gradients) {
    List<Optimizer> reached = new ArrayList<>();
    for (Optimizer group : groups) {
      if (group.parameters().stream().anyMatch(p -> p.trainable() && gradients.has(p))) {
        reached.add(group);
      }
    }
    if (reached.isEmpty()) {
      throw new GradientException(
          Message.of(
                  "groups",
                  "the gradients hold no parameter of any of the " + groups.size() + " groups")
              .row("held", FormulaOptimizer.held(gradients)));
    }
    reached.forEach(group -> group.step(gradients));
    steps++;
    for (int i = 0; i < groups.size(); i++) {
      counts.get(i).set(count(groups.get(i).steps()));
    }
  }

  @Override
  public List<Parameter> parameters() {
    return groups.stream().flatMap(group -> group.parameters().stream()).toList();
  }

  @Override
  public long steps() {
    return steps;
  }

  /// The rate of the first group.
  @Override
  public double learningRate() {
    return groups.getFirst().learningRate();
  }

  @Override
  public String recipe() {
    return String.join("; ", groups.stream().map(Optimizer::recipe).toList());
  }

  @Override
  public Map<String, Cell> state() {
    Map<String, Cell> state = new LinkedHashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      state.putAll(groups.get(i).state());
      state.put("group." + i + ".steps", counts.get(i));
    }
    return state;
  }

  @Override
  public void restore(Map<String, Tensor> saved, long steps) {
    Differences.refuse("groups", state(), saved);
    for (int i = 0; i < groups.size(); i++) {
      Map<String, Tensor> part = new LinkedHashMap<>();
      groups.get(i).state().keySet().forEach(name -> part.put(name, saved.get(name)));
      Tensor count = saved.get("group." + i + ".steps");
      counts.get(i).set(count);
      groups.get(i).restore(part, (long) count.item());
    }
    this.steps = steps;
  }
}
