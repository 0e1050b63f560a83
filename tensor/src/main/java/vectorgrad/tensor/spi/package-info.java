/// What a backend must provide: a few verbs, with composite defaults for the rest.
package vectorgrad.tensor.spi;
