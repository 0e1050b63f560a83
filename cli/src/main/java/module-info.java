/// The command `vg`.
module vectorgrad.cli {
  requires info.picocli;
  requires me.tongfei.progressbar;
  requires vectorgrad.train;

  opens vectorgrad.cli to
      info.picocli;
}
