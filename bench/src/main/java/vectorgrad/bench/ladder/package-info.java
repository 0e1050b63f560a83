/// From the definition to the fastest version, rung by rung.
package vectorgrad.bench.ladder;
