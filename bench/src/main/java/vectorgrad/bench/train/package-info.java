/// Training steps of the usual kinds of networks: forward, backward, update.
package vectorgrad.bench.train;
