/// The command `vg`.
module vectorgrad.cli {
  requires com.google.gson;
  requires info.picocli;
  requires me.tongfei.progressbar;
  requires org.jline.nativ;
  requires vectorgrad.accel; // its devices
  requires vectorgrad.gradcheck;
  requires vectorgrad.train;

  opens vectorgrad.cli to
      com.google.gson,
      info.picocli;
}
