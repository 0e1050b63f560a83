/// Training runs, from the loop over batches to the files that a finished run leaves behind.
package vectorgrad.train;
