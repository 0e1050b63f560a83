/// Checks the gradients of every annotated function on the class path.
module vectorgrad.gradcheck {
  requires io.github.classgraph;
  requires transitive vectorgrad.nn;

  exports vectorgrad.gradcheck;
}
