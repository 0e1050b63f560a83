/// The update of a million parameters, whose gradients are known.
package vectorgrad.bench.optimizer;
