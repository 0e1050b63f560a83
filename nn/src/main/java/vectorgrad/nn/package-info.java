/// Neural networks as records: the components of a layer are its parameters, and so give them their names.
package vectorgrad.nn;
