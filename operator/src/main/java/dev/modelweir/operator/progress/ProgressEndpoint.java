package dev.modelweir.operator.progress;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers one report: who is it, what does it say, keep it for the status. */
final class ProgressEndpoint {

  private static final Logger LOG = LoggerFactory.getLogger(ProgressEndpoint.class);
  private static final Pattern BEARER = Pattern.compile("(?i)bearer +(\\S{1,16384})");

  private final Callers callers;
  private final PendingReports pending;

  ProgressEndpoint(Callers callers, PendingReports pending) {
    this.callers = callers;
    this.pending = pending;
  }

  /**
   * Takes a report or says why not. May wait for the API server.
   *
   * @param authorization the header, if there is one
   */
  Answer post(String namespace, String job, @Nullable String authorization, byte[] body) {
    try {
      Work work = callers.admit(token(authorization), namespace, job);
      Report report = ReportReader.read(body);
      pending.add(work, report);
      return Answer.taken(report.leftOut());
    } catch (Rejection rejection) {
      LOG.debug("report for {}/{}: {}", namespace, job, rejection.getMessage());
      return Answer.of(rejection);
    } catch (KubernetesClientException e) {
      LOG.warn(
          "a pod that reports for {}/{} cannot be checked: {}", namespace, job, e.getMessage());
      return Answer.refused(503, "the API server cannot be asked at the moment; try again");
    }
  }

  private static String token(@Nullable String authorization) {
    Matcher bearer = BEARER.matcher(authorization == null ? "" : authorization.strip());
    if (!bearer.matches()) {
      throw new Rejection(
          401, "send the token of MODELWEIR_PROGRESS_TOKEN_FILE: `Authorization: Bearer TOKEN`");
    }
    return bearer.group(1);
  }
}
