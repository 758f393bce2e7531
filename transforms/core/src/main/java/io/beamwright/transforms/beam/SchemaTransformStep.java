// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.transforms.beam.StepDescription.ConfigField;
import io.beamwright.transforms.beam.StepDescription.Takes;
import io.beamwright.versioning.fault.Fault;
import io.beamwright.versioning.fault.UserFault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.transforms.SchemaTransform;
import org.apache.beam.sdk.schemas.transforms.SchemaTransformProvider;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.Row;

/**
 * A schema transform of Beam as a step: rows in, rows out, its identifier as the name and its
 * configuration schema as the configuration. Its output has no order.
 */
final class SchemaTransformStep implements Step {

  private static final String DEFAULT_INPUT = "input";
  private static final String DEFAULT_OUTPUT = "output";
  private static final String ERROR_HANDLING = "error_handling";
  private static final String ERROR_OUTPUT = "output";
  private static final String ERRORS = "rows that failed";
  private static final int MOST_SHOWN = 400;

  /** Changes whenever a transform can give other rows for the same configuration because of us. */
  private static final String ADAPTER = "+2";

  private final SchemaTransformProvider provider;

  SchemaTransformStep(SchemaTransformProvider provider) {
    this.provider = provider;
  }

  @Override
  public StepDescription description() {
    List<ConfigField> config =
        provider.configurationSchema().getFields().stream()
            .map(SchemaTransformStep::configField)
            .toList();
    return new StepDescription(
        provider.identifier(),
        CodeVersion.of(provider.getClass()) + ADAPTER,
        Takes.ROWS,
        firstSentence(provider.description()),
        config);
  }

  private static ConfigField configField(Schema.Field field) {
    boolean required = !Boolean.TRUE.equals(field.getType().getNullable());
    return new ConfigField(
        field.getName(),
        List.of(JsonToRow.jsonType(field.getType())),
        required,
        firstSentence(field.getDescription()));
  }

  /** Whether a class is of the same package as a transform: its functions, in all likelihood. */
  static boolean isOfTransform(SchemaTransformProvider provider, String className) {
    String name = provider.getClass().getPackageName();
    return !name.isEmpty() && className.startsWith(name + ".");
  }

  private static String firstSentence(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    int end = line.indexOf(". ");
    return end < 0 ? line : line.substring(0, end + 1);
  }

  @Override
  public void check(String label, ObjectNode config) {
    Row unused = row(label, config);
    new YamlRules(label, config).check(provider.identifier());
  }

  private Row row(String label, ObjectNode config) {
    return JsonToRow.of(label).read(config, provider.configurationSchema());
  }

  @Override
  public Dataset expand(StepContext context) {
    Row config = row(context.label(), context.config());
    YamlRules rules = new YamlRules(context.label(), context.config());
    rules.check(provider.identifier());
    PCollectionRowTuple input = input(context);
    rules.check(provider.identifier(), input);
    boolean givesErrors = takesErrorHandling() && config.getValue(ERROR_HANDLING) == null;
    PCollectionRowTuple output;
    try {
      SchemaTransform transform = provider.from(givesErrors ? withErrors(config) : config);
      output = input.apply(context.transform("Transform"), transform);
    } catch (Fault e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      // What Beam throws depends on the transform: it compiles Java, opens jars, checks types.
      throw cannotBeBuilt(context, e);
    }
    if (!givesErrors) {
      return context.dataset(onlyOutput(output.getAll(), context.label()));
    }
    context.report(RowFailures.of(context, output.get(ERRORS)));
    Map<String, PCollection<Row>> tables = new LinkedHashMap<>(output.getAll());
    tables.remove(ERRORS);
    return context.dataset(onlyOutput(tables, context.label()));
  }

  /** Whether the transform can give the rows for which it fails, where it would throw. */
  private boolean takesErrorHandling() {
    Schema config = provider.configurationSchema();
    if (!config.hasField(ERROR_HANDLING)) {
      return false;
    }
    Schema handling = config.getField(ERROR_HANDLING).getType().getRowSchema();
    return handling != null && handling.getFieldNames().equals(List.of(ERROR_OUTPUT));
  }

  private Row withErrors(Row config) {
    Schema handling =
        Objects.requireNonNull(
            provider.configurationSchema().getField(ERROR_HANDLING).getType().getRowSchema());
    return Row.fromRow(config)
        .withFieldValue(ERROR_HANDLING, Row.withSchema(handling).addValue(ERRORS).build())
        .build();
  }

  private static UserFault cannotBeBuilt(StepContext context, Throwable thrown) {
    String why = String.valueOf(thrown.getMessage());
    Throwable cause = thrown.getCause();
    if (cause != null && cause.getMessage() != null && why.contains(cause.getMessage())) {
      why = cause.getMessage();
    }
    String place = placeOf(context.config(), "", why);
    return new UserFault(
        "Step "
            + context.label()
            + " cannot be built: "
            + (place.isEmpty() ? "" : "\"config" + place + "\": ")
            + oneLine(why),
        "Correct its configuration or its input.",
        thrown);
  }

  // javac writes the line of the expression that it cannot compile.
  private static String placeOf(JsonNode config, String at, String message) {
    if (config.isTextual()) {
      return message.contains("return " + config.textValue() + ";") ? at : "";
    }
    if (config.isObject()) {
      for (Map.Entry<String, JsonNode> member : config.properties()) {
        String found = placeOf(member.getValue(), at + "/" + member.getKey(), message);
        if (!found.isEmpty()) {
          return found;
        }
      }
    }
    return "";
  }

  private static String oneLine(String message) {
    String line =
        message
            .replaceAll("\\[?/\\w+\\.java:\\d+: ", "")
            .replaceAll("\\s+location: class __TypeGuesserHelper__", "")
            .replaceAll("\\]\\s*$", "")
            .replaceAll("\\n\\s*\\^\\s*", " ")
            .replaceAll("\\s+", " ")
            .strip();
    String kept = line.length() <= MOST_SHOWN ? line : line.substring(0, MOST_SHOWN) + "…";
    return kept.endsWith(".") || kept.endsWith(";") ? kept : kept + ".";
  }

  private PCollectionRowTuple input(StepContext context) {
    Map<String, Dataset> tables = context.tables();
    List<String> expected = provider.inputCollectionNames();
    if (tables.size() == 1) {
      String tag = expected.size() == 1 ? expected.get(0) : DEFAULT_INPUT;
      return PCollectionRowTuple.of(tag, context.rows(context.table()));
    }
    if (!expected.isEmpty() && !tables.keySet().equals(Set.copyOf(expected))) {
      throw new UserFault(
          "Step "
              + context.label()
              + " reads "
              + String.join(", ", expected)
              + " and is given "
              + String.join(", ", tables.keySet())
              + ".",
          "Give \"input\" as an object: each of those names with what it reads.");
    }
    PCollectionRowTuple input = null;
    for (Map.Entry<String, Dataset> table : tables.entrySet()) {
      PCollection<Row> rows = context.rows(table.getValue());
      input =
          input == null
              ? PCollectionRowTuple.of(table.getKey(), rows)
              : input.and(table.getKey(), rows);
    }
    if (input == null) {
      throw new UserFault("Step " + context.label() + " is given no table.", "Name its \"input\".");
    }
    return input;
  }

  private static PCollection<Row> onlyOutput(Map<String, PCollection<Row>> all, String label) {
    if (all.size() != 1) {
      throw new UserFault(
          "Step "
              + label
              + " gives "
              + (all.isEmpty()
                  ? "no table."
                  : String.join(", ", all.keySet()) + " and not one table."),
          "Configure it to give one table, which is called \"" + DEFAULT_OUTPUT + "\" in Beam.");
    }
    return all.values().iterator().next();
  }
}
