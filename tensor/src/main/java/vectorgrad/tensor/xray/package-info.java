/// A device that shows what a format of few bits does to a model.
package vectorgrad.tensor.xray;
