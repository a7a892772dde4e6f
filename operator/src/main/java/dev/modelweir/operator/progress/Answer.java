package dev.modelweir.operator.progress;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a pod is told.
 *
 * @param status of HTTP
 * @param body JSON
 */
record Answer(int status, String body) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The report is taken. Kubeflow's clients want exactly 200.
   *
   * @param leftOut metrics that are not kept, each with the reason
   */
  static Answer taken(List<String> leftOut) {
    ObjectNode body = JSON.createObjectNode();
    if (!leftOut.isEmpty()) {
      body.set("leftOut", JSON.valueToTree(leftOut));
    }
    return new Answer(200, body.toString());
  }

  static Answer refused(int status, String error) {
    return new Answer(status, JSON.createObjectNode().put("error", error).toString());
  }

  static Answer of(Rejection rejection) {
    return refused(rejection.status(), String.valueOf(rejection.getMessage()));
  }
}
