package dev.modelweir.image.training;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains the operator against a stand-in for the API server: it elects itself, watches, reconciles
 * one InferenceService, answers its probes, and ends.
 */
public final class OperatorTraining implements Training {
  private static final Duration QUIET = Duration.ofSeconds(1);

  private final StandInApiServer apiServer;
  private final Ports ports;
  private final List<String> probes;
  private final Map<String, String> settings;

  /**
   * @param work folder for the certificate of the stand-in
   * @param probes paths of the operator that answer 200 once it works, such as {@code
   *     /q/health/ready}
   * @param settings environment variables that the operator does not start without
   */
  public OperatorTraining(Path work, List<String> probes, Map<String, String> settings)
      throws IOException, InterruptedException {
    this.apiServer = StandInApiServer.start(work);
    this.ports = Ports.free();
    this.probes = probes;
    this.settings = settings;
  }

  @Override
  public Map<String, String> environment() {
    var environment = new HashMap<>(ports.environment());
    environment.put("KUBERNETES_MASTER", apiServer.url());
    environment.put("KUBERNETES_CERTS_CA_FILE", apiServer.certificate().toString());
    environment.put("KUBERNETES_AUTH_TOKEN", "training");
    environment.put("KUBERNETES_AUTH_TRYKUBECONFIG", "false");
    environment.put("KUBERNETES_AUTH_TRYSERVICEACCOUNT", "false");
    environment.put("KUBERNETES_NAMESPACE", StandInApiServer.NAMESPACE);
    environment.put("POD_NAME", "training");
    environment.put("POD_NAMESPACE", StandInApiServer.NAMESPACE);
    environment.put("HOSTNAME", "training");
    environment.putAll(settings);
    return environment;
  }

  @Override
  public void drive(Workload workload) throws IOException, InterruptedException {
    workload.await(
        "it wrote the status of the InferenceService", () -> apiServer.isStatusWritten());
    workload.await(
        "it came to rest (it kept writing: see the requests in the log)",
        () -> apiServer.isQuietFor(QUIET));
    for (String probe : probes) {
      workload.await(
          "it answered 200 at " + probe,
          () ->
              workload.status(ports.mainUrl(probe)) == 200
                  || workload.status(ports.managementUrl(probe)) == 200);
    }
  }

  @Override
  public void close() {
    apiServer.close();
  }
}
