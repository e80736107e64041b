package dev.agentreaper.log;

import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.JsonFormatter;

/** The framework's JSON, and in it the {@link Facts} of the line, which it has no place for but texts in its {@code mdc}. */
public final class JsonLog extends ExtFormatter {
    private final JsonFormatter framework;

    private JsonLog(JsonFormatter framework) {
        this.framework = framework;
    }

    /** Has the log's JSON, where it is that, tell facts too. */
    public static void addFacts() {
        LogFormat.change(formatter -> formatter instanceof JsonFormatter json ? new JsonLog(json) : formatter);
    }

    @Override
    public String format(ExtLogRecord record) {
        String line = framework.format(record);
        Object[] parameters = record.getParameters();
        if (parameters != null) {
            for (Object parameter : parameters) {
                if (parameter instanceof Facts facts) {
                    int end = line.lastIndexOf('}');
                    return line.substring(0, end) + "," + facts.members() + line.substring(end);
                }
            }
        }
        return line;
    }

    @Override
    public boolean isCallerCalculationRequired() {
        return framework.isCallerCalculationRequired();
    }
}
