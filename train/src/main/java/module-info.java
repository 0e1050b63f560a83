/// Training runs: the loop, metrics, checkpoints, histories and plots.
module vectorgrad.train {
  requires transitive vectorgrad.data;
  requires transitive vectorgrad.nn;
  requires transitive vectorgrad.optim;
  requires com.google.gson;
  requires java.desktop;
  requires xchart;

  exports vectorgrad.train;

  opens vectorgrad.train to
      com.google.gson;
}
