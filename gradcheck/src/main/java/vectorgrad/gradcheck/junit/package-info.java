/// Annotated methods as tests of the JUnit Platform.
package vectorgrad.gradcheck.junit;
