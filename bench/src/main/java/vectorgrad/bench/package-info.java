/// Benchmarks, ours and those of other libraries, and the command that runs them side by side:
/// `./vg bench`. Each package below is a group; never published.
package vectorgrad.bench;
