package vectorgrad.autograd;

import java.util.HashMap;
import java.util.Map;
import vectorgrad.tensor.Scope;

/// Gives the memory of gradients back as soon as nothing in a backward pass refers to it, so that
/// the pass runs on a few arrays that stay in the cache instead of a fresh one for each operation.
///
/// Several gradients may show the same memory: a view of another, or the very same handed to both
/// inputs of a sum. So uses are counted by memory. What was not made by this pass in the innermost
/// [Scope], and what was kept, is never touched; without a scope nothing is.
final class Recycling {
  private final Scope.Mark since = Scope.mark();
  private final Map<Object, Integer> uses = new HashMap<>(); // of arrays, which have identity only

  /// Notes one more use of a gradient.
  Variable hold(Variable gradient) {
    if (since.covers(gradient.value())) {
      uses.merge(gradient.value().memory(), 1, Integer::sum);
    }
    return gradient;
  }

  /// Ends a use that was noted.
  void letGo(Variable gradient) {
    if (since.covers(gradient.value())
        && uses.merge(gradient.value().memory(), -1, Integer::sum) == 0) {
      uses.remove(gradient.value().memory());
      since.recycle(gradient.value(), "a backward pass, which let a gradient go on its way");
    }
  }

  /// The sum of two gradients, of which the first was held.
  Variable add(Variable before, Variable gradient) {
    Variable sum = hold(before.add(hold(gradient)));
    letGo(before);
    letGo(gradient);
    return sum;
  }
}
