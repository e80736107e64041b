package dev.agentreaper.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The report for a program. */
final class JsonReport {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private JsonReport() {}

    static void write(Path file, Machine machine, boolean small, List<Result> results) throws IOException {
        ObjectNode report = JSON.createObjectNode();
        report.set("machine", JSON.valueToTree(machine));
        report.put("small", small);
        for (Result result : results) {
            ObjectNode measurement = report.withArray("measurements").addObject();
            measurement
                    .put("name", result.measurement().name())
                    .put("what", result.measurement().what());
            measurement.put("rounds", result.measurement().rounds());
            measurement.set("failures", JSON.valueToTree(result.failures()));
            result.rows()
                    .forEach(row -> write(row, measurement.withArray("rows").addObject()));
        }
        JSON.writeValue(file.toFile(), report);
    }

    private static void write(Row row, ObjectNode json) {
        json.put("figure", row.figure().name()).put("unit", row.figure().unit()).put("who", row.who());
        json.set("ratios", JSON.valueToTree(row.ratios()));
        Series series = row.series();
        json.put("median", series.median());
        if (series.hasP99()) {
            json.put("p99", series.p99());
        }
        json.put("least", series.least()).put("most", series.most()).put("samples", series.count());
        row.verdicts()
                .forEach(verdict -> json.withArray("goals")
                        .addObject()
                        .put("goal", verdict.goal().text())
                        .put("met", verdict.met()));
    }
}
