package dev.modelweir.server;

import java.util.List;

/** What this server has beyond the protocol's core, in Triton's names; told by REST and gRPC. */
public final class Extensions {
  public static final List<String> ALL =
      List.of(
          "binary_tensor_data",
          "classification",
          "logging",
          "model_configuration",
          "model_repository",
          "model_repository(unload_dependents)",
          "schedule_policy",
          "statistics",
          "trace");

  private Extensions() {}
}
