package dev.modelweir.e2e.harness;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips what asks for the {@link EmbeddedCluster} where the tests run on another cluster. */
final class EmbeddedOnly implements ExecutionCondition {

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    boolean asked = context.getElement().stream().anyMatch(EmbeddedOnly::asksForIt);
    return asked && !Cluster.isEmbedded()
        ? ConditionEvaluationResult.disabled("needs the embedded cluster: unset KUBECONFIG")
        : ConditionEvaluationResult.enabled(null);
  }

  private static boolean asksForIt(AnnotatedElement element) {
    Stream<? extends Executable> executables =
        switch (element) {
          case Method method -> Stream.of(method);
          case Class<?> type ->
              Stream.concat(
                  Stream.of(type.getDeclaredConstructors()),
                  Stream.of(type.getDeclaredMethods())
                      .filter(method -> method.isAnnotationPresent(BeforeAll.class)));
          default -> Stream.empty();
        };
    return executables
        .flatMap(executable -> Stream.of(executable.getParameterTypes()))
        .anyMatch(EmbeddedCluster.class::equals);
  }
}
