package dev.modelweir.server.http;

import dev.modelweir.server.TestModels;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.Map;

/** The server's configuration in tests: one of the test models, on free ports. */
public abstract class ServedModel implements QuarkusTestProfile {
  private final String model;
  private final Map<String, String> more;

  ServedModel(String model, Map<String, String> more) {
    this.model = model;
    this.more = more;
  }

  @Override
  public Map<String, String> getConfigOverrides() {
    Map<String, String> config = new HashMap<>(more);
    config.put("modelweir.model-name", model);
    config.put("modelweir.model-path", TestModels.folder(model).toString());
    config.put("quarkus.http.test-port", "0");
    config.put("quarkus.management.test-port", "0");
    return config;
  }
}
