package vectorgrad.gradcheck.junit;

import org.junit.platform.engine.EngineDiscoveryRequest;
import org.junit.platform.engine.EngineExecutionListener;
import org.junit.platform.engine.ExecutionRequest;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.EngineDescriptor;
import org.junit.platform.engine.support.discovery.EngineDiscoveryRequestResolver;

/// Runs methods annotated with [vectorgrad.gradcheck.GradCheck] as tests: a class is a container, a
/// method in it another, and each way in which its inputs can lie in memory is a test.
///
/// Jupiter cannot: its test methods return nothing, and these return a variable. The engine is
/// found by itself wherever the JUnit Platform runs, in Maven, Gradle and IDEs, and leaves to
/// Jupiter what is Jupiter's, in the same class too. Each test has an instance of its own. There is
/// no lifecycle beyond the constructor.
public final class GradCheckEngine implements TestEngine {
  static final String ID = "vectorgrad-gradcheck";

  private static final EngineDiscoveryRequestResolver<TestDescriptor> RESOLVER =
      EngineDiscoveryRequestResolver.builder()
          .addClassContainerSelectorResolver(Found::hasSubjects)
          .addSelectorResolver(new Found())
          .addTestDescriptorVisitor(_ -> TestDescriptor::prune)
          .build();

  /// The engine, as the platform makes it.
  public GradCheckEngine() {}

  @Override
  public String getId() {
    return ID;
  }

  @Override
  public TestDescriptor discover(EngineDiscoveryRequest request, UniqueId id) {
    EngineDescriptor engine = new EngineDescriptor(id, "Gradient checks");
    RESOLVER.resolve(request, engine);
    return engine;
  }

  @Override
  public void execute(ExecutionRequest request) {
    execute(request.getRootTestDescriptor(), request.getEngineExecutionListener());
  }

  private static void execute(TestDescriptor descriptor, EngineExecutionListener listener) {
    listener.executionStarted(descriptor);
    TestExecutionResult result = TestExecutionResult.successful();
    try {
      if (descriptor instanceof Node.Check check) {
        check.run();
      }
      descriptor.getChildren().forEach(child -> execute(child, listener));
    } catch (RuntimeException | AssertionError | StackOverflowError | LinkageError e) {
      result = TestExecutionResult.failed(e);
    }
    listener.executionFinished(descriptor, result);
  }
}
