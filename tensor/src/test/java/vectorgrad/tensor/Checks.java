package vectorgrad.tensor;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Names the operations of [Tensor] that a property holds to an index-by-index model on both
/// backends, by the names of their methods. A public operation that no property names fails the
/// build.
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Checks {
  /// The names of the methods.
  String[] value();
}
