/// Products of matrices: squares, and the shapes that layers make of them.
package vectorgrad.bench.matmul;
