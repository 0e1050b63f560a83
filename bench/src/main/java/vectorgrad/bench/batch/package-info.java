/// How many samples a second go through a network, by the size of the batch.
package vectorgrad.bench.batch;
