/// From the start of the JVM to the first step of training: what a short program feels.
package vectorgrad.bench.start;
