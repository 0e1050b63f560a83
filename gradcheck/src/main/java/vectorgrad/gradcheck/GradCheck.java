package vectorgrad.gradcheck;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.platform.commons.annotation.Testable;

/// A method whose gradients are to agree with differences: it takes variables, and returns one.
///
/// ```java
/// @GradCheck(shapes = {"3,4", "4"})
/// static Variable swish(Variable x, Variable bias) {
///   return x.map(new Swish()).add(bias);
/// }
/// ```
///
/// The inputs are drawn in float64, and the method is called again and again, on inputs that are
/// plain, permuted, sliced and expanded ([Layouts]). It must always compute the same. Parameters of
/// layers that it uses are checked too, if the layer is made once, in a field:
///
/// ```java
/// final Layer layer = linear(4, 3).initialize(Seed.of(1));
///
/// @GradCheck(shapes = "2,4")
/// Variable linear(Variable x) {
///   return layer.forward(x);
/// }
/// ```
///
/// In a test class it is a test: with JUnit on the class path, such methods run beside those of
/// Jupiter, one test for each way in which inputs lie in memory. `vg gradcheck --classpath …` runs
/// them too. The class needs a constructor without parameters if the method is not static. What
/// passes is always [vectorgrad.autograd.GradCheck#TOLERANCE].
@SuppressWarnings("exports") // of Testable, which nobody needs who runs without JUnit
@Documented
@Testable
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface GradCheck {
  /// The operation that is checked; by default the name of the method.
  String of() default "";

  /// The shape of each input, sizes separated by commas, `""` for a single number; by default
  /// `"3,4"` for all of them.
  String[] shapes() default {};

  /// The smallest number drawn.
  double from() default -2;

  /// No number drawn is as large as this.
  double to() default 2;

  /// No number drawn is nearer to zero than this, which keeps kinks and poles there away.
  double away() default 0.4;

  /// Whether equal elements of one input would be a kink, as for a maximum: then no input is
  /// expanded.
  boolean distinct() default false;

  /// What directions and inputs are drawn from. A failure says with which seed it can be seen
  /// again.
  long seed() default 1;

  /// Whether the whole Jacobian is compared too, element by element, after the random directions.
  /// It finds nothing that they do not; it shows all that is wrong.
  boolean jacobian() default false;

  /// How often is differentiated: 1 for gradients, 2 for gradients of gradients too.
  int orders() default 2;

  /// How near the f32 kernels are to be to f64.
  Precision precision() default Precision.WELL_CONDITIONED;
}
