/// Variables that remember how they were computed, and the gradients that follow from it.
module vectorgrad.autograd {
  requires transitive vectorgrad.tensor;

  exports vectorgrad.autograd;
}
