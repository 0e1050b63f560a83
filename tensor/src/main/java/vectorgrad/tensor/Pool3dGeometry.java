package vectorgrad.tensor;

/// The window of a 3-d pooling and how it moves, for each direction.
///
/// @param depth along the planes
/// @param height along the rows
/// @param width along the columns
public record Pool3dGeometry(Pool1dGeometry depth, Pool1dGeometry height, Pool1dGeometry width) {

  /// Checks that all directions have one ceil mode.
  public Pool3dGeometry {
    boolean ceilMode = depth.ceilMode();
    if (height.ceilMode() != ceilMode || width.ceilMode() != ceilMode) {
      throw new ShapeException("pool", "ceil mode must be the same in all directions");
    }
  }

  /// A cube that moves by its own size.
  public static Pool3dGeometry cube(int kernel) {
    return cube(Pool1dGeometry.of(kernel));
  }

  /// The same in all three directions.
  public static Pool3dGeometry cube(Pool1dGeometry each) {
    return new Pool3dGeometry(each, each, each);
  }
}
