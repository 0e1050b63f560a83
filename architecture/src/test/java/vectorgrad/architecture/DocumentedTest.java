package vectorgrad.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import javax.tools.ToolProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Readers are the first users: what the core shows them, it explains.
class DocumentedTest {
  static final List<String> CORE = House.CORE;

  @ParameterizedTest
  @FieldSource("CORE")
  void everythingPublicIsDocumented(String floor) throws IOException {
    var bare = new ArrayList<String>();
    int seen = 0;
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      var task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  null,
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(House.sources(floor)));
      var trees = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        var scanner = new Scanner(trees);
        scanner.scan(unit, null);
        bare.addAll(scanner.bare);
        seen += scanner.seen;
      }
    }
    assertTrue(seen > 0, () -> "no public type was read from " + floor);
    assertEquals("", String.join("\n", bare), "public, and without a comment");
  }

  /// Collects the types and methods that can be seen from outside and carry no comment.
  private static final class Scanner extends TreePathScanner<Void, Void> {
    private final DocTrees trees;
    private final List<String> bare = new ArrayList<>();
    private int seen;

    Scanner(DocTrees trees) {
      this.trees = trees;
    }

    @Override
    public Void visitClass(ClassTree type, Void unused) {
      if (!isPublic(type.getModifiers(), parent())) {
        return null;
      }
      seen++;
      require(
          parent() instanceof ClassTree owner
              ? owner.getSimpleName() + "." + type.getSimpleName()
              : type.getSimpleName().toString());
      return super.visitClass(type, null);
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      if (isPublic(method.getModifiers(), parent()) && !overrides(method) && !isCanonical(method)) {
        var owner = ((ClassTree) parent()).getSimpleName();
        require(owner + "." + method.getName());
      }
      return null;
    }

    private Tree parent() {
      TreePath above = getCurrentPath().getParentPath();
      return above.getLeaf();
    }

    private void require(String name) {
      if (trees.getDocComment(getCurrentPath()) == null) {
        bare.add(name);
      }
    }

    /// Members of an interface are public unless they say otherwise.
    private static boolean isPublic(ModifiersTree modifiers, Tree owner) {
      var flags = modifiers.getFlags();
      return flags.contains(Modifier.PUBLIC)
          || (owner.getKind() == Tree.Kind.INTERFACE && !flags.contains(Modifier.PRIVATE));
    }

    private static boolean overrides(MethodTree method) {
      return method.getModifiers().getAnnotations().stream()
          .anyMatch(annotation -> annotation.getAnnotationType().toString().equals("Override"));
    }

    /// A record's compact constructor is documented by the record.
    private boolean isCanonical(MethodTree method) {
      return parent().getKind() == Tree.Kind.RECORD && method.getReturnType() == null;
    }
  }
}
