/// Ten elementwise operations forward and backward: the overhead of autograd.
package vectorgrad.bench.chain;
