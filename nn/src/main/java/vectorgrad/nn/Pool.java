package vectorgrad.nn;

import java.util.List;
import java.util.function.UnaryOperator;
import vectorgrad.tensor.Pool1dGeometry;

/// What poolings of signals, pictures and volumes have in common: a window for each spatial axis,
/// and settings that are changed on copies.
///
/// @param <P> the layer itself
public sealed interface Pool<P extends Pool<P>> extends Layer permits MaxPool, AvgPool {

  /// The window and how it moves, along each spatial axis.
  List<Pool1dGeometry> window();

  /// The pooling of this kind with another window, its remaining settings being this one's.
  P with(List<Pool1dGeometry> window);

  /// A copy that moves by `stride` places along every axis.
  default P stride(int stride) {
    return each(g -> g.stride(stride));
  }

  /// A copy with `padding` places on every side, at most half the window.
  default P padding(int padding) {
    return each(g -> g.padding(padding));
  }

  /// A copy whose windows may overhang the end, or may not.
  default P ceilMode(boolean ceilMode) {
    return each(g -> g.ceilMode(ceilMode));
  }

  private P each(UnaryOperator<Pool1dGeometry> change) {
    return with(window().stream().map(change).toList());
  }
}
