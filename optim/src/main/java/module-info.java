/// Optimizers and learning-rate schedules.
module vectorgrad.optim {
  requires transitive vectorgrad.autograd;

  exports vectorgrad.optim;
}
