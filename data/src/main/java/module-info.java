/// Datasets: fetched, verified, cached, and loaded in shuffled batches.
module vectorgrad.data {
  requires transitive vectorgrad.tensor;
  requires java.net.http;

  exports vectorgrad.data;
}
