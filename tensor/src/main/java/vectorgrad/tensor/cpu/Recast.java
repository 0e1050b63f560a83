package vectorgrad.tensor.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.NestHostAttribute;
import java.lang.classfile.attribute.NestMembersAttribute;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LocalVariable;
import java.lang.classfile.instruction.LocalVariableType;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessFlag;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import vectorgrad.numerics.Precision;

/// The kernels once more, for another element type or another lane width.
///
/// Kernels are written once, for `float[]`. Their double precision twins are *the same class files
/// with every `float` read as a `double`*: `fadd` becomes `dadd`, `float[]` becomes `double[]`,
/// `FloatVector` becomes `DoubleVector`. So there is one source to read and to test, and what a
/// gradient check runs in f64 is what training runs in f32, blocking, packing and edges included.
/// In the same way a call of [Lanes#bits()] is read as a number, which lets one JVM hold the
/// kernels of every machine for tests.
///
/// The twins are ordinary classes of this package, called `MatMulF64`, defined together when they
/// are first asked for. They refer to one another, and to everything else as it is.
///
/// What the reading cannot see is a `float` copied on the stack, so kernels do not use the value of
/// an assignment (`f(a = b)`); the verifier would refuse the twin.
final class Recast {
  private static final Map<String, Recast> READINGS = new ConcurrentHashMap<>();
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  /// Frames are merged of classes that this package sees, twins among them: the system's class
  /// loader knows none of them where this library was loaded by another, as in Spark.
  private static final ClassFile CLASS_FILES =
      ClassFile.of(
          ClassFile.ClassHierarchyResolverOption.of(
              ClassHierarchyResolver.defaultResolver()
                  .orElse(ClassHierarchyResolver.ofClassLoading(LOOKUP))));

  private static final ClassDesc LANES = describe(Lanes.class);
  private static final String VECTORS = "jdk.incubator.vector.";

  private final boolean doubles;
  private final int bits;
  private final Map<ClassDesc, ClassDesc> names = new HashMap<>();
  private final Map<Class<?>, Class<?>> twins = new HashMap<>();

  /// The twins of `templates` (superclasses before subclasses; nested classes come along) for
  /// elements of the given precision and vectors of `bits`. Their names end in `suffix`, and what
  /// was made once under a suffix is found again.
  static Recast of(String suffix, List<Class<?>> templates, Precision precision, int bits) {
    return READINGS.computeIfAbsent(suffix, _ -> new Recast(templates, precision, bits, suffix));
  }

  private Recast(List<Class<?>> templates, Precision precision, int bits, String suffix) {
    this.doubles = precision == Precision.DOUBLE;
    this.bits = bits;
    if (doubles) {
      names.put(ConstantDescs.CD_float, ConstantDescs.CD_double);
      names.put(describe(Float.class), describe(Double.class));
      names.put(ClassDesc.of(VECTORS + "FloatVector"), ClassDesc.of(VECTORS + "DoubleVector"));
    }
    List<Class<?>> all = templates.stream().flatMap(Recast::withNested).toList();
    for (Class<?> template : all) {
      String outer = template.getNestHost().getName();
      String nested = template.getName().substring(outer.length());
      names.put(describe(template), ClassDesc.of(outer + suffix + nested));
    }
    for (Class<?> template : all) {
      try {
        twins.put(template, LOOKUP.defineClass(twin(CLASS_FILES.parse(classFile(template)))));
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e); // the twin is of this very package
      }
    }
  }

  /// A new object of the twin of `template`, by its constructor without parameters.
  <T> T create(Class<T> shared, Class<? extends T> template) {
    try {
      return shared.cast(
          LOOKUP.findConstructor(twins.get(template), MethodType.methodType(void.class)).invoke());
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<Class<?>> withNested(Class<?> template) {
    return Stream.of(template.getNestMembers());
  }

  private static byte[] classFile(Class<?> template) {
    String file = template.getName().substring(template.getPackageName().length() + 1) + ".class";
    try (InputStream in = template.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the class file " + file + " is not where its class is");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] twin(ClassModel template) {
    return CLASS_FILES.build(
        read(template.thisClass().asSymbol()),
        builder -> {
          builder.withFlags(template.flags().flagsMask());
          builder.withSuperclass(read(template.superclass().orElseThrow().asSymbol()));
          builder.withInterfaceSymbols(
              template.interfaces().stream().map(i -> read(i.asSymbol())).toList());
          template
              .findAttribute(Attributes.nestHost())
              .ifPresent(a -> builder.with(NestHostAttribute.of(read(a.nestHost().asSymbol()))));
          template
              .findAttribute(Attributes.nestMembers())
              .ifPresent(a -> builder.with(NestMembersAttribute.ofSymbols(members(a))));
          for (var field : template.fields()) {
            builder.withField(
                field.fieldName().stringValue(),
                read(field.fieldTypeSymbol()),
                field.flags().flagsMask());
          }
          for (var method : template.methods()) {
            builder.withMethod(
                method.methodName().stringValue(),
                read(method.methodTypeSymbol()),
                method.flags().flagsMask(),
                body ->
                    method
                        .code()
                        .ifPresent(code -> {
                          IntUnaryOperator slots = slots(method);
                          body.transformCode(code, (to, element) -> read(to, element, slots));
                        }));
          }
        });
  }

  private List<ClassDesc> members(NestMembersAttribute nest) {
    return nest.nestMembers().stream().map(member -> read(member.asSymbol())).toList();
  }

  /// Where each local variable goes: parameters to where the wider signature puts them, the others
  /// to every second slot behind, so that each of them has room for a double.
  private IntUnaryOperator slots(MethodModel method) {
    int receiver = method.flags().has(AccessFlag.STATIC) ? 0 : 1;
    List<ClassDesc> parameters = method.methodTypeSymbol().parameterList();
    int[] begins = new int[2 * parameters.size() + 2];
    int from = receiver;
    int to = receiver;
    for (ClassDesc parameter : parameters) {
      begins[from] = to;
      from += TypeKind.from(parameter).slotSize();
      to += TypeKind.from(read(parameter)).slotSize();
    }
    int behind = from;
    int shifted = to;
    return slot -> slot < behind ? begins[slot] : shifted + 2 * (slot - behind);
  }

  private void read(CodeBuilder to, CodeElement element, IntUnaryOperator slots) {
    switch (element) {
      case LoadInstruction i -> to.loadLocal(read(i.typeKind()), slots.applyAsInt(i.slot()));
      case StoreInstruction i -> to.storeLocal(read(i.typeKind()), slots.applyAsInt(i.slot()));
      case IncrementInstruction i -> to.iinc(slots.applyAsInt(i.slot()), i.constant());
      case ArrayLoadInstruction i -> to.arrayLoad(read(i.typeKind()));
      case ArrayStoreInstruction i -> to.arrayStore(read(i.typeKind()));
      case ReturnInstruction i -> to.return_(read(i.typeKind()));
      case ConvertInstruction i -> to.conversion(read(i.fromType()), read(i.toType()));
      case OperatorInstruction i -> to.with(OperatorInstruction.of(read(i.opcode())));
      case ConstantInstruction i -> constant(to, i);
      case NewPrimitiveArrayInstruction i -> to.newarray(read(i.typeKind()));
      case NewReferenceArrayInstruction i -> to.anewarray(read(i.componentType().asSymbol()));
      case NewMultiArrayInstruction i ->
          to.multianewarray(read(i.arrayType().asSymbol()), i.dimensions());
      case NewObjectInstruction i -> to.new_(read(i.className().asSymbol()));
      case TypeCheckInstruction i ->
          to.with(TypeCheckInstruction.of(i.opcode(), read(i.type().asSymbol())));
      case FieldInstruction i ->
          to.fieldAccess(
              i.opcode(), read(i.owner().asSymbol()), i.name().stringValue(), read(i.typeSymbol()));
      case InvokeInstruction i -> invoke(to, i);
      case InvokeDynamicInstruction i -> invokeDynamic(to, i);
      case LocalVariable _, LocalVariableType _ -> {} // only debuggers miss them
      default -> to.with(element);
    }
  }

  private void constant(CodeBuilder to, ConstantInstruction i) {
    if (i.constantValue() instanceof Float f && doubles) {
      to.loadConstant(f.doubleValue());
    } else if (i.constantValue() instanceof ClassDesc c) {
      to.loadConstant(read(c));
    } else {
      to.with(i);
    }
  }

  private void invoke(CodeBuilder to, InvokeInstruction i) {
    if (i.owner().asSymbol().equals(LANES) && i.name().equalsString("bits")) {
      to.loadConstant(bits);
      return;
    }
    to.invoke(
        i.opcode(),
        read(i.owner().asSymbol()),
        i.name().stringValue(),
        read(i.typeSymbol()),
        i.isInterface());
  }

  private void invokeDynamic(CodeBuilder to, InvokeDynamicInstruction i) {
    ConstantDesc[] arguments =
        i.bootstrapArgs().stream().map(this::read).toArray(ConstantDesc[]::new);
    to.invokedynamic(
        DynamicCallSiteDesc.of(
            i.bootstrapMethod(), i.name().stringValue(), read(i.typeSymbol()), arguments));
  }

  private ConstantDesc read(ConstantDesc argument) {
    return switch (argument) {
      case ClassDesc c -> read(c);
      case MethodTypeDesc m -> read(m);
      case DirectMethodHandleDesc h when isField(h.kind()) ->
          MethodHandleDesc.ofField(
              h.kind(),
              read(h.owner()),
              h.methodName(),
              read(ClassDesc.ofDescriptor(h.lookupDescriptor())));
      case DirectMethodHandleDesc h ->
          MethodHandleDesc.of(
              h.kind(),
              read(h.owner()),
              h.methodName(),
              read(MethodTypeDesc.ofDescriptor(h.lookupDescriptor())).descriptorString());
      default -> argument;
    };
  }

  private static boolean isField(DirectMethodHandleDesc.Kind kind) {
    return switch (kind) {
      case GETTER, SETTER, STATIC_GETTER, STATIC_SETTER -> true;
      default -> false;
    };
  }

  private ClassDesc read(ClassDesc type) {
    return type.isArray() ? read(type.componentType()).arrayType() : names.getOrDefault(type, type);
  }

  private MethodTypeDesc read(MethodTypeDesc type) {
    return MethodTypeDesc.of(
        read(type.returnType()), type.parameterList().stream().map(this::read).toList());
  }

  private TypeKind read(TypeKind kind) {
    return doubles && kind == TypeKind.FLOAT ? TypeKind.DOUBLE : kind;
  }

  private Opcode read(Opcode opcode) {
    if (!doubles) {
      return opcode;
    }
    return switch (opcode) {
      case FADD -> Opcode.DADD;
      case FSUB -> Opcode.DSUB;
      case FMUL -> Opcode.DMUL;
      case FDIV -> Opcode.DDIV;
      case FREM -> Opcode.DREM;
      case FNEG -> Opcode.DNEG;
      case FCMPL -> Opcode.DCMPL;
      case FCMPG -> Opcode.DCMPG;
      default -> opcode;
    };
  }

  private static ClassDesc describe(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }
}
