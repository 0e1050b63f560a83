package vectorgrad.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import vectorgrad.autograd.Variable;

/// Several classifiers as one: the mean of their probabilities, as logarithms, `y = ln (1/n · Σ
/// softmax(fᵢ(x)))`. Their mistakes differ, so the mean makes fewer of them; it is probabilities
/// that are averaged, since a logit means something within one network only.
///
/// | | shape |
/// |---|---|
/// | `fᵢ(x)` | (N, K) logits |
/// | `y` | (N, K): log-probabilities, which `argmax` and [CrossEntropy] take like logits |
///
/// Costs as much as its members one after the other. Members may be trained apart, or be snapshots
/// of one run whose learning rate goes up and down. The members are named by their numbers.
///
/// Source: Hansen and Salamon, *Neural network ensembles*, 1990; Huang et al., *Snapshot
/// ensembles*, 2017.
///
/// @param members the networks, at least one
public record Ensemble(List<Layer> members) implements Layer {

  /// Takes a copy of the list.
  ///
  /// @throws IllegalArgumentException if it is empty
  public Ensemble {
    members = List.copyOf(members);
    if (members.isEmpty()) {
      throw new IllegalArgumentException("Ensemble: needs at least one member");
    }
  }

  @Override
  public Map<String, Object> components() {
    Map<String, Object> numbered = new LinkedHashMap<>();
    for (int i = 0; i < members.size(); i++) {
      numbered.put(Integer.toString(i), members.get(i));
    }
    return numbered;
  }

  @Override
  public Variable forward(Variable x) {
    Variable[] opinions = new Variable[members.size()];
    for (int i = 0; i < opinions.length; i++) {
      opinions[i] = Location.step(this, Integer.toString(i), members.get(i), x).logSoftmax(-1);
    }
    return Variable.stack(0, opinions).logsumexp(0).sub(Math.log(opinions.length));
  }

  @Override
  public String toString() {
    return tree();
  }
}
