/// The fast backend: formulas compiled to bytecode, and one file per kernel family with the naive
/// loop on top.
package vectorgrad.tensor.cpu;
