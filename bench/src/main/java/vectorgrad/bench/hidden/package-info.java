/// 256 hidden nodes or 4096: how much faster a machine is at sixteen times the work depends on who
/// programs it.
package vectorgrad.bench.hidden;
