/// One small operation: what a call costs.
package vectorgrad.bench.small;
