package vectorgrad.optim;

import java.util.function.DoubleFunction;
import vectorgrad.tensor.Tensor;

/// A search along a descending line for a place that satisfies the strong Wolfe conditions:
///
/// ```
/// f(t) ≤ f(0) + c₁·t·f′(0)        it has come down as far as its slope promised, in part
/// |f′(t)| ≤ −c₂·f′(0)             and hardly descends, or rises, any more
/// ```
///
/// First the step grows until a minimum is bracketed, then the bracket shrinks around it; both
/// times the next place is where a cubic through two values and two slopes is smallest. Nocedal and
/// Wright 2006, algorithms 3.5 and 3.6, with the safeguards of Schmidt's minFunc as PyTorch has
/// them. A value that is not a number counts as too high, so that the bracket closes before it.
///
/// @param c1 c₁
/// @param c2 c₂
/// @param most how many places are tried
/// @param tolerance a bracket in which no number changes by more is not searched
record StrongWolfe(double c1, double c2, int most, double tolerance) {
  /// A place on the line.
  ///
  /// @param t how many directions from the start it is
  /// @param loss the value there
  /// @param gradient the gradient there
  /// @param slope the derivative along the line
  record Place(double t, double loss, Tensor gradient, double slope) {}

  /// The place where the search ends.
  ///
  /// @param start the place at 0, where the slope is below 0
  /// @param first the first step that is tried
  /// @param longest the largest absolute number of the direction
  /// @param at looks at a place
  Place search(Place start, double first, double longest, DoubleFunction<Place> at) {
    Place before = start;
    Place now = at.apply(first);
    int tries = 0;
    while (tries < most) {
      if (isHigh(now, start) || (tries > 1 && now.loss >= before.loss)) {
        return zoom(start, before, now, tries, longest, at);
      }
      if (isFlat(now, start)) {
        return now;
      }
      if (now.slope >= 0) {
        return zoom(start, before, now, tries, longest, at);
      }
      double next = lowest(before, now, now.t + 0.01 * (now.t - before.t), now.t * 10);
      before = now;
      now = at.apply(next);
      tries++;
    }
    return now.loss < start.loss ? now : start;
  }

  private Place zoom(
      Place start, Place a, Place b, int tried, double longest, DoubleFunction<Place> at) {
    Place low = b.loss < a.loss ? b : a;
    Place high = b.loss < a.loss ? a : b;
    boolean slow = false;
    for (int tries = tried; tries < most; tries++) {
      double left = Math.min(low.t, high.t);
      double right = Math.max(low.t, high.t);
      if ((right - left) * longest < tolerance) {
        return low;
      }
      double t = lowest(low, high, left, right);
      double margin = 0.1 * (right - left);
      boolean near = Math.min(right - t, t - left) < margin;
      if (near && (slow || t >= right || t <= left)) {
        t = Math.abs(t - right) < Math.abs(t - left) ? right - margin : left + margin;
        slow = false; // a second time at an end: inwards by a tenth
      } else {
        slow = near;
      }
      Place now = at.apply(t);
      if (isHigh(now, start) || now.loss >= low.loss) {
        high = now;
        if (high.loss < low.loss) {
          high = low;
          low = now;
        }
      } else if (isFlat(now, start)) {
        return now;
      } else {
        if (now.slope * (high.t - low.t) >= 0) {
          high = low;
        }
        low = now;
      }
    }
    return low;
  }

  private boolean isHigh(Place now, Place start) {
    return !(now.loss <= start.loss + c1 * now.t * start.slope);
  }

  private boolean isFlat(Place now, Place start) {
    return Math.abs(now.slope) <= -c2 * start.slope;
  }

  /// Where the cubic through both values and slopes is smallest, in `[least, most]`; the middle
  /// where it has no minimum.
  private static double lowest(Place p, Place q, double least, double most) {
    Place a = p.t <= q.t ? p : q;
    Place b = p.t <= q.t ? q : p;
    double bend = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.t - b.t);
    double square = bend * bend - a.slope * b.slope;
    double root = Math.sqrt(square);
    double t = b.t - (b.t - a.t) * ((b.slope + root - bend) / (b.slope - a.slope + 2 * root));
    return Double.isNaN(t) ? (least + most) / 2 : Math.min(Math.max(t, least), most);
  }
}
