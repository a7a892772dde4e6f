package dev.modelweir.e2e.load;

import dev.modelweir.e2e.harness.Await;
import dev.modelweir.e2e.harness.Isvc;
import dev.modelweir.e2e.harness.JavaProgram;
import dev.modelweir.e2e.harness.Prediction;
import dev.modelweir.e2e.harness.TestNamespace;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;

/** A pod that asks an InferenceService for predictions without pause. */
public final class Load implements AutoCloseable {
  private static final JavaProgram PROGRAM = new JavaProgram(LoadGenerator.class);
  private static final String CONNECTIONS = "4";
  private static final String PER_SECOND_AND_CONNECTION = "25";

  private final TestNamespace namespace;
  private final String name;

  /**
   * What came of it so far.
   *
   * @param answers how many there were of which, by the first of their probabilities
   * @param errors the first of the failures
   */
  public record Report(long failed, Map<Double, Long> answers, List<String> errors) {
    long all() {
      return answers.values().stream().mapToLong(Long::longValue).sum();
    }

    long like(Prediction prediction) {
      return answers.getOrDefault(prediction.probabilities().getFirst(), 0L);
    }
  }

  private Load(TestNamespace namespace, String name) {
    this.namespace = namespace;
    this.name = name;
  }

  /** Starts asking, and returns when answers come in. */
  public static Load on(Isvc isvc) {
    TestNamespace namespace = isvc.namespace();
    Load load = new Load(namespace, "load-on-" + isvc.name());
    PROGRAM.store(namespace, load.name);
    namespace.apply(load.pod(isvc));
    load.awaitMore(20, Report::all);
    return load;
  }

  /** Waits until a hundred more requests got this answer. */
  public void awaitMoreLike(Prediction prediction) {
    awaitMore(100, report -> report.like(prediction));
  }

  private void awaitMore(long more, ToLongFunction<Report> count) {
    long before = count.applyAsLong(report());
    Await.until(
        more + " more answers",
        Isvc.PATIENCE,
        this::report,
        report -> count.applyAsLong(report) >= before + more);
  }

  public Report report() {
    List<String> log = namespace.kubectl("logs", name).run().out().lines().toList();
    List<String> errors = log.stream().filter(line -> line.startsWith("error: ")).toList();
    return log.reversed().stream()
        .map(LoadGenerator.REPORT::matcher)
        .filter(Matcher::matches)
        .findFirst()
        .map(line -> new Report(Long.parseLong(line.group(1)), counts(line.group(2)), errors))
        .orElse(new Report(0, Map.of(), errors));
  }

  private static Map<Double, Long> counts(String text) {
    Map<Double, Long> counts = new HashMap<>();
    for (String entry : text.split(", ")) {
      int equals = entry.indexOf('=');
      if (equals > 0) {
        counts.put(
            Double.valueOf(entry.substring(0, equals)), Long.valueOf(entry.substring(equals + 1)));
      }
    }
    return counts;
  }

  private String pod(Isvc isvc) {
    String body = Prediction.REQUEST.replaceAll("\\s+", "");
    List<String> command =
        PROGRAM.command(
            "/load",
            "http://%s.%s.svc/v2/models/%s/infer"
                .formatted(isvc.name(), namespace.name(), isvc.name()),
            CONNECTIONS,
            PER_SECOND_AND_CONNECTION,
            body);
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      name: %1$s
    spec:
      restartPolicy: Never
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 0
      securityContext:
        runAsNonRoot: true
        seccompProfile: {type: RuntimeDefault}
      containers:
        - name: load
          image: %2$s
          command: %3$s
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: {drop: [ALL]}
          volumeMounts:
            - {name: load, mountPath: /load}
      volumes:
        - name: load
          configMap: {name: %1$s}
    """
        .formatted(name, namespace.platform().images().server(), Serialization.asJson(command));
  }

  @Override
  public void close() {
    namespace.client().pods().inNamespace(namespace.name()).withName(name).delete();
  }
}
