/// Single layers, forward, and forward and backward.
package vectorgrad.bench.layers;
