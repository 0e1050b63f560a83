package vectorgrad.nn;

import java.util.Optional;
import vectorgrad.autograd.Variable;

/// The keys and values of the places an attention has seen, so that generating one more place
/// computes only its own. A value: appending gives another cache.
///
/// | name | shape |
/// |------|-------|
/// | keys, values | (N, G, L, d), of G heads |
///
/// Cost: 2·N·G·L·d numbers; with few heads of keys ([MultiHeadAttention#keyHeads]) as many times
/// fewer. Appending copies them, which costs less than the attention that follows reads.
///
/// @param keys of the places so far, turned to their positions already, or empty
/// @param values of the places so far, or empty
public record KeyValueCache(Optional<Variable> keys, Optional<Variable> values) {
  /// Nothing seen yet.
  public static KeyValueCache empty() {
    return new KeyValueCache(Optional.empty(), Optional.empty());
  }

  /// How many places there are.
  public int length() {
    return keys.map(k -> k.size(-2)).orElse(0);
  }

  /// With more places behind those so far.
  public KeyValueCache append(Variable moreKeys, Variable moreValues) {
    return keys.isEmpty()
        ? new KeyValueCache(Optional.of(moreKeys), Optional.of(moreValues))
        : new KeyValueCache(
            Optional.of(Variable.concat(-2, keys.get(), moreKeys)),
            Optional.of(Variable.concat(-2, values.orElseThrow(), moreValues)));
  }

  /// Lets the numbers outlive the scope they were made in.
  public KeyValueCache keep() {
    return new KeyValueCache(keys.map(Variable::keep), values.map(Variable::keep));
  }
}
