package vectorgrad.bench;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks benchmarks of another library.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Peer {
  /// Its name and version, as in a table.
  String value();

  /// Settings to be measured one by one, each a contender of its own: told to the benchmark by the
  /// system property `vectorgrad.variant`, and added to the name unless empty.
  String[] variants() default "";

  /// Whether it is never the fastest at this: then a quick run of all groups leaves it out, and a
  /// full one measures it in the first round and the last alone.
  boolean outdone() default false;
}
