/// Gradient checks of whole class paths: functions annotated with
/// [GradCheck][vectorgrad.gradcheck.GradCheck] are found and compared with differences.
package vectorgrad.gradcheck;
