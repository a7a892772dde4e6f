package dev.modelweir.crds;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.math.BigDecimal;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;

/** YAML as it is committed: written for people, and the same bytes for the same definition. */
final class CrdYaml {

  private static final String HEADER =
      """
      # Generated from the records in crds/src/main/java; change those, then run
      #   %s
      """
          .formatted(GeneratedFilesTest.UPDATE);

  static String write(JsonNode crd) {
    var options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setWidth(110);
    var plain = new ObjectMapper().convertValue(crd, Map.class);
    return HEADER + new Yaml(new WholeNumbers(options), options).dump(plain);
  }

  static JsonNode read(String yaml) {
    try {
      return new YAMLMapper().readTree(yaml);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not YAML: " + e.getMessage(), e);
    }
  }

  /** The model of the schema holds limits as floating point; {@code 100.0} is written as 100. */
  private static final class WholeNumbers extends Representer {
    WholeNumbers(DumperOptions options) {
      super(options);
      representers.put(
          Double.class,
          number -> {
            var exact = BigDecimal.valueOf((Double) number).stripTrailingZeros();
            var whole = exact.scale() <= 0;
            return representScalar(whole ? Tag.INT : Tag.FLOAT, exact.toPlainString());
          });
    }
  }

  private CrdYaml() {}
}
