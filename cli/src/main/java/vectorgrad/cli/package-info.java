/// The command `vg`: one class per subcommand, each a thin layer over `vectorgrad.train`.
package vectorgrad.cli;
