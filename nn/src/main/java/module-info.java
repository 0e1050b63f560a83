/// Layers, losses, initializers and ready-made models.
module vectorgrad.nn {
  requires transitive vectorgrad.autograd;

  exports vectorgrad.nn;
}
