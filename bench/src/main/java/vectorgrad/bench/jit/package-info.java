/// What the JIT compiler makes of a loop, by how it is written.
package vectorgrad.bench.jit;
