package dev.modelweir.crds;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Adds to a generated definition what no annotation of the generator can say, by walking its schema
 * along the Java types it came from. What is special to one field stays an annotation there.
 */
final class Conventions implements CRDPostProcessor {

  /** A field with such a name holds a point in time, RFC 3339. */
  static final Pattern TIME = Pattern.compile("time|[a-z]\\w*(Time|At)");

  private static final Pattern FIXED_WORDS =
      Pattern.compile("\\^\\(([A-Za-z]+(\\|[A-Za-z]+)*)\\)\\$");
  private static final String QUANTITY =
      "^([0-9]+([.][0-9]*)?|[.][0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$";

  private final Class<? extends CustomResource<?, ?>> kind;

  Conventions(Class<? extends CustomResource<?, ?>> kind) {
    this.kind = kind;
  }

  @Override
  public HasMetadata process(HasMetadata resource, String crdVersion) {
    var crd = (CustomResourceDefinition) resource;
    for (var version : crd.getSpec().getVersions()) {
      inDeclaredOrder(version.getAdditionalPrinterColumns());
      root(version.getSchema().getOpenAPIV3Schema());
    }
    return crd;
  }

  /** The generator sorts columns by path; people read them in the order of the class. */
  private void inDeclaredOrder(List<CustomResourceColumnDefinition> columns) {
    var names =
        Arrays.stream(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
            .map(AdditionalPrinterColumn::name)
            .toList();
    columns.sort(Comparator.comparingInt(column -> names.indexOf(column.getName())));
    // The API server drops a priority of 0: written out, it would look like a difference for ever.
    columns.stream().filter(c -> c.getPriority() == 0).forEach(c -> c.setPriority(null));
  }

  private void root(JSONSchemaProps root) {
    root.setRequired(List.of("spec"));
    var types = ((ParameterizedType) kind.getGenericSuperclass()).getActualTypeArguments();
    refine(field(root, "spec"), types[0]);
    refine(field(root, "status"), types[1]);
    unobserved(field(root, "status"));
    // A rule can point only at fields that the schema declares.
    var name = new JSONSchemaPropsBuilder().withType("string").withMaxLength(253L).build();
    var metadata =
        new JSONSchemaPropsBuilder().withType("object").addToProperties("name", name).build();
    root.getProperties().put("metadata", metadata);
  }

  /**
   * A new object says at once that nobody has looked at it. Without a status kstatus, and with it
   * {@code helm --wait} and Flux, would take it for finished before the operator has seen it.
   */
  private static void unobserved(JSONSchemaProps status) {
    status.setDefault(JsonNodeFactory.instance.objectNode().put("observedGeneration", -1));
  }

  private static JSONSchemaProps field(JSONSchemaProps schema, String name) {
    return requireNonNull(schema.getProperties().get(name), () -> "no schema for " + name);
  }

  private static void refine(JSONSchemaProps schema, Type type) {
    switch (type) {
      case ParameterizedType list when list.getRawType() == List.class -> {
        var items = schema.getItems().getSchema();
        refine(items, list.getActualTypeArguments()[0]);
        listType(schema, items);
      }
      case ParameterizedType map when schema.getXKubernetesPreserveUnknownFields() == null -> {
        refine(schema.getAdditionalProperties().getSchema(), map.getActualTypeArguments()[1]);
      }
      // Any content is kept, so a schema for the values would only contradict.
      case ParameterizedType preserved -> schema.setAdditionalProperties(null);
      case Class<?> record when record.isRecord() -> record(schema, record);
      case Class<?> number when number == Integer.class -> schema.setFormat("int32");
      case Class<?> number when number == Long.class -> schema.setFormat("int64");
      case Class<?> quantity when quantity == Quantity.class -> {
        schema.setPattern(QUANTITY);
        schema.setMaxLength(32L);
      }
      default -> fixedWords(schema);
    }
  }

  /** Fields in the order of the record, which is that of the thought; times marked as such. */
  private static void record(JSONSchemaProps schema, Class<?> record) {
    var ordered = new LinkedHashMap<String, JSONSchemaProps>();
    for (var component : record.getRecordComponents()) {
      var field = field(schema, component.getName());
      refine(field, component.getGenericType());
      if (component.getType() == String.class && TIME.matcher(component.getName()).matches()) {
        field.setFormat("date-time");
      }
      ordered.put(component.getName(), field);
    }
    schema.setProperties(ordered);
  }

  /**
   * Two appliers keep each other's entries where entries have a key, and replace whole lists else.
   */
  private static void listType(JSONSchemaProps list, JSONSchemaProps items) {
    var key = Stream.of("name", "type").filter(items.getRequired()::contains).findFirst();
    list.setXKubernetesListType(key.isPresent() ? "map" : "atomic");
    list.setXKubernetesListMapKeys(key.map(List::of).orElse(null));
  }

  /** A pattern of plain words reads better as an enum: the error then lists the words. */
  private static void fixedWords(JSONSchemaProps schema) {
    var pattern = schema.getPattern();
    var words = pattern == null ? null : FIXED_WORDS.matcher(pattern);
    if (words != null && words.matches()) {
      schema.setPattern(null);
      schema.setEnum(List.copyOf(words(words.group(1))));
    }
  }

  private static List<TextNode> words(String alternatives) {
    return Stream.of(alternatives.split("\\|")).map(TextNode::valueOf).toList();
  }
}
