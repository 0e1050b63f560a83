/// What more threads gain.
package vectorgrad.bench.threads;
