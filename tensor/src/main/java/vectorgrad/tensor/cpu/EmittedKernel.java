package vectorgrad.tensor.cpu;

import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.function.Consumer;

/// A hidden class whose bytecode is written by this program: it extends the type of a kernel, and
/// has its one abstract method.
final class EmittedKernel {
  private EmittedKernel() {}

  private static Method method(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> Modifier.isAbstract(method.getModifiers()))
        .findFirst()
        .orElseThrow();
  }

  /// The elements of a kernel's arrays: `float`, or `double` where the type was read again.
  static Class<?> element(Class<?> type) {
    return method(type).getParameterTypes()[0].getComponentType();
  }

  /// Defines the class, and makes an object of it.
  ///
  /// @param name what is behind the name of the type
  /// @param body the code of the method
  static <K> K define(Class<K> type, String name, Consumer<CodeBuilder> body) {
    Method method = method(type);
    MethodTypeDesc signature =
        MethodType.methodType(void.class, method.getParameterTypes())
            .describeConstable()
            .orElseThrow();
    ClassDesc base = type.describeConstable().orElseThrow();
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of(type.getName() + name),
                kernel ->
                    kernel
                        .withFlags(ClassFile.ACC_FINAL)
                        .withSuperclass(base)
                        .withMethodBody(
                            INIT_NAME,
                            MTD_void,
                            0,
                            code ->
                                code.aload(0).invokespecial(base, INIT_NAME, MTD_void).return_())
                        .withMethodBody(method.getName(), signature, 0, body));
    try {
      var lookup = MethodHandles.lookup().defineHiddenClass(bytes, true);
      var constructor =
          lookup.findConstructor(lookup.lookupClass(), MethodType.methodType(void.class));
      return type.cast(constructor.invoke());
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e); // nothing checked is thrown by an empty constructor
    }
  }
}
