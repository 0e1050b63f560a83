/// One sample through a trained network: what a user waits for, and mostly overhead.
package vectorgrad.bench.inference;
