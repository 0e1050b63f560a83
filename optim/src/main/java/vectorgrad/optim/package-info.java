/// Optimizers: each takes gradients and updates parameters in place, with one fused formula per parameter.
package vectorgrad.optim;
