/// Checks the gradients of every annotated function on the class path.
module vectorgrad.gradcheck {
  requires io.github.classgraph;
  requires static org.junit.platform.commons;
  requires static org.junit.platform.engine;
  requires transitive vectorgrad.nn;

  exports vectorgrad.gradcheck;

  provides org.junit.platform.engine.TestEngine with
      vectorgrad.gradcheck.junit.GradCheckEngine;
}
