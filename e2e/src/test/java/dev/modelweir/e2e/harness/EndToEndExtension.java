package dev.modelweir.e2e.harness;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opentest4j.TestAbortedException;

/** Starts the platform once, gives each class a namespace, and keeps evidence of failures. */
final class EndToEndExtension
    implements ParameterResolver,
        AfterTestExecutionCallback,
        LifecycleMethodExecutionExceptionHandler {
  private static final Namespace STORE = Namespace.create(EndToEndExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Platform.class || type == TestNamespace.class || type == EmbeddedCluster.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    if (type == TestNamespace.class) {
      return namespace(context);
    }
    Platform platform = platform(context);
    if (type == Platform.class) {
      return platform;
    }
    return platform.cluster(); // EmbeddedOnly has seen to it that it is that
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    if (context
        .getExecutionException()
        .filter(e -> !(e instanceof TestAbortedException))
        .isPresent()) {
      new Diagnostics(platform(context), namespace(context)).collect(context);
    }
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    if (!(failure instanceof TestAbortedException)) {
      new Diagnostics(platform(context), namespace(context)).collect(context);
    }
    throw failure;
  }

  private static Platform platform(ExtensionContext context) {
    Store ofTheRun = context.getRoot().getStore(STORE);
    return ofTheRun.computeIfAbsent(Start.class, key -> Start.attempt(), Start.class).platform();
  }

  /** The one attempt to start; when it failed, every test fails at once with the same words. */
  private record Start(@Nullable Platform started, @Nullable Throwable failure)
      implements AutoCloseable {

    static Start attempt() {
      try {
        return new Start(Platform.start(), null);
      } catch (RuntimeException | AssertionError e) {
        return new Start(null, e);
      }
    }

    Platform platform() {
      if (started == null) {
        String why = failure == null ? "" : ": " + failure.getMessage();
        throw new IllegalStateException("the platform did not start" + why, failure);
      }
      return started;
    }

    @Override
    public void close() {
      if (started != null) {
        started.close();
      }
    }
  }

  private static TestNamespace namespace(ExtensionContext context) {
    ExtensionContext ofTheClass = context;
    while (ofTheClass.getTestMethod().isPresent()) {
      ofTheClass = ofTheClass.getParent().orElseThrow();
    }
    String purpose = ofTheClass.getRequiredTestClass().getSimpleName().replaceFirst("IT$", "");
    return ofTheClass
        .getStore(STORE)
        .computeIfAbsent(
            TestNamespace.class, key -> platform(context).namespace(purpose), TestNamespace.class);
  }
}
