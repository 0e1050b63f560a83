/// Real pictures and the loaders that shuffle them into batches.
package vectorgrad.data;
