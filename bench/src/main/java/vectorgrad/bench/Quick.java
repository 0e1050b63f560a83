package vectorgrad.bench;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Names the work that stands for all of a group in a quick run of all groups, ours and theirs;
/// stands at our benchmark.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Quick {
  /// As in the head of a table: the values of the parameters.
  String[] value();
}
